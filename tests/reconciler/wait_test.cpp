#include <fmt/format.h>

#include <samebits/samebits.hpp>

#include "servers/argocd_double.hpp"
#include "support/pipeline_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

using std::chrono::milliseconds;

/// A pipeline whose preprod Argo CD looks after.
class ReconciledWorld {
 public:
  ReconciledWorld() : world({.services = {"api"}, .more = reconciler_lines()}) {}

  /// Synced, live and healthy at the tip with `tag`.
  ArgoApp live(const std::string& tag, const std::string& environment = "preprod") const {
    const std::string tip = world.tip().str();
    return {.name = "api-" + environment,
            .values_file = "values/" + environment + "/api.yaml",
            .compared = tip,
            .images = {"registry.example.com/api:" + tag},
            .operation_revision = tip};
  }

  CommitId promote() {
    const CommitId commit = world.merge_and_build();
    must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
    return commit;
  }

  /// Waits, and keeps the states that were told.
  Result<Rollout> wait(WaitRequest request = {.environment = "preprod", .hold = milliseconds(0)}) {
    Client client = world.client();
    client->tell([this](const ApplicationRollout& rollout, std::chrono::seconds) {
      states.emplace_back(to_string(rollout.state));
      if (on_state) on_state(rollout.state);
    });
    return client->wait(request);
  }

  /// The error that a wait ends with.
  std::string wait_ends_with(WaitRequest request = {.environment = "preprod", .hold = milliseconds(0)}) {
    if (!request.timeout) request.timeout = milliseconds(600);
    const auto rollout = wait(request);
    if (!rollout) return code_of(rollout);
    if (!rollout->error) return "none";
    message = rollout->error->message;
    CHECK(outcome_of(*rollout) == rollout->error->kind());
    return std::string(to_string(rollout->error->code));
  }

  ArgoDouble twin;
  PipelineWorld world;
  std::vector<std::string> states;
  std::function<void(RolloutState)> on_state;
  std::string message;

 private:
  std::string reconciler_lines() { return fmt::format("reconciler: {{kind: argocd, url: \"{}\"}}\n", twin.url()); }
};

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

TEST_CASE("a promotion may wait as its last step") {
  ReconciledWorld argo;
  const CommitId commit = argo.world.merge_and_build();
  argo.twin.set(argo.live("main-0"));
  argo.twin.on_refresh = [&](ArgoApp& app) { app = argo.live(PipelineWorld::snapshot(commit)); };
  const Receipt receipt =
      must(argo.world.client()->promote({.environment = "preprod", .sha = commit.str(), .wait = true}));
  CHECK(receipt.changed);
  CHECK(receipt.steps.back().name == "reconciler");
  REQUIRE(receipt.applications.size() == 1);
  CHECK(receipt.applications.front().state == RolloutState::healthy);
}

TEST_CASE("a promotion that does not roll out says that it landed") {
  ReconciledWorld argo;
  const CommitId commit = argo.world.merge_and_build();
  argo.twin.set(argo.live("main-0"));
  const auto receipt = argo.world.client()->promote(
      {.environment = "preprod", .sha = commit.str(), .wait = true, .timeout = milliseconds(4000)});
  CHECK(code_of(receipt) == "not_rolled_out");
  CHECK(receipt.error().hint.find(argo.world.tip().brief()) != std::string::npos);
  CHECK(argo.world.tag_in("preprod") == PipelineWorld::snapshot(commit));
}

TEST_CASE("a release looks at its environments and says what a person must do") {
  ReconciledWorld argo;
  // The gate is about what runs in preprod.
  const CommitId commit = argo.promote();
  argo.twin.set(argo.live(PipelineWorld::snapshot(commit)));
  argo.world.pass_gate(commit);
  for (const std::string environment : {"prod", "dev"}) {
    ArgoApp app = argo.live("v0.0.1", environment);
    app.automatic = false;
    argo.twin.set(app);
  }
  argo.twin.on_refresh = [&](ArgoApp& app) {
    app.compared = argo.world.tip().str();
    app.sync = "OutOfSync";
  };
  const Receipt receipt = must(argo.world.client()->release({.version = "1.0.0"}));
  const auto& steps = receipt.steps;
  REQUIRE(steps.size() == 5);
  CHECK(steps[3].name == "reconciler");
  CHECK(steps[3].outcome == StepOutcome::skipped);
  CHECK(steps[3].note.find("prod/api awaiting_sync") != std::string::npos);
  CHECK(steps[3].note.find("dev/api awaiting_sync") != std::string::npos);
  CHECK(steps[4].name == "forge-release");
}

TEST_CASE("evidence about an environment is recorded with the image that runs there, or refused") {
  ReconciledWorld argo;
  const CommitId commit = argo.promote();
  ArgoApp app = argo.live("main-0");
  argo.twin.set(app);
  const GatePostRequest post{.gate = "preprod-tests", .sha = commit.str(), .conclusion = "success"};
  const auto refused = argo.world.client()->gate_post(post);
  CHECK(code_of(refused) == "superseded");
  CHECK(refused.error().hint.find("samebits wait preprod") != std::string::npos);
  argo.twin.set(argo.live(PipelineWorld::snapshot(commit)));
  const Receipt receipt = must(argo.world.client()->gate_post(post));
  REQUIRE(receipt.applications.size() == 1);
  CHECK(receipt.gates.front().evidence.front().summary.find(
            argo.live(PipelineWorld::snapshot(commit)).images.front()) != std::string::npos);
  argo.twin.remove("api-preprod");
  CHECK(code_of(argo.world.client()->gate_post(post)) == "superseded");
}

TEST_CASE("the status shows desired, compared and live, and what is apart") {
  ReconciledWorld argo;
  const CommitId commit = argo.promote();
  ArgoApp app = argo.live("main-0");
  app.automatic = false;
  app.sync = "OutOfSync";
  argo.twin.set(app);
  const auto find_preprod = [](const Status& status) {
    return *std::find_if(status.environments.begin(), status.environments.end(),
                         [](const EnvironmentState& state) { return state.name == "preprod"; });
  };
  const Status status = must(argo.world.client()->status());
  const EnvironmentState preprod = find_preprod(status);
  REQUIRE(preprod.rollout);
  CHECK(preprod.rollout->tag == PipelineWorld::snapshot(commit));
  CHECK(preprod.rollout->compared == argo.world.tip().str());
  CHECK(to_string(preprod.rollout->state) == "awaiting_sync");
  REQUIRE(status.drift.size() == 1);
  CHECK(status.drift.front().find("awaiting_sync") != std::string::npos);
  CHECK(outcome_of(status, {.exit_code = true}) == ErrorKind::policy);
  argo.twin.set(argo.live(PipelineWorld::snapshot(commit)));
  CHECK(must(argo.world.client()->status()).drift.empty());
  argo.twin.before = [](const Asked&) { return argo_error(403, 7, "permission denied"); };
  const Status unseen = must(argo.world.client()->status());
  CHECK_FALSE(find_preprod(unseen).rollout);
  CHECK(unseen.warnings.size() == 1);
}
