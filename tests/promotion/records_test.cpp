#include <set>

#include <doctest/doctest.h>

#include "support/pipeline_world.hpp"

namespace samebits::test {
namespace {

std::string with_tag(const PipelineWorld& world, std::string_view file, std::string_view tag) {
  std::string bytes = world.file(file) + "\n";
  const auto at = bytes.find("tag: ");
  return bytes.replace(at, bytes.find('\n', at) - at, "tag: \"" + std::string(tag) + "\"");
}

}  // namespace

TEST_CASE("a value that was edited by hand is shown as unrecorded and is evidence of nothing") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.build("v0.9.0", "by hand");
  const std::string file = "values/prod/api.yaml";
  world.write_by_hand(file, with_tag(world, file, "v0.9.0"));
  const Status status = must(world.client()->status());
  for (const EnvironmentState& state : status.environments)
    if (state.name == "prod") {
      CHECK(!state.recorded);
      CHECK(!state.digest);
    }
  CHECK(status.drift.size() == 2);
  const History history = must(world.client()->history({.environment = "prod"}));
  REQUIRE(history.entries.size() == 2);
  CHECK(!history.entries[0].recorded);
  CHECK(history.entries[0].tag == "v0.9.0");
}

TEST_CASE("what cannot be read of one environment is drift, and the others are shown") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  const std::string record = ".samebits/prod/api.json";
  const std::string values = "values/prod/api.yaml";
  for (const auto& [file, bytes, message] :
       {std::tuple(record, std::string("{"), "prod/api cannot be read: .samebits/prod/api.json"),
        std::tuple(values, std::string("image:\n  tag: \"v1\n"), "prod/api cannot be read: values/prod/api.yaml:2")}) {
    CAPTURE(file);
    const std::string before = world.file(file) + "\n";
    world.write_by_hand(file, bytes);
    const Status status = must(world.client()->status());
    REQUIRE(status.drift.size() == 2);
    CAPTURE(status.drift[0]);
    CHECK(status.drift[0].starts_with(message));
    CHECK(status.drift[1].find("runs nothing known") != std::string::npos);
    CHECK(status.unfinished.empty());
    REQUIRE(status.environments.size() == 3);
    for (const EnvironmentState& state : status.environments) CHECK(state.tag.empty() == (state.name == "prod"));
    CHECK(!world.client()->history({.environment = "prod"}));
    world.write_by_hand(file, before);
    CHECK(must(world.client()->status()).drift.empty());
  }
}

TEST_CASE("squashing the history of the GitOps branch keeps the records") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.make_releasable();
  const Receipt before = must(world.client()->release({.version = "1.1.0"}));
  world.gitops().git("update-ref refs/heads/main " + world.gitops().git("commit-tree -m Squashed 'main^{tree}'"));
  const Receipt after = must(world.client()->release({.version = "1.1.0"}));
  CHECK(!after.changed);
  CHECK(after.promotion_id == before.promotion_id);
  CHECK(after.changes == before.changes);
  CHECK(must(world.client()->history({.environment = "prod"})).entries.size() == 2);
  CHECK(must(world.client()->status()).drift.empty());
  must(world.client()->rollback({.target = "production", .to = "v1.0.0"}));
}

TEST_CASE("the first release can be rolled back to the hand-written beginning") {
  PipelineWorld world;
  const Digest old = world.build("v0.9.0", "before samebits");
  for (const char* file : {"values/prod/api.yaml", "values/dev/api.yaml"})
    world.write_by_hand(file, with_tag(world, file, "v0.9.0"));
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  const Receipt back = must(world.client()->rollback({.target = "production", .to = "v0.9.0"}));
  CHECK(back.images.front().digest == old);
  CHECK(world.tag_in("dev") == "v0.9.0");
}

TEST_CASE("a first value of the right track is promoted over and noted as replaced") {
  PipelineWorld world;
  const CommitId old = world.merge_and_build();
  const CommitId next = world.merge_and_build();
  const std::string file = "values/preprod/api.yaml";
  world.write_by_hand(file, with_tag(world, file, PipelineWorld::snapshot(old)));
  const Receipt receipt = must(world.client()->promote({.environment = "preprod", .sha = next.str()}));
  CHECK(receipt.changes.front().before == PipelineWorld::snapshot(old));
  const std::string record = world.file(".samebits/preprod/api.json");
  CHECK(record.find("\"previous\": null") != std::string::npos);
  CHECK(record.find("\"replaced\": {\"tag\":\"" + PipelineWorld::snapshot(old)) != std::string::npos);
}

TEST_CASE("a value that equals the target and has no record is done with a warning, and --adopt records it") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  const std::string file = "values/preprod/api.yaml";
  world.write_by_hand(file, with_tag(world, file, PipelineWorld::snapshot(commit)));
  const Receipt done = must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  CHECK(!done.changed);
  CHECK(done.warnings.size() == 1);
  CHECK(!must(world.client()->status()).environments.front().recorded);
  const Receipt adopted = must(world.client()->promote({.environment = "preprod", .sha = commit.str(), .adopt = true}));
  CHECK(adopted.changed);
  CHECK(adopted.warnings.empty());
  CHECK(must(world.client()->gate_show({.sha = commit.str(), .gate = "ran-in-preprod"})).gates.front().verdict ==
        Verdict::passed);
}

TEST_CASE("the gate deployed-in asks for these bits in that environment") {
  PipelineWorld world;
  const CommitId first = world.merge_and_build();
  const CommitId second = world.merge_and_build();
  const auto verdict = [&](const CommitId& commit) {
    return must(world.client()->gate_show({.sha = commit.str(), .gate = "ran-in-preprod"})).gates.front().verdict;
  };
  CHECK(verdict(first) == Verdict::missing);
  must(world.client()->promote({.environment = "preprod", .sha = first.str()}));
  must(world.client()->promote({.environment = "preprod", .sha = second.str()}));
  CHECK(verdict(first) == Verdict::passed);
  CHECK(verdict(second) == Verdict::passed);
  world.build(PipelineWorld::snapshot(first), "other bits");
  CHECK(verdict(first) == Verdict::missing);
}

TEST_CASE("going back and forth is a promotion of its own each time") {
  PipelineWorld world;
  const CommitId first = world.merge_and_build();
  const CommitId second = world.merge_and_build();
  const auto promote = [&](const CommitId& commit) {
    return must(world.client()->promote({.environment = "preprod", .sha = commit.str()})).promotion_id;
  };
  const std::string there = promote(first);
  const std::string forward = promote(second);
  must(world.client()->rollback({.target = "preprod", .to = PipelineWorld::snapshot(first)}));
  const std::string again = promote(second);
  CHECK(there != forward);
  CHECK(forward != again);
  const History history = must(world.client()->history({.environment = "preprod"}));
  REQUIRE(history.entries.size() == 4);
  CHECK(history.entries[0].promotion_id == again);
  CHECK(history.entries[3].promotion_id == there);
}

TEST_CASE("what was left and come back to is told as it was done, whoever went back") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  const PromoteRequest promotion{.environment = "preprod", .sha = commit.str()};
  const ReleaseRequest version{.version = "1.0.0"};
  const Receipt promoted = must(world.client()->promote(promotion));
  const Receipt released = must(world.client()->release(version));
  const std::string plan = to_json(must(world.client()->plan(version)));
  world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  must(world.client()->rollback({.target = "production", .to = "v1.0.0"}));
  must(world.client()->rollback({.target = "preprod", .to = PipelineWorld::snapshot(commit)}));
  const auto evidence = [](const Receipt& receipt) {
    std::vector<std::string> ids;
    for (const GateVerdict& gate : receipt.gates)
      for (const EvidenceItem& item : gate.evidence) ids.push_back(gate.name + " " + item.id);
    return ids;
  };
  REQUIRE(evidence(released).size() == 2);
  const auto same = [&](const Receipt& again, const Receipt& first) {
    CHECK_FALSE(again.changed);
    CHECK(again.promotion_id == first.promotion_id);
    CHECK(again.changes == first.changes);
    CHECK(evidence(again) == evidence(first));
    CHECK(again.gitops->commit == first.gitops->commit);
    CHECK(again.gitops->parent == first.gitops->parent);
  };
  same(must(world.client()->promote(promotion)), promoted);
  same(must(world.client()->release(version)), released);
  same(must(world.client()->apply({.plan = plan})), released);
}

TEST_CASE("a re-run over several services is told as the promotion that came last") {
  PipelineWorld world({.services = {"api", "web"}});
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str(), .services = {"api"}}));
  const PromoteRequest both{.environment = "preprod", .sha = commit.str(), .services = {"api", "web"}};
  const Receipt first = must(world.client()->promote(both));
  REQUIRE(first.changes.size() == 1);
  const Receipt again = must(world.client()->promote(both));
  CHECK(again.promotion_id == first.promotion_id);
  CHECK(again.changes == first.changes);
  CHECK(again.gitops->commit == first.gitops->commit);
}

TEST_CASE("a history names the commit of each entry") {
  PipelineWorld world;
  std::vector<CommitId> made;
  for (int i = 0; i < 3; ++i) {
    must(world.client()->promote({.environment = "preprod", .sha = world.merge_and_build().str()}));
    made.insert(made.begin(), world.tip());
    world.write_by_hand("notes", std::to_string(i));
  }
  const History history = must(world.client()->history({.environment = "preprod"}));
  REQUIRE(history.entries.size() == made.size());
  for (std::size_t i = 0; i < made.size(); ++i) CHECK(history.entries[i].gitops == made[i]);
}

TEST_CASE("a title of many lines leaves the trailers what they are") {
  PipelineWorld world;
  must(world.client()->promote({.environment = "preprod", .sha = world.merge_and_build().str()}));
  ClientOptions options = world.options();
  options.promoter.message = "Mine\n\nPromotion-Id: " + std::string(64, '0');
  must(Client(options)->promote({.environment = "preprod", .sha = world.merge_and_build().str()}));
  const CommitId made = world.tip();
  must(world.client()->promote({.environment = "preprod", .sha = world.merge_and_build().str()}));
  CHECK(must(world.client()->history({.environment = "preprod"})).entries.at(1).gitops == made);
}

TEST_CASE("of a values file with several documents the one that has the tag is promoted") {
  PipelineWorld world;
  world.write_by_hand("values/preprod/api.yaml", "kind: Notes\n---\nimage:\n  tag: \"\"\n");
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  CHECK(world.file("values/preprod/api.yaml") ==
        "kind: Notes\n---\nimage:\n  tag: \"" + PipelineWorld::snapshot(commit) + "\"");
}

TEST_CASE("a question about one service is answered for it alone") {
  PipelineWorld world({.services = {"api", "web"}});
  const CommitId commit = world.merge_and_build();
  for (const char* service : {"api", "web"}) {
    world.build("pr-42-" + commit.str(), service, service);
    must(world.client()->preview_up({.pr = 42, .sha = commit.str(), .service = service}));
  }
  const auto services = [](const std::vector<EnvironmentState>& states) {
    std::set<std::string> names;
    for (const EnvironmentState& state : states) names.insert(state.service);
    return names;
  };
  Client client = world.client();
  CHECK(services(must(client->status()).environments) == std::set<std::string>{"api", "web"});
  CHECK(services(must(client->status({.service = "web"})).environments) == std::set<std::string>{"web"});
  CHECK(services(must(client->preview_list({.service = "web"})).environments) == std::set<std::string>{"web"});
  world.write_by_hand("values/prod/api.yaml", std::nullopt);
  CHECK(must(client->check()).findings.size() == 1);
  CHECK(must(client->check({.service = "web"})).findings.empty());
  CHECK(code_of(client->check({.service = "none"})) == "bad_request");
  CHECK(code_of(client->doctor({.service = "none"})) == "bad_request");
  CHECK(code_of(client->status({.service = "none"})) == "bad_request");
  CHECK(code_of(client->preview_list({.service = "none"})) == "bad_request");
}

TEST_CASE("closed previews are looked for among all services where none is named") {
  PipelineWorld world({.services = {"api", "web"}});
  const CommitId commit = world.merge_and_build();
  CHECK_FALSE(must(world.client()->preview_prune({})).changed);
  world.build("pr-42-" + commit.str(), "web", "web");
  must(world.client()->preview_up({.pr = 42, .sha = commit.str(), .service = "web"}));
  CHECK_FALSE(must(world.client()->preview_prune({.service = "api"})).changed);
  CHECK(code_of(world.client()->preview_prune({})) == "unsupported");
}

TEST_CASE("the same bits under another tag are a promotion of their own") {
  PipelineWorld world;
  const CommitId first = world.merge();
  const CommitId second = world.merge();
  const Digest digest = world.build(PipelineWorld::snapshot(first), "the same");
  REQUIRE(world.build(PipelineWorld::snapshot(second), "the same") == digest);
  must(world.client()->promote({.environment = "preprod", .sha = first.str()}));
  const Receipt receipt = must(world.client()->promote({.environment = "preprod", .sha = second.str()}));
  CHECK(receipt.changed);
  CHECK(receipt.images.front().digest == digest);
  CHECK(must(world.client()->history({.environment = "preprod"})).entries.size() == 2);
}

TEST_CASE("a version is written bare and survives a rollback") {
  PipelineWorld world({.more = "writes:\n- {path: image.tag, value: \"{tag}\"}\n"
                               "- {path: app.version, value: \"{version}\", when: present}\n"});
  for (const char* file : {"values/prod/api.yaml", "values/dev/api.yaml"})
    world.write_by_hand(file, world.file(file) + "\napp:\n  version: \"\"\n");
  world.make_releasable();
  const Receipt first = must(world.client()->release({.version = "1.0.0"}));
  CHECK(world.file("values/prod/api.yaml").find("version: \"1.0.0\"") != std::string::npos);
  CHECK(must(world.client()->release({.version = "1.0.0"})).changes == first.changes);
  world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  must(world.client()->rollback({.target = "production", .to = "v1.0.0"}));
  CHECK(world.file("values/prod/api.yaml").find("version: \"1.0.0\"") != std::string::npos);
}

TEST_CASE("several services land in one commit, or none does") {
  PipelineWorld world({.services = {"api", "web"}});
  const CommitId commit = world.merge_and_build();
  const CommitId half = world.merge();
  world.build(PipelineWorld::snapshot(half), "api alone", "api");
  CHECK_REFUSED(world,
                world.client()->promote({.environment = "preprod", .sha = half.str(), .services = {"api", "web"}}),
                "image_missing");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = commit.str()}), "bad_request");
  const CommitId before = world.tip();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str(), .services = {"api", "web"}}));
  CHECK(world.gitops().git("rev-parse main~1") == before.str());
  CHECK(world.tag_in("preprod", "web") == PipelineWorld::snapshot(commit));
  CHECK(world.gitops().git("log -1 --format=%s main") ==
        "Promote api and web main-" + commit.str().substr(0, 7) + " to preprod");
}

TEST_CASE("a plan is carried out once, and its second run is told as done") {
  PipelineWorld world;
  world.make_releasable();
  const std::string before = world.fingerprint();
  const Plan plan = must(world.client()->plan(ReleaseRequest{.version = "1.0.0"}));
  CHECK(world.fingerprint() == before);
  const Receipt done = must(world.client()->apply({.plan = to_json(plan)}));
  CHECK(done.promotion_id == plan.promotion_id);
  const Receipt again = must(world.client()->apply({.plan = to_json(plan)}));
  CHECK(!again.changed);
  CHECK(again.promotion_id == plan.promotion_id);
}

TEST_CASE("the plan of a removal that was carried out is told as done") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  world.build("pr-42-" + commit.str(), "preview");
  must(world.client()->preview_up({.pr = 42, .sha = commit.str()}));
  const std::string plan = to_json(must(world.client()->plan(PreviewDownRequest{.pr = 42})));
  const Receipt done = must(world.client()->apply({.plan = plan}));
  const Receipt again = must(world.client()->apply({.plan = plan}));
  CHECK_FALSE(again.changed);
  CHECK(again.promotion_id == done.promotion_id);
}

TEST_CASE("a plan that shows other things than it would do is refused") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  const std::string plan = to_json(must(world.client()->plan(ReleaseRequest{.version = "1.0.0"})));
  const auto with = [&plan](std::string_view before, std::string_view after) {
    std::string forged = plan;
    const auto at = forged.find(before);
    REQUIRE(at != std::string::npos);
    return forged.replace(at, before.size(), after);
  };
  for (const std::string& forged :
       {with("+  tag: \\\"v1.0.0\\\"", "+  tag: \\\"v0.9.9\\\""), with("\"branch\":\"main\"", "\"branch\":\"other\""),
        with("\"basis\":{\"source\":{\"commit\":\"" + commit.str(),
             "\"basis\":{\"source\":{\"commit\":\"" + world.tip().str())})
    CHECK_REFUSED(world, world.client()->apply({.plan = forged}), "plan_outdated");
  ClientOptions options = world.options();
  options.promoter.author = must(Person::parse("Bob <bob@example.com>"));
  must(Client(options)->apply({.plan = plan}));
}

TEST_CASE("a plan is outdated where anything that it rests on changed") {
  PipelineWorld base;
  const CommitId commit = base.make_releasable();
  const std::string plan = to_json(must(base.client()->plan(ReleaseRequest{.version = "1.0.0"})));
  PipelineWorld world(base);
  SUBCASE("a values file") {
    world.write_by_hand("values/prod/api.yaml", world.file("values/prod/api.yaml") + "\n#\n");
  }
  SUBCASE("the policy") { world.write_by_hand("samebits.yaml", world.file("samebits.yaml") + "\n#\n"); }
  SUBCASE("the evidence") {
    must(world.client()->gate_post(
        {.gate = "preprod-tests", .sha = commit.str(), .conclusion = "success", .summary = "again"}));
  }
  SUBCASE("an image") { world.build("v1.0.0", world.root().string()); }
  SUBCASE("a Git tag") { world.source().git("tag v1.0.0 main"); }
  SUBCASE("the commit that is released") { world.make_releasable(); }
  const std::string before = world.fingerprint();
  const auto refused = world.client()->apply({.plan = plan});
  CHECK((code_of(refused) == "plan_outdated" || code_of(refused) == "tag_exists"));
  CHECK(world.fingerprint() == before);
}

TEST_CASE("a plan still holds where only something else changed") {
  PipelineWorld world;
  world.make_releasable();
  const std::string plan = to_json(must(world.client()->plan(ReleaseRequest{.version = "1.0.0"})));
  world.write_by_hand("notes", "mine\n");
  must(world.client()->apply({.plan = plan}));
  CHECK(world.tag_in("prod") == "v1.0.0");
}

}  // namespace samebits::test
