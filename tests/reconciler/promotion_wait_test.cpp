#include <algorithm>

#include "reconciler/reconciled_world.hpp"
#include "servers/registry_server.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

using std::chrono::milliseconds;

/// A release of what preprod runs, into two manual environments that run something older.
class ReleasableWorld : public ReconciledWorld {
 public:
  ReleasableWorld() {
    const CommitId commit = promote();
    twin.set(live(PipelineWorld::snapshot(commit)));
    world.pass_gate(commit);
    for (const std::string environment : {"prod", "dev"}) {
      ArgoApp app = live("v0.9.0", environment);
      app.automatic = false;
      twin.set(app);
    }
    twin.on_refresh = [this](ArgoApp& app) {
      app.compared = world.tip().str();
      app.sync = "OutOfSync";
    };
  }

  Result<Receipt> release(std::optional<milliseconds> timeout = {}) {
    Client client = world.client();
    client->tell([this](const ApplicationRollout& rollout, std::chrono::seconds) {
      states.push_back(fmt::format("{} {}", rollout.environment, to_string(rollout.state)));
      if (rollout.state == RolloutState::awaiting_sync && somebody_syncs) sync(rollout.environment);
    });
    return client->release({.version = "1.0.0", .wait = true, .timeout = timeout});
  }

  void sync(const std::string& environment) {
    ArgoApp app = live("v1.0.0", environment);
    app.automatic = false;
    twin.set(app);
  }

  bool somebody_syncs = false;
};

}  // namespace

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

TEST_CASE("a promotion that waits is as good to run again: it writes nothing and waits for the rest") {
  ReconciledWorld argo;
  const CommitId commit = argo.world.merge_and_build();
  argo.twin.set(argo.live("main-0"));
  const PromoteRequest request{
      .environment = "preprod", .sha = commit.str(), .wait = true, .timeout = milliseconds(600)};
  CHECK(code_of(argo.world.client()->promote(request)) == "not_rolled_out");
  const CommitId landed = argo.world.tip();
  argo.twin.set(argo.live(PipelineWorld::snapshot(commit)));
  const Receipt receipt = must(argo.world.client()->promote(request));
  CHECK_FALSE(receipt.changed);
  CHECK(receipt.applications.front().state == RolloutState::healthy);
  CHECK(argo.world.tip() == landed);
}

TEST_CASE("a promotion that is superseded while it waits says so") {
  ReconciledWorld argo;
  const CommitId commit = argo.world.merge_and_build();
  argo.twin.set(argo.live("main-0"));
  argo.twin.on_refresh = [&](ArgoApp& app) {
    const CommitId newer = argo.promote();
    app = argo.live(PipelineWorld::snapshot(newer));
  };
  const auto receipt = argo.world.client()->promote({.environment = "preprod", .sha = commit.str(), .wait = true});
  CHECK(code_of(receipt) == "superseded");
  CHECK(receipt.error().message.find(PipelineWorld::snapshot(commit)) != std::string::npos);
}

TEST_CASE("a token that ends while a promotion waits does not hide that the promotion is done") {
  ReconciledWorld argo;
  const CommitId commit = argo.world.merge_and_build();
  argo.twin.set(argo.live("main-0"));
  argo.twin.on_refresh = [&](ArgoApp&) { argo.twin.token = "another-0123456789"; };
  const auto receipt = argo.world.client()->promote({.environment = "preprod", .sha = commit.str(), .wait = true});
  CHECK(code_of(receipt) == "unauthenticated");
  CHECK(receipt.error().hint.find(argo.world.tip().brief()) != std::string::npos);
}

TEST_CASE("a release waits for each of its environments before the forge release") {
  ReleasableWorld argo;
  argo.somebody_syncs = true;
  const Receipt receipt = must(argo.release());
  REQUIRE(receipt.steps.size() == 5);
  CHECK(receipt.steps[3].name == "reconciler");
  CHECK(receipt.steps[4].name == "forge-release");
  REQUIRE(receipt.applications.size() == 2);
  for (const ApplicationRollout& rollout : receipt.applications) CHECK(rollout.state == RolloutState::healthy);
  CHECK(std::count(argo.states.begin(), argo.states.end(), "prod awaiting_sync") == 1);
  CHECK(std::count(argo.states.begin(), argo.states.end(), "dev awaiting_sync") == 1);
}

TEST_CASE("a release that nobody syncs is done, says who must act, and is completed by running it again") {
  ReleasableWorld argo;
  const auto waiting = argo.release(milliseconds(600));
  CHECK(code_of(waiting) == "not_rolled_out");
  CHECK(waiting.error().message.find("awaiting_sync") != std::string::npos);
  CHECK(waiting.error().hint.find(argo.world.tip().brief()) != std::string::npos);
  CHECK(waiting.error().hint.find("a person must sync it") != std::string::npos);
  CHECK(argo.world.tag_in("prod") == "v1.0.0");
  CHECK(argo.world.tag_in("dev") == "v1.0.0");
  argo.sync("prod");
  const auto half = argo.release(milliseconds(600));
  CHECK(half.error().message.find("dev/api") != std::string::npos);
  argo.sync("dev");
  const CommitId landed = argo.world.tip();
  CHECK_FALSE(must(argo.release()).changed);
  CHECK(argo.world.tip() == landed);
}

TEST_CASE("the status says that dev is behind prod") {
  ReleasableWorld argo;
  must(argo.world.client()->release({.version = "1.0.0"}));
  argo.sync("prod");
  const Status status = must(argo.world.client()->status());
  const auto says = [&](const std::string& one, const std::string& other) {
    return std::any_of(status.drift.begin(), status.drift.end(), [&](const std::string& line) {
      return line.find(one) != std::string::npos && line.find(other) != std::string::npos;
    });
  };
  CHECK(says("prod/api runs registry.example.com/api:v1.0.0", "dev runs registry.example.com/api:v0.9.0"));
  CHECK(says("dev/api is to run v1.0.0", "awaiting_sync"));
  argo.sync("dev");
  CHECK(must(argo.world.client()->status()).drift.empty());
}

TEST_CASE("a wait trusts the authority that it was given, and no other") {
  const TempFolder folder;
  make_certificate(folder.path());
  const ServerTls tls{.certificate = folder.path() / "server.pem", .key = folder.path() / "server.key"};
  ReconciledWorld argo(&tls);
  argo.twin.set(argo.live(PipelineWorld::snapshot(argo.promote())));
  const WaitRequest request{.environment = "preprod", .timeout = milliseconds(2000)};
  CHECK(code_of(argo.world.client()->wait(request)) == "bad_answer");
  CHECK(argo.twin.server().asked().empty());
  ClientOptions options = argo.world.options();
  options.network.ca_file = folder.path() / "ca.pem";
  CHECK(must(Client(options)->wait(request)).already);
}

TEST_CASE("a wait speaks without TLS to loopback and to listed hosts alone") {
  for (const bool listed : {false, true}) {
    PipelineWorld world({.services = {"api"},
                         .more = std::string("reconciler: {kind: argocd, url: \"http://argocd.example.com\"}\n") +
                                 (listed ? "insecure: [argocd.example.com]\n" : "")});
    must(world.client()->promote({.environment = "preprod", .sha = world.merge_and_build().str()}));
    ClientOptions options = world.options();
    // Whoever is allowed to speak to it comes no further than this.
    options.network.proxy.http = Secret("http://127.0.0.1:1");
    const auto rollout = Client(options)->wait({.environment = "preprod", .timeout = milliseconds(600)});
    CHECK(code_of(rollout) == (listed ? "unreachable" : "bad_config"));
  }
}

TEST_CASE("a release looks at its environments and says what a person must do") {
  ReleasableWorld argo;
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
