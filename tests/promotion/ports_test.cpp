#include <map>

#include <doctest/doctest.h>

#include "support/watched_ports.hpp"

namespace samebits::test {
namespace {

bool is_write(std::string_view call) {
  return call == "gitops.commit" || call == "source.create_tag" || call == "registry.create_tag" ||
         call == "evidence.post";
}

/// Counts the calls, and does something before the one of that number.
Watch at_call(int wanted, std::function<void(Context&)> act) {
  Watch watch;
  watch.before = [wanted, act = std::move(act), seen = 0](Context& context, std::string_view) mutable -> Result<void> {
    if (++seen == wanted) act(context);
    return context.check();
  };
  return watch;
}

/// Before the n-th call of that name.
Watch before_call(std::string name, int wanted, std::function<void()> act) {
  Watch watch;
  watch.before = [name = std::move(name), wanted, act = std::move(act), seen = 0](
                     Context&, std::string_view call) mutable -> Result<void> {
    if (call == name && ++seen == wanted) act();
    return {};
  };
  return watch;
}

/// Stops a release at each of its port calls in turn, then runs it again undisturbed.
template <class Stop>
void stop_at_every_call(const std::string& code, Stop stop) {
  PipelineWorld base;
  base.make_releasable();
  const PipelineWorld undisturbed(base);
  must(undisturbed.client()->release({.version = "1.0.0"}));
  const std::string wanted = undisturbed.outcome();
  for (int at = 1;; ++at) {
    CAPTURE(at);
    PipelineWorld world(base);
    CancelToken token;
    WatchedPromoter promoter(world, at_call(at, [&](Context& context) { stop(context, token); }), &token);
    const auto stopped = promoter->release({.version = "1.0.0"});
    if (!stopped) {
      CHECK(code_of(stopped) == code);
      CHECK(world.fsck().empty());
      must(world.client()->release({.version = "1.0.0"}));
    }
    REQUIRE(world.outcome() == wanted);
    if (stopped) return;
  }
}

}  // namespace

TEST_CASE("a release that is cancelled at any port call says so, and the next run completes it") {
  stop_at_every_call("cancelled", [](Context&, CancelToken& token) { token.fire(); });
}

TEST_CASE("a release that runs out of time at any port call says so, and the next run completes it") {
  stop_at_every_call("timed_out", [](Context& context, CancelToken&) {
    context.deadline = Context::Clock::now() - std::chrono::seconds(1);
  });
}

TEST_CASE("a release whose every answer to a write is lost once is done once") {
  PipelineWorld base;
  base.make_releasable();
  const PipelineWorld undisturbed(base);
  const Receipt wanted = must(undisturbed.client()->release({.version = "1.0.0"}));
  PipelineWorld world(base);
  std::map<std::string, int, std::less<>> writes;
  Watch watch;
  watch.after = [&](Context&, std::string_view call) -> Result<void> {
    if (!is_write(call) || ++writes[std::string(call)] > 1) return {};
    return Error{.code = ErrorCode::outcome_unknown, .message = "the answer was lost", .outcome_unknown = true};
  };
  const Receipt receipt = must(WatchedPromoter(world, watch)->release({.version = "1.0.0"}));
  CHECK(writes.size() == 3);
  CHECK(world.outcome() == undisturbed.outcome());
  CHECK(receipt.changed);
  CHECK(receipt.promotion_id == wanted.promotion_id);
  CHECK(receipt.changes == wanted.changes);
  CHECK(receipt.gitops->commit == world.tip());
}

TEST_CASE("a release whose commit loses every race gives up with what was lost") {
  PipelineWorld world;
  world.make_releasable();
  Watch watch;
  watch.before = [](Context&, std::string_view call) -> Result<void> {
    if (call == "gitops.commit") return Error{.code = ErrorCode::lost_race, .message = "someone else was faster"};
    return {};
  };
  CHECK(code_of(WatchedPromoter(world, watch)->release({.version = "1.0.0"})) == "lost_race");
  // The version is ours, and the next run ends it.
  CHECK(must(world.client()->status()).unfinished.size() == 1);
  must(world.client()->release({.version = "1.0.0"}));
  CHECK(must(world.client()->status()).unfinished.empty());
}

TEST_CASE("a release whose answers are all lost says that it may have happened") {
  PipelineWorld world;
  world.make_releasable();
  Watch watch;
  watch.before = [](Context&, std::string_view call) -> Result<void> {
    if (call != "registry.create_tag") return {};
    return Error{.code = ErrorCode::outcome_unknown, .message = "the answer was lost", .outcome_unknown = true};
  };
  const auto lost = WatchedPromoter(world, watch)->release({.version = "1.0.0"});
  CHECK(code_of(lost) == "outcome_unknown");
  CHECK(lost.error().outcome_unknown);
  must(world.client()->release({.version = "1.0.0"}));
}

TEST_CASE("a policy that changes while a release is prepared is followed before the first tag") {
  PipelineWorld world;
  world.make_releasable();
  WatchedPromoter promoter(world, before_call("evidence.list", 1, [&] {
                             world.write_by_hand("samebits.yaml", world.file("samebits.yaml") +
                                                                      "\ngates:\n  audit: {check: Audit}\n"
                                                                      "release: {gates: [audit]}\n");
                           }));
  CHECK(code_of(promoter->release({.version = "1.0.0"})) == "gate_missing");
  CHECK(world.source().git("tag --list").empty());
}

TEST_CASE("a race that is lost between the Git tag and the commit is replayed on the new tip") {
  PipelineWorld world;
  world.make_releasable();
  WatchedPromoter promoter(world, before_call("gitops.commit", 1, [&] { world.write_by_hand("notes", "mine\n"); }));
  const Receipt receipt = must(promoter->release({.version = "1.0.0"}));
  CHECK(world.tag_in("prod") == "v1.0.0");
  CHECK(world.file("notes") == "mine");
  CHECK(receipt.gitops->parent == commit_id(world.gitops().git("rev-parse main~1")));
  CHECK(receipt.steps.front().outcome == StepOutcome::done);
}

TEST_CASE("a lost race does not carry what the new tip forbids") {
  PipelineWorld world;
  const CommitId first = world.merge_and_build();
  const CommitId second = world.merge_and_build();
  WatchedPromoter promoter(world, before_call("gitops.commit", 1, [&] {
                             must(world.client()->promote({.environment = "preprod", .sha = second.str()}));
                           }));
  CHECK(code_of(promoter->promote({.environment = "preprod", .sha = first.str()})) == "would_move_backwards");
  CHECK(world.tag_in("preprod") == PipelineWorld::snapshot(second));
}

TEST_CASE("gates are read again right before the first tag") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  WatchedPromoter promoter(
      world, before_call("evidence.list", 2, [&] {
        must(world.client()->gate_post({.gate = "preprod-tests", .sha = commit.str(), .conclusion = "failure"}));
      }));
  CHECK(code_of(promoter->release({.version = "1.0.0"})) == "gate_failed");
  CHECK(world.source().git("tag --list").empty());
  CHECK(world.tag_in("prod").empty());
}

TEST_CASE("a tag that is moved while a release is prepared is a digest mismatch and nothing is written") {
  struct Row {
    const char* how;
    const char* gates;
    bool by_commit;
    const char* said;
  };
  for (const Row& row :
       {Row{"against the record of preprod", "", false, "'preprod' ran main-"},
        Row{"against the first reading", "release: {gates: []}\n", true, "while the release was prepared"}}) {
    CAPTURE(row.how);
    PipelineWorld world({.more = row.gates});
    const CommitId commit = world.make_releasable();
    const CommitId tip = world.tip();
    // v1.0.0 and the snapshot were resolved once; the second reading begins.
    WatchedPromoter promoter(
        world, before_call("registry.resolve", 3, [&] { world.build(PipelineWorld::snapshot(commit), "other bits"); }));
    const auto refused = promoter->release({.version = "1.0.0", .sha = row.by_commit ? commit.str() : ""});
    REQUIRE(code_of(refused) == "digest_mismatch");
    CAPTURE(refused.error().message);
    CHECK(refused.error().message.find(row.said) != std::string::npos);
    CHECK(world.tip() == tip);
    CHECK(world.source().git("tag --list").empty());
  }
}

TEST_CASE("a Git tag that exists and cannot be seen ends the release at once") {
  PipelineWorld world;
  world.make_releasable();
  int tries = 0;
  Watch watch;
  watch.before = [&](Context&, std::string_view call) -> Result<void> {
    if (call != "source.create_tag") return {};
    ++tries;
    return Error{.code = ErrorCode::tag_exists, .message = "there is such a tag"};
  };
  const auto refused = WatchedPromoter(world, watch)->release({.version = "1.0.0"});
  CHECK(code_of(refused) == "tag_exists");
  CHECK(!refused.error().outcome_unknown);
  CHECK(tries == 2);
}

TEST_CASE("an image tag that reads otherwise than it was written is a digest mismatch") {
  PipelineWorld world;
  world.make_releasable();
  Watch watch;
  watch.after = [&](Context&, std::string_view call) -> Result<void> {
    if (call == "registry.create_tag") world.build("v1.0.0", "other bits");
    return {};
  };
  CHECK(code_of(WatchedPromoter(world, watch)->release({.version = "1.0.0"})) == "digest_mismatch");
  CHECK(world.tag_in("prod").empty());
}

TEST_CASE("status, history and the gate deployed-in ask no more where the history is longer") {
  const auto calls_after = [](int commits) {
    PipelineWorld world;
    const CommitId commit = world.make_releasable();
    must(world.client()->release({.version = "1.0.0"}));
    for (int i = 0; i < commits; ++i)
      world.gitops().git("update-ref refs/heads/main " +
                         world.gitops().git("commit-tree -p main -m Other 'main^{tree}'"));
    int calls = 0;
    Watch watch;
    watch.before = [&](Context&, std::string_view) -> Result<void> {
      ++calls;
      return {};
    };
    WatchedPromoter promoter(world, watch);
    must(promoter->status());
    must(promoter->history({.environment = "prod"}));
    must(promoter->gate_show({.sha = commit.str()}));
    return calls;
  };
  CHECK(calls_after(110) == calls_after(160));
}

TEST_CASE("the date of a commit is never before its parent's") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  Context context;
  must(open_local_gitops(world.gitops().location(), "main")
           ->commit(context, {.expected_tip = world.tip(),
                              .changes = {{.path = path("notes"), .bytes = "from a machine whose clock is wrong\n"}},
                              .message = "Future",
                              .author = {},
                              .time = system_clock().now() + std::chrono::hours(1000)}));
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  CHECK(world.gitops().git("log -1 --format=%ct main") == world.gitops().git("log -1 --format=%ct main~1"));
  CHECK(world.fsck().empty());
}

}  // namespace samebits::test
