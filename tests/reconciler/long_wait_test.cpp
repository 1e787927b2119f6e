#include <malloc.h>

#include <fmt/format.h>

#include <samebits/samebits.hpp>

#include "support/pipeline_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Time that only passes where somebody waits.
class SimulatedClock final : public Clock {
 public:
  Time now() override { return Time(seconds(1800000000)) + std::chrono::duration_cast<seconds>(passed); }
  Result<void> pause(Context& context, milliseconds duration) override {
    passed += duration;
    return context.check();
  }
  Context::Clock::time_point elapsed() override { return Context::Clock::time_point() + passed; }

  milliseconds passed{0};
};

/// What an application is at a time.
using Script = std::function<std::optional<ApplicationFacts>(seconds passed)>;

/// An application that changes with simulated time; its streams last until they are left.
class ScriptedReconciler final : public Reconciler {
 public:
  ScriptedReconciler(SimulatedClock& clock, Script script) : clock_(clock), script_(std::move(script)) {}
  std::string location() const override { return "script"; }

  Result<std::optional<ApplicationFacts>> application(Context&, std::string_view, Refresh) override {
    ++requests;
    return present();
  }

  Result<void> watch(Context& context, std::string_view, const Take& take) override {
    ++requests;
    const auto left = std::chrono::ceil<milliseconds>(*context.deadline - Context::Clock::now());
    const milliseconds end = clock_.passed + left;
    while (clock_.passed < end) {
      ++events;
      if (!take(present())) return {};
      clock_.passed += milliseconds(500);
    }
    return Error{.code = ErrorCode::timed_out, .message = "the deadline of the operation has passed"};
  }

  Result<void> request_sync(Context&, std::string_view, const SyncRequest&) override { return {}; }

  int requests = 0;
  int events = 0;

 private:
  std::optional<ApplicationFacts> present() const {
    return script_(std::chrono::duration_cast<seconds>(clock_.passed));
  }
  SimulatedClock& clock_;
  Script script_;
};

class Services final : public ServicePorts {
 public:
  explicit Services(Reconciler& reconciler) : reconciler_(reconciler) {}
  Result<Source*> source(const Service&) override { return nullptr; }
  Result<Registry*> registry(const Service&) override { return nullptr; }
  Result<Evidence*> evidence(const Service&) override { return nullptr; }
  Result<Reconciler*> reconciler(const Pipeline&, const Environment&) override { return &reconciler_; }

 private:
  Reconciler& reconciler_;
};

/// A wait in simulated time for one promotion.
class SimulatedWait {
 public:
  explicit SimulatedWait(const std::vector<std::string>& services = {"api"}) : world_({.services = services}) {
    const CommitId commit = world_.merge_and_build();
    must(world_.client()->promote({.environment = "preprod", .sha = commit.str(), .services = services}));
    tag_ = PipelineWorld::snapshot(commit);
    tip_ = world_.tip().str();
  }

  /// Synced and live.
  ApplicationFacts live() const {
    ApplicationFacts facts{.name = "api-preprod", .automatic = true};
    facts.sources = {{.repository = "https://git.example.com/acme/gitops"}};
    facts.sync = SyncStatus::synced;
    facts.compared = {tip_};
    facts.health = HealthStatus::healthy;
    facts.reconciled = Time(seconds(10));
    facts.images = {"registry.example.com/api:" + tag_};
    return facts;
  }

  Rollout run(const Script& script, milliseconds timeout, milliseconds hold = seconds(5)) {
    const auto gitops = open_local_gitops(world_.gitops().location(), "main");
    ScriptedReconciler reconciler(clock, script);
    Services services(reconciler);
    PromoterOptions options;
    options.progress = [this](const ApplicationRollout&, seconds) { ++told; };
    Promoter promoter({.gitops = *gitops, .services = services, .clock = clock}, options);
    Rollout rollout = must(promoter.wait({.environment = "preprod", .hold = hold, .timeout = timeout}));
    requests = reconciler.requests;
    events = reconciler.events;
    return rollout;
  }

  SimulatedClock clock;
  int requests = 0;
  int events = 0;
  int told = 0;

 private:
  PipelineWorld world_;
  std::string tag_;
  std::string tip_;
};

std::int64_t in_use() { return static_cast<std::int64_t>(::mallinfo2().uordblks); }

std::string end_of(const Rollout& rollout) {
  return rollout.error
             ? fmt::format("{} {}", to_string(rollout.error->code), to_string(rollout.applications.back().state))
             : "live";
}

}  // namespace

TEST_CASE("what a long wait asks and keeps does not grow with its length") {
  SimulatedWait wait;
  std::vector<int> requests;
  std::vector<std::int64_t> kept;
  for (const auto length : {hours(1), hours(3)}) {
    std::int64_t begin = 0;
    const auto rollout = wait.run(
        [&](seconds passed) {
          ApplicationFacts facts = wait.live();
          facts.health = HealthStatus::progressing;
          // Other text each time, so that whoever keeps it shows.
          facts.failing = {
              {.kind = "Pod", .name = fmt::format("api-{}", passed.count()), .message = std::string(400, 'x')}};
          if (begin == 0) begin = in_use();
          return facts;
        },
        length);
    CHECK(end_of(rollout) == "not_rolled_out progressing");
    CHECK(rollout.waited >= length);
    CHECK(rollout.waited < length + seconds(60));
    requests.push_back(wait.requests);
    kept.push_back(in_use() - begin);
  }
  CHECK(requests[0] <= 300);
  CHECK(requests[1] <= 3 * requests[0] + 10);
  CHECK(kept[1] <= kept[0] + (64 << 10));
}

TEST_CASE("it must hold for the whole time, and a flap begins it anew") {
  SimulatedWait wait;
  const auto rollout = wait.run(
      [&](seconds passed) {
        ApplicationFacts facts = wait.live();
        // Seen on a real one: healthy, then progressing once more.
        if (passed < seconds(3) || (passed >= seconds(6) && passed < seconds(9)))
          facts.health = HealthStatus::progressing;
        return facts;
      },
      minutes(5), seconds(20));
  CHECK(end_of(rollout) == "live");
  CHECK(rollout.waited >= seconds(29));
  CHECK(rollout.waited <= seconds(40));
}

TEST_CASE("what will not come to a good end ends it before the deadline, with its words") {
  struct Row {
    std::function<void(ApplicationFacts&)> change;
    std::string end;
    std::string words;
    seconds within;
  };
  const auto failed = [](ApplicationFacts& facts) {
    facts.sync = SyncStatus::out_of_sync;
    facts.operation = SyncOperation{
        .phase = OperationPhase::failed, .message = "one or more objects failed to apply", .revisions = facts.compared};
  };
  const Row rows[] = {
      {failed, "not_rolled_out failed", "one or more objects failed to apply", seconds(15)},
      {[](ApplicationFacts& facts) {
         facts.conditions = {{"ComparisonError", "authentication required"}};
       },
       "not_rolled_out error", "authentication required", seconds(15)},
      {[](ApplicationFacts& facts) { facts.deleting = true; }, "not_rolled_out deleting", "being deleted", seconds(15)},
      {[](ApplicationFacts& facts) {
         facts.health = HealthStatus::degraded;
         facts.failing = {
             {.kind = "Deployment", .name = "api", .status = "Degraded", .message = "exceeded its deadline"}};
       },
       "not_rolled_out degraded", "exceeded its deadline", seconds(35)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.end);
    SimulatedWait wait;
    const auto rollout = wait.run(
        [&](seconds) {
          ApplicationFacts facts = wait.live();
          row.change(facts);
          return facts;
        },
        minutes(30));
    CHECK(end_of(rollout) == row.end);
    CHECK(rollout.error->message.find(row.words) != std::string::npos);
    CHECK(rollout.waited <= row.within);
  }
}

TEST_CASE("what looks final for a moment only does not end it") {
  SimulatedWait wait;
  const auto rollout = wait.run(
      [&](seconds passed) {
        ApplicationFacts facts = wait.live();
        if (passed < seconds(6))
          facts.conditions = {{"ComparisonError", "connection refused"}};
        else if (passed < seconds(25))
          facts.health = HealthStatus::degraded;
        return facts;
      },
      minutes(5));
  CHECK(end_of(rollout) == "live");
}

TEST_CASE("an application that comes late is waited for") {
  SimulatedWait wait;
  const auto rollout = wait.run(
      [&](seconds passed) { return passed < minutes(20) ? std::nullopt : std::optional(wait.live()); }, minutes(30));
  CHECK(end_of(rollout) == "live");
  CHECK(wait.requests <= 20 * 60 / 5 + 20);
  CHECK(wait.told == 2);
}

TEST_CASE("the clocks of the machine and of the reconciler may differ by any amount") {
  for (const int skew : {-1000000, 0, 1000000}) {
    SimulatedWait wait;
    const auto rollout = wait.run(
        [&](seconds) {
          ApplicationFacts facts = wait.live();
          facts.reconciled = Time(seconds(1800000000 + skew));
          facts.operation = SyncOperation{.phase = OperationPhase::succeeded,
                                          .finished = *facts.reconciled - seconds(60),
                                          .revisions = facts.compared};
          return facts;
        },
        minutes(5));
    CHECK(end_of(rollout) == "live");
    CHECK(rollout.already);
  }
}

TEST_CASE("several are over when each has held, though the reconciler looks at none of them again") {
  SimulatedWait wait({"api", "web"});
  const auto rollout = wait.run(
      [&](seconds passed) {
        ApplicationFacts facts = wait.live();
        if (passed < seconds(20)) facts.health = HealthStatus::progressing;
        facts.health_since = facts.reconciled;
        return facts;
      },
      minutes(5));
  CHECK(end_of(rollout) == "live");
  CHECK(rollout.applications.size() == 2);
  CHECK(rollout.waited >= seconds(30));
  CHECK(rollout.waited <= seconds(40));
}
