#include <algorithm>
#include <filesystem>
#include <map>

#include <doctest/doctest.h>

#include "support/pipeline_world.hpp"

namespace samebits::test {
namespace {

/// What a re-run must give again, whatever its outcomes and times. Source: INTERFACES, section 4.
void check_same(const Receipt& first, const Receipt& again) {
  CHECK(first.changed);
  CHECK(!again.changed);
  CHECK(again.operation == first.operation);
  CHECK(again.promotion_id == first.promotion_id);
  CHECK(again.changes == first.changes);
  CHECK(again.policy == first.policy);
  REQUIRE(again.images.size() == first.images.size());
  for (std::size_t i = 0; i < first.images.size(); ++i) {
    CHECK(again.images[i].service == first.images[i].service);
    CHECK(again.images[i].snapshot == first.images[i].snapshot);
    CHECK(again.images[i].tag == first.images[i].tag);
    CHECK(again.images[i].digest == first.images[i].digest);
    CHECK(again.images[i].commit == first.images[i].commit);
  }
  REQUIRE(again.gates.size() == first.gates.size());
  for (std::size_t i = 0; i < first.gates.size(); ++i) {
    CHECK(again.gates[i].name == first.gates[i].name);
    CHECK(again.gates[i].verdict == first.gates[i].verdict);
    REQUIRE(again.gates[i].evidence.size() == first.gates[i].evidence.size());
    for (std::size_t k = 0; k < first.gates[i].evidence.size(); ++k)
      CHECK(again.gates[i].evidence[k].id == first.gates[i].evidence[k].id);
  }
  REQUIRE(again.gitops.has_value() == first.gitops.has_value());
  if (first.gitops) {
    CHECK(again.gitops->commit == first.gitops->commit);
    CHECK(again.gitops->parent == first.gitops->parent);
  }
  for (const StepResult& step : again.steps) CHECK(step.outcome != StepOutcome::done);
}

/// Runs it twice; the second run changes nothing and gives the same receipt.
template <class Request>
Receipt twice(const PipelineWorld& world, Result<Receipt> (Promoter::*operation)(const Request&),
              const Request& request) {
  Receipt first = must((world.client().promoter().*operation)(request));
  const std::string before = world.fingerprint();
  check_same(first, must((world.client().promoter().*operation)(request)));
  CHECK(world.fingerprint() == before);
  return first;
}

}  // namespace

TEST_CASE("a preview goes up, moves and goes, and each re-run changes nothing") {
  PipelineWorld world;
  const CommitId head = world.push_branch("feature");
  const CommitId next = world.push_branch("feature", head);
  world.build("pr-42-" + head.str(), "one");
  world.build("pr-42-" + next.str(), "two");
  twice(world, &Promoter::preview_up, PreviewUpRequest{.pr = 42, .sha = head.str()});
  CHECK(world.file("values/pr/api/pr-42.yaml").find("ENV_NAME: \"pr-42\"") != std::string::npos);
  const Receipt moved = twice(world, &Promoter::preview_up, PreviewUpRequest{.pr = 42, .sha = next.str()});
  REQUIRE(moved.changes.size() == 1);
  CHECK(moved.changes.front().before == "pr-42-" + head.str());
  CHECK(must(world.client()->preview_list()).environments.size() == 1);
  CHECK(code_of(world.client()->preview_up({.pr = 42, .sha = head.str()})) == "would_move_backwards");
  twice(world, &Promoter::preview_down, PreviewDownRequest{.pr = 42});
  CHECK(must(world.client()->preview_list()).environments.empty());
  CHECK(world.gitops().git("ls-tree -r --name-only main").find("pr-42") == std::string::npos);
  CHECK(world.fsck().empty());
}

TEST_CASE("a preview whose file was broken by hand goes all the same") {
  PipelineWorld world;
  const CommitId head = world.push_branch("feature");
  world.build("pr-42-" + head.str(), "one");
  must(world.client()->preview_up({.pr = 42, .sha = head.str()}));
  world.write_by_hand("values/pr/api/pr-42.yaml", "image: [\n");
  CHECK(code_of(world.client()->preview_up({.pr = 42, .sha = head.str()})) == "invalid_yaml");
  const Receipt gone = must(world.client()->preview_down({.pr = 42}));
  CHECK(gone.changed);
  REQUIRE(gone.warnings.size() == 1);
  CHECK(gone.warnings.front().starts_with("values/pr/api/pr-42.yaml: "));
  CHECK(world.gitops().git("ls-tree -r --name-only main").find("pr-42") == std::string::npos);
  CHECK_FALSE(must(world.client()->preview_down({.pr = 42})).changed);
}

TEST_CASE("a snapshot is promoted, judged, released, replaced and rolled back, and each re-run changes nothing") {
  PipelineWorld world;
  const CommitId first = world.merge_and_build();
  twice(world, &Promoter::promote, PromoteRequest{.environment = "preprod", .sha = first.str()});
  CHECK(code_of(world.client()->release({.version = "1.0.0"})) == "gate_missing");
  const GatePostRequest failed{.gate = "preprod-tests", .sha = first.str(), .conclusion = "failure"};
  twice(world, &Promoter::gate_post, failed);
  CHECK(code_of(world.client()->release({.version = "1.0.0"})) == "gate_failed");
  const GatePostRequest passed{.gate = "preprod-tests", .sha = first.str(), .conclusion = "success"};
  twice(world, &Promoter::gate_post, passed);
  const Receipt released = twice(world, &Promoter::release, ReleaseRequest{.version = "1.0.0"});
  CHECK(released.changes.size() == 2);
  CHECK(world.tag_in("prod") == "v1.0.0");
  CHECK(world.tag_in("dev") == "v1.0.0");
  CHECK(world.source().git("rev-parse 'v1.0.0^{commit}'") == first.str());
  Context context;
  const auto images = open_image_layout(world.layout().string());
  CHECK(must(images->resolve(context, "v1.0.0")) == must(images->resolve(context, PipelineWorld::snapshot(first))));

  world.make_releasable();
  twice(world, &Promoter::release, ReleaseRequest{.version = "v1.1.0"});
  twice(world, &Promoter::rollback, RollbackRequest{.target = "production", .to = "v1.0.0"});
  CHECK(world.tag_in("prod") == "v1.0.0");
  CHECK(code_of(world.client()->release({.version = "1.1.0"})) == "superseded");
  CHECK(world.fsck().empty());
}

TEST_CASE("status, history and trace say what the promotions left") {
  PipelineWorld world;
  const CommitId first = world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.make_releasable();
  const Receipt second = must(world.client()->release({.version = "1.1.0"}));
  must(world.client()->rollback({.target = "production", .to = "v1.0.0"}));

  const Status status = must(world.client()->status());
  CHECK(status.drift.empty());
  CHECK(status.unfinished.empty());
  CHECK(status.environments.size() == 3);
  for (const EnvironmentState& state : status.environments) {
    CHECK(state.recorded);
    CHECK(state.gitops);
    if (state.name == "prod") CHECK(state.commit == first);
  }
  const History history = must(world.client()->history({.environment = "prod"}));
  REQUIRE(history.entries.size() == 3);
  CHECK(history.entries[0].operation == "rollback");
  CHECK(history.entries[1].tag == "v1.1.0");
  CHECK(history.entries[1].promotion_id == second.promotion_id);
  CHECK(history.entries[2].tag == "v1.0.0");
  const Trace trace = must(world.client()->trace({.ref = "v1.0.0"}));
  REQUIRE(trace.images.size() == 1);
  CHECK(trace.images.front().tags == std::vector<std::string>{PipelineWorld::snapshot(first), "v1.0.0"});
  CHECK(trace.images.front().commit == first);
  for (const GateVerdict& gate : trace.gates) CHECK(gate.verdict == Verdict::passed);
}

TEST_CASE("the gates of a trace say whose image they are about") {
  PipelineWorld world({.services = {"api", "web"}});
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str(), .services = {"api", "web"}}));
  world.pass_gate(commit, "web");
  const Trace trace = must(world.client()->trace({.ref = commit.str()}));
  std::map<std::string, Verdict> posted;
  for (const GateVerdict& gate : trace.gates)
    if (gate.name == "preprod-tests") posted.emplace(gate.service, gate.verdict);
  CHECK(posted == std::map<std::string, Verdict>{{"api", Verdict::missing}, {"web", Verdict::passed}});
}

TEST_CASE("what the registry has forgotten is traced by the records") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  const Digest digest = must(world.client()->release({.version = "1.0.0"})).images.front().digest;
  std::filesystem::rename(world.layout(), world.root() / "cleaned");
  (void)world.build("main-" + std::string(40, '0'), "another");
  for (const std::string& query : {std::string("v1.0.0"), std::string("1.0.0"), commit.str()}) {
    CAPTURE(query);
    const Trace trace = must(world.client()->trace({.ref = query}));
    REQUIRE(trace.images.size() == 1);
    CHECK(trace.images.front().digest == digest);
    CHECK(trace.images.front().commit == commit);
    CHECK(trace.images.front().tags.empty());
    CHECK(trace.environments.size() == 3);
  }
  CHECK(code_of(world.client()->trace({.ref = "v1.1.0"})) == "image_missing");
}

}  // namespace samebits::test
