#include "reconciler/reconciled_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

using std::chrono::milliseconds;

using States = std::vector<std::string>;

}  // namespace

TEST_CASE("a wait that is already true returns at the first look, without a refresh") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  argo.twin.set(argo.live(tag));
  const Rollout rollout = must(argo.wait({.environment = "preprod"}));
  CHECK(rollout.already);
  CHECK(rollout.applications.front().state == RolloutState::healthy);
  CHECK(argo.twin.server().lines() == States{"GET /api/v1/applications/api-preprod"});
}

TEST_CASE("it goes from the old commit to the live image, and never ends on a stale state") {
  ReconciledWorld argo;
  const std::string before = PipelineWorld::snapshot(argo.promote());
  argo.twin.set(argo.live(before));
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  argo.twin.on_refresh = [&](ArgoApp& app) {
    if (app.compared == argo.world.tip().str()) return;
    app.compared = argo.world.tip().str();
    app.sync = "OutOfSync";
    app.phase = "Running";
    app.operation_revision = app.compared;
  };
  argo.on_state = [&](RolloutState state) {
    ArgoApp app = argo.twin.app("api-preprod");
    if (state == RolloutState::syncing) {
      app.sync = "Synced";
      app.phase = "Succeeded";
      app.finished = 200;
    } else if (state == RolloutState::settling && app.reconciled < 200) {
      app.reconciled = 210;
      app.health = "Progressing";
    } else if (state == RolloutState::progressing) {
      app.health = "Healthy";
    } else if (state == RolloutState::settling) {
      app.images = {"registry.example.com/api:" + tag};
    } else {
      return;
    }
    argo.twin.set(app);
  };
  const Rollout rollout = must(argo.wait());
  CHECK_FALSE(rollout.error);
  CHECK_FALSE(rollout.already);
  CHECK(argo.states == States{"not_observed", "syncing", "settling", "progressing", "settling", "healthy"});
  CHECK(rollout.applications.front().images == States{"registry.example.com/api:" + tag});
  CHECK(rollout.applications.front().compared == argo.world.tip().str());
}

TEST_CASE("one refresh may not be enough: it is asked again where nothing moves") {
  ReconciledWorld argo;
  argo.twin.set(argo.live("main-0"));
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  int refreshes = 0;
  argo.twin.on_refresh = [&](ArgoApp& app) {
    if (++refreshes == 2) app = argo.live(tag);
  };
  CHECK_FALSE(must(argo.wait()).error);
  CHECK(refreshes == 2);
}

TEST_CASE("a later commit that leaves our value alone is as good as ours") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  const std::string ours = argo.world.tip().str();
  argo.world.write_by_hand("notes.txt", "something else\n");
  ArgoApp app = argo.live(tag);
  argo.twin.set(app);
  CHECK(must(argo.wait({.environment = "preprod"})).already);
  app.compared = ours;
  argo.twin.set(app);
  CHECK(must(argo.wait({.environment = "preprod"})).already);
}

TEST_CASE("a newer promotion ends the wait for the older one") {
  ReconciledWorld argo;
  argo.twin.set(argo.live("main-0"));
  argo.promote();
  argo.twin.on_refresh = [&](ArgoApp& app) {
    if (argo.states.size() == 1) app = argo.live(PipelineWorld::snapshot(argo.promote()));
  };
  CHECK(argo.wait_ends_with() == "superseded");
  CHECK(argo.states == States{"not_observed", "superseded"});
}

TEST_CASE("a rollback of the same environment is no older state") {
  ReconciledWorld argo;
  const CommitId first = argo.promote();
  const std::string first_commit = argo.world.tip().str();
  argo.promote();
  const std::string tag = PipelineWorld::snapshot(first);
  must(argo.world.client()->rollback({.target = "preprod", .to = tag}));
  ArgoApp app = argo.live(tag);
  app.compared = first_commit;
  argo.twin.set(app);
  CHECK(argo.wait_ends_with() == "not_rolled_out");
  CHECK(argo.states.front() == "not_observed");
}

TEST_CASE("an event that comes late does not end it, and one that comes twice does no harm") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  ArgoApp going = argo.live(tag);
  going.health = "Progressing";
  argo.twin.set(going);
  // The stream says healthy, the application itself does not.
  argo.twin.late_events = {argo.live(tag), argo.live(tag)};
  int looks = 0;
  argo.on_state = [&](RolloutState state) {
    if (state == RolloutState::progressing && ++looks == 2) argo.twin.set(argo.live(tag));
  };
  const Rollout rollout = must(argo.wait());
  CHECK_FALSE(rollout.error);
  CHECK(argo.states == States{"progressing", "healthy", "progressing", "healthy"});
}

TEST_CASE("a stream that drops is read again, and without streams it is read now and then") {
  for (const bool streams : {true, false}) {
    ReconciledWorld argo;
    const std::string tag = PipelineWorld::snapshot(argo.promote());
    ArgoApp going = argo.live(tag);
    going.health = "Progressing";
    argo.twin.set(going);
    argo.twin.events_per_stream = 1;
    int readings = 0;
    argo.twin.before = [&](const Asked& asked) -> std::optional<Answer> {
      if (asked.path().ends_with("/stream/applications"))
        return streams ? std::nullopt : std::optional(argo_error(501, 12, "unimplemented"));
      if (++readings == 4) argo.twin.set(argo.live(tag));
      return std::nullopt;
    };
    CHECK_FALSE(must(argo.wait()).error);
    CHECK(argo.states == States{"progressing", "healthy"});
  }
}

TEST_CASE("a token that ends in the middle ends the wait with that") {
  ReconciledWorld argo;
  argo.promote();
  argo.twin.set(argo.live("main-0"));
  argo.on_state = [&](RolloutState) { argo.twin.token = "another"; };
  CHECK(argo.wait_ends_with() == "unauthenticated");
}

TEST_CASE("a server that fails in the middle is asked again") {
  ReconciledWorld argo;
  argo.twin.set(argo.live("main-0"));
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  int failures = 0;
  argo.on_state = [&](RolloutState state) {
    if (state != RolloutState::not_observed) return;
    argo.twin.before = [&](const Asked&) -> std::optional<Answer> {
      if (++failures <= 1) return argo_error(503, 14, "connection refused");
      return std::nullopt;
    };
    argo.twin.set(argo.live(tag));
  };
  CHECK_FALSE(must(argo.wait()).error);
  CHECK(failures > 1);
}

TEST_CASE("a missing application is waited for, and named at the deadline") {
  ReconciledWorld argo;
  argo.promote();
  CHECK(argo.wait_ends_with() == "application_missing");
  CHECK(argo.message.find("there is no application 'api-preprod'") != std::string::npos);
  CHECK(argo.states == States{"missing"});
}

TEST_CASE("a missing right is named at the deadline: it may also be a missing application") {
  ReconciledWorld argo;
  argo.promote();
  ArgoApp app = argo.live("main-0");
  app.project = "forbidden";
  argo.twin.set(app);
  CHECK(argo.wait_ends_with() == "permission_missing");
}

TEST_CASE("a manual application waits for a person, or asks for the sync itself, pinned") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  ArgoApp app = argo.live(tag);
  app.automatic = false;
  app.sync = "OutOfSync";
  app.images = {"registry.example.com/api:main-0"};
  app.operation_revision = std::string(40, 'a');
  argo.twin.set(app);
  CHECK(argo.wait_ends_with() == "not_rolled_out");
  CHECK(argo.states == States{"awaiting_sync"});
  CHECK(argo.message.find("awaiting_sync") != std::string::npos);
  argo.twin.on_sync = [&](ArgoApp& now) { now = argo.live(tag); };
  CHECK_FALSE(must(argo.wait({.environment = "preprod", .hold = milliseconds(0), .sync = true})).error);
  CHECK(argo.twin.last_sync().find(argo.world.tip().str()) != std::string::npos);
  CHECK(argo.twin.last_sync().find("Promotion-Id") != std::string::npos);
  CHECK(argo.twin.count("POST") == 1);
}

TEST_CASE("the deadline comes with the last facts") {
  ReconciledWorld argo;
  argo.promote();
  argo.twin.set(argo.live("main-0"));
  const Rollout rollout =
      must(argo.wait({.environment = "preprod", .hold = milliseconds(0), .timeout = milliseconds(600)}));
  REQUIRE(rollout.error);
  const std::string document = to_json(rollout);
  for (const std::string part : {R"("outcome":"not_rolled_out")", R"("exitCode":12)", R"("code":"not_rolled_out")",
                                 R"("state":"settling")", R"("images":["registry.example.com/api:main-0"])"})
    CHECK_MESSAGE(document.find(part) != std::string::npos, document);
}

TEST_CASE("without a reconciler there is nothing to wait for") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  CHECK(code_of(world.client()->wait({.environment = "preprod"})) == "bad_config");
  CHECK(code_of(world.client()->wait({.environment = "nowhere"})) == "bad_request");
  CHECK(code_of(world.client()->wait({.environment = "dev"})) != "none");
}

TEST_CASE("an error in the middle of a stream is no end: the application is read") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  ArgoApp going = argo.live(tag);
  going.health = "Progressing";
  argo.twin.set(going);
  int streams = 0;
  argo.twin.before = [&](const Asked& asked) -> std::optional<Answer> {
    if (!asked.path().ends_with("/stream/applications")) return std::nullopt;
    if (++streams == 2) argo.twin.set(argo.live(tag));
    return Answer{.body = R"({"error":{"grpc_code":14,"http_code":503,"message":"upstream"}})"
                          "\n"};
  };
  CHECK_FALSE(must(argo.wait()).error);
  CHECK(streams == 2);
  CHECK(argo.states == States{"progressing", "healthy"});
}

TEST_CASE("a sync that another operation is in the way of is asked for again") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  ArgoApp waiting = argo.live(tag);
  waiting.automatic = false;
  waiting.sync = "OutOfSync";
  waiting.operation_revision = std::string(40, 'a');
  argo.twin.set(waiting);
  int asked = 0;
  argo.twin.before = [&](const Asked& one) -> std::optional<Answer> {
    if (one.method != "POST" || ++asked > 1) return std::nullopt;
    return argo_error(409, 10, "the object has been modified");
  };
  argo.twin.on_sync = [&](ArgoApp& app) { app = argo.live(tag); };
  CHECK_FALSE(must(argo.wait({.environment = "preprod", .hold = milliseconds(0), .sync = true})).error);
  CHECK(asked == 2);
}

TEST_CASE("a sync that a window forbids ends the wait with that") {
  ReconciledWorld argo;
  ArgoApp waiting = argo.live(PipelineWorld::snapshot(argo.promote()));
  waiting.automatic = false;
  waiting.sync = "OutOfSync";
  waiting.operation_revision = std::string(40, 'a');
  argo.twin.window = true;
  argo.twin.set(waiting);
  CHECK(argo.wait_ends_with({.environment = "preprod", .hold = milliseconds(0), .sync = true}) == "refused_by_server");
}

TEST_CASE("of a group that is not rolled out each environment is told") {
  ReconciledWorld argo;
  const CommitId commit = argo.promote();
  argo.twin.set(argo.live(PipelineWorld::snapshot(commit)));
  argo.world.pass_gate(commit);
  must(argo.world.client()->release({.version = "1.0.0"}));
  ArgoApp waiting = argo.live("v0.9.0", "prod");
  waiting.automatic = false;
  waiting.sync = "OutOfSync";
  argo.twin.set(waiting);
  argo.twin.set(argo.live("v1.0.0", "dev"));
  const Rollout rollout =
      must(argo.wait({.environment = "production", .hold = milliseconds(0), .timeout = milliseconds(600)}));
  REQUIRE(rollout.error);
  REQUIRE(rollout.applications.size() == 2);
  CHECK(rollout.applications[0].state == RolloutState::awaiting_sync);
  CHECK(rollout.applications[1].state == RolloutState::healthy);
  CHECK(rollout.error->message.find("prod/api") != std::string::npos);
}

TEST_CASE("a sync window stays the reason while the stream goes on, and is seen to end") {
  ReconciledWorld argo;
  const std::string tag = PipelineWorld::snapshot(argo.promote());
  ArgoApp held = argo.live(tag);
  held.sync = "OutOfSync";
  held.operation_revision = std::string(40, 'a');
  argo.twin.window = true;
  argo.twin.set(held);
  CHECK(argo.wait_ends_with() == "not_rolled_out");
  CHECK(argo.states == States{"blocked"});
  argo.twin.on_refresh = [&](ArgoApp& app) {
    argo.twin.window = false;
    app = argo.live(tag);
  };
  CHECK_FALSE(must(argo.wait()).error);
}

TEST_CASE("what is already true is shown by one refresh, where the reconciler has not looked since") {
  ReconciledWorld argo;
  ArgoApp app = argo.live(PipelineWorld::snapshot(argo.promote()));
  app.reconciled = app.finished;
  argo.twin.set(app);
  argo.twin.on_refresh = [](ArgoApp& now) { now.reconciled += 60; };
  CHECK(must(argo.wait({.environment = "preprod"})).already);
  CHECK(argo.twin.count("GET /api/v1/applications/api-preprod?") == 1);
}
