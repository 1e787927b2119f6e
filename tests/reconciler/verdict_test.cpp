#include <functional>

#include "core/rollout.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

const std::string older(40, 'a');
const std::string ours(40, 'b');
const std::string later(40, 'c');
const std::string other(40, 'd');
const std::string chart(40, '1');

Time at(int seconds) { return Time(std::chrono::seconds(1800000000 + seconds)); }

RolloutWant want() {
  return {.image = must(ImageRepo::parse("ghcr.io/acme/api")), .tag = "main-2", .digest = std::nullopt};
}

/// Synced, healthy, live: two sources, the second of them the values.
ApplicationFacts live() {
  ApplicationFacts facts{.name = "api-preprod", .automatic = true};
  facts.sources = {{.repository = "https://git.example.com/acme/charts", .value_files = {"$v/values/preprod/api.yaml"}},
                   {.repository = "https://git.example.com/acme/gitops", .ref = "v"}};
  facts.sync = SyncStatus::synced;
  facts.compared = {chart, ours};
  facts.health = HealthStatus::healthy;
  facts.reconciled = at(10);
  facts.images = {"ghcr.io/acme/api:main-2", "ghcr.io/acme/proxy:v7"};
  facts.operation = SyncOperation{
      .phase = OperationPhase::succeeded, .started = at(0), .finished = at(5), .revisions = {chart, ours}};
  return facts;
}

struct Row {
  std::string name;
  std::function<void(ApplicationFacts&)> change;
  RolloutState state;
};

void out_of_sync(ApplicationFacts& facts) {
  facts.sync = SyncStatus::out_of_sync;
  facts.operation->revisions = {chart, older};
}

const std::vector<Row>& rows() {
  using State = RolloutState;
  static const std::vector<Row> all = {
      {"all of it", [](auto&) {}, State::healthy},
      {"the old commit is synced and healthy",
       [](auto& facts) {
         facts.compared = {chart, older};
       },
       State::not_observed},
      {"the old commit, and the repository is being read",
       [](auto& facts) {
         facts.compared = {chart, older};
         facts.refreshing = true;
       },
       State::comparing},
      {"nothing compared yet", [](auto& facts) { facts.compared.clear(); }, State::not_observed},
      {"a commit that the repository does not have",
       [](auto& facts) {
         facts.compared = {chart, std::string(40, 'e')};
       },
       State::not_observed},
      {"a later commit left our value alone",
       [](auto& facts) {
         facts.compared = {chart, later};
       },
       State::healthy},
      {"a later commit has another value",
       [](auto& facts) {
         facts.compared = {chart, other};
       },
       State::superseded},
      {"nothing had to be applied: the last operation is an older one",
       [](auto& facts) {
         facts.operation->revisions = {chart, older};
       },
       State::healthy},
      {"no operation at all", [](auto& facts) { facts.operation.reset(); }, State::healthy},
      {"out of sync and automatic", out_of_sync, State::syncing},
      {"out of sync, never synced",
       [](auto& facts) {
         facts.sync = SyncStatus::out_of_sync;
         facts.operation.reset();
       },
       State::syncing},
      {"out of sync in a sync window",
       [](auto& facts) {
         out_of_sync(facts);
         facts.blocked = true;
       },
       State::blocked},
      {"out of sync and manual",
       [](auto& facts) {
         out_of_sync(facts);
         facts.automatic = false;
       },
       State::awaiting_sync},
      {"out of sync and manual, but synced since it was looked at",
       [](auto& facts) {
         facts.sync = SyncStatus::out_of_sync;
         facts.automatic = false;
         facts.reconciled = at(4);
       },
       State::settling},
      {"manual, and our commit was not seen yet",
       [](auto& facts) {
         facts.automatic = false;
         facts.compared = {chart, older};
       },
       State::not_observed},
      {"manual, and a person synced it", [](auto& facts) { facts.automatic = false; }, State::healthy},
      {"asked for and not begun; the last operation is of the past",
       [](auto& facts) {
         out_of_sync(facts);
         facts.requested = true;
         facts.requested_revisions = {chart, ours};
       },
       State::syncing},
      {"asked for without revisions",
       [](auto& facts) {
         out_of_sync(facts);
         facts.requested = true;
       },
       State::syncing},
      {"a sync of ours runs",
       [](auto& facts) {
         facts.operation->phase = OperationPhase::running;
         facts.sync = SyncStatus::out_of_sync;
       },
       State::syncing},
      {"a sync of ours runs, and it looks synced",
       [](auto& facts) { facts.operation->phase = OperationPhase::running; }, State::syncing},
      {"another operation runs",
       [](auto& facts) {
         facts.operation->phase = OperationPhase::running;
         facts.operation->revisions = {chart, older};
       },
       State::other_operation},
      {"an operation of a later promotion runs",
       [](auto& facts) {
         facts.operation->phase = OperationPhase::terminating;
         facts.operation->revisions = {chart, other};
       },
       State::other_operation},
      {"an older revision is tried again and again",
       [](auto& facts) {
         facts.operation->phase = OperationPhase::running;
         facts.operation->revisions = {chart, older};
         facts.operation->retries = 3;
       },
       State::retrying_older},
      {"the sync of ours failed",
       [](auto& facts) {
         facts.sync = SyncStatus::out_of_sync;
         facts.operation->phase = OperationPhase::failed;
       },
       State::failed},
      {"the sync of ours ended in an error, and workloads are missing",
       [](auto& facts) {
         facts.sync = SyncStatus::out_of_sync;
         facts.operation->phase = OperationPhase::error;
         facts.health = HealthStatus::missing;
       },
       State::failed},
      {"the sync of an older revision failed",
       [](auto& facts) {
         out_of_sync(facts);
         facts.operation->phase = OperationPhase::failed;
       },
       State::syncing},
      {"the live state is being compared", [](auto& facts) { facts.sync = SyncStatus::unknown; }, State::comparing},
      {"the operation ended after the last look", [](auto& facts) { facts.reconciled = at(4); }, State::settling},
      {"the operation ended in the second of the last look", [](auto& facts) { facts.reconciled = at(5); },
       State::healthy},
      {"nobody ever looked", [](auto& facts) { facts.reconciled.reset(); }, State::settling},
      {"progressing", [](auto& facts) { facts.health = HealthStatus::progressing; }, State::progressing},
      {"degraded", [](auto& facts) { facts.health = HealthStatus::degraded; }, State::degraded},
      {"suspended", [](auto& facts) { facts.health = HealthStatus::suspended; }, State::suspended},
      {"workloads are missing", [](auto& facts) { facts.health = HealthStatus::missing; }, State::progressing},
      {"unknown health is not healthy", [](auto& facts) { facts.health = HealthStatus::unknown; }, State::progressing},
      {"an old workload still runs", [](auto& facts) { facts.images.push_back("ghcr.io/acme/api:main-1"); },
       State::settling},
      {"only old workloads run", [](auto& facts) { facts.images = {"ghcr.io/acme/api:main-1"}; }, State::settling},
      {"no workload of the service runs", [](auto& facts) { facts.images = {"ghcr.io/acme/proxy:v7"}; },
       State::settling},
      {"being deleted", [](auto& facts) { facts.deleting = true; }, State::deleting},
      {"it cannot be compared",
       [](auto& facts) {
         facts.sync = SyncStatus::unknown;
         facts.conditions = {{"ComparisonError", "failed to generate manifest"}};
       },
       State::error},
      {"its specification is wrong",
       [](auto& facts) {
         facts.conditions = {{"InvalidSpecError", "no such project"}};
       },
       State::error},
      {"a warning is no error",
       [](auto& facts) {
         facts.conditions = {{"OrphanedResourceWarning", "1 object"}};
       },
       State::healthy},
  };
  return all;
}

Standings standings() {
  return {
      {older, Standing::before}, {ours, Standing::wanted}, {later, Standing::wanted}, {other, Standing::superseded}};
}

RolloutVerdict judge(const ApplicationFacts& facts) {
  const auto source = find_gitops_source(facts, "git@git.example.com:acme/gitops.git", path("values/preprod/api.yaml"));
  return judge_rollout(facts, source, want(), standings());
}

}  // namespace

TEST_CASE("each state of an application is told apart") {
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    ApplicationFacts facts = live();
    row.change(facts);
    const RolloutVerdict verdict = judge(facts);
    CHECK(to_string(verdict.state) == to_string(row.state));
    CHECK_FALSE(verdict.message.empty());
  }
}

TEST_CASE("with one source the verdicts are the same") {
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    ApplicationFacts facts = live();
    row.change(facts);
    facts.sources.erase(facts.sources.begin());
    for (auto* revisions : {&facts.compared, &facts.requested_revisions})
      if (!revisions->empty()) revisions->erase(revisions->begin());
    if (facts.operation) facts.operation->revisions.erase(facts.operation->revisions.begin());
    CHECK(to_string(judge(facts).state) == to_string(row.state));
  }
}

TEST_CASE("an application of another repository is never live") {
  ApplicationFacts facts = live();
  facts.sources = {{.repository = "https://git.example.com/acme/other", .path = "a"},
                   {.repository = "https://git.example.com/acme/more", .path = "b"}};
  CHECK(to_string(judge(facts).state) == "not_observed");
}

TEST_CASE("what fails is named, with its message") {
  ApplicationFacts facts = live();
  facts.sync = SyncStatus::out_of_sync;
  facts.operation->phase = OperationPhase::failed;
  facts.operation->message = "one or more objects failed to apply";
  facts.failing = {{.kind = "Deployment", .name = "api", .status = "SyncFailed", .message = "image: Required value"}};
  CHECK(judge(facts).message ==
        "the sync failed: one or more objects failed to apply (Deployment api SyncFailed): image: Required value");
}

TEST_CASE("a live image is ours by tag and digest, where both are known") {
  const Digest digest = must(Digest::parse("sha256:" + std::string(64, '7')));
  const Digest wrong = must(Digest::parse("sha256:" + std::string(64, '8')));
  RolloutWant wanted = want();
  wanted.digest = digest;
  struct Live {
    std::string image;
    bool is_ours;
  };
  for (const Live& row :
       {Live{"ghcr.io/acme/api:main-2", true}, Live{"ghcr.io/acme/api:main-2@" + digest.str(), true},
        Live{"ghcr.io/acme/api@" + digest.str(), true}, Live{"ghcr.io/acme/api:main-2@" + wrong.str(), false},
        Live{"ghcr.io/acme/api@" + wrong.str(), false}, Live{"ghcr.io/acme/api:main-1", false},
        Live{"ghcr.io/acme/api", false}}) {
    CAPTURE(row.image);
    ApplicationFacts facts = live();
    facts.images = {row.image};
    const LiveImages images = live_images(facts, wanted);
    CHECK(images.wanted.size() == (row.is_ours ? 1 : 0));
    CHECK(images.others.size() == (row.is_ours ? 0 : 1));
  }
}

TEST_CASE("states come back from their names") {
  for (int i = 0; i <= static_cast<int>(RolloutState::healthy); ++i) {
    const auto state = static_cast<RolloutState>(i);
    CHECK(rollout_state_from(to_string(state)) == state);
  }
  CHECK_FALSE(rollout_state_from("ready"));
}

TEST_CASE("an address of a repository is the same in its usual spellings") {
  const std::string same = normal_repository("https://github.com/acme/gitops");
  for (const std::string address :
       {"https://github.com/acme/gitops.git", "https://GitHub.com/acme/gitops/", "git@github.com:acme/gitops.git",
        "ssh://git@github.com:22/acme/gitops", "https://user@github.com/acme/gitops"}) {
    CAPTURE(address);
    CHECK(normal_repository(address) == same);
  }
  CHECK(normal_repository("https://github.com/acme/gitops2") != same);
  CHECK(normal_repository("http://127.0.0.1:8801/a/gitops.git") != normal_repository("http://127.0.0.1:8802/a/gitops"));
  CHECK(normal_repository("file:///srv/gitops.git") == normal_repository("/srv/gitops"));
}

TEST_CASE("the source is found by address, by $ref and by the values file") {
  const RepoPath file = path("values/preprod/api.yaml");
  ApplicationFacts facts{.name = "api"};
  const std::string gitops = "https://git.example.com/acme/gitops";
  SUBCASE("chart and values in one repository: the source that $ref names") {
    facts.sources = {{.repository = gitops, .path = "chart", .value_files = {"$v/values/preprod/api.yaml"}},
                     {.repository = gitops, .ref = "v"}};
    CHECK(find_gitops_source(facts, gitops, file) == 1);
  }
  SUBCASE("a values file beside the chart") {
    facts.sources = {{.repository = gitops, .path = "chart", .value_files = {"../values/preprod/api.yaml"}}};
    CHECK(find_gitops_source(facts, gitops, file) == 0);
  }
  SUBCASE("known by another address: the file decides") {
    facts.sources = {
        {.repository = "https://mirror/charts", .path = "x", .value_files = {"$v/values/preprod/api.yaml"}},
        {.repository = "https://mirror/gitops", .ref = "v"}};
    CHECK(find_gitops_source(facts, "/srv/gitops.git", file) == 1);
  }
  SUBCASE("a Helm repository is none") {
    facts.sources = {{.repository = gitops, .chart = "api"}};
    CHECK_FALSE(find_gitops_source(facts, gitops, file));
  }
}

TEST_CASE("holding is shown by the reconciler's own times") {
  ApplicationFacts facts = live();
  CHECK(has_held(facts, std::chrono::seconds(5)));
  CHECK_FALSE(has_held(facts, std::chrono::seconds(6)));
  facts.health_since = at(8);
  CHECK_FALSE(has_held(facts, std::chrono::seconds(5)));
  facts.reconciled = at(13);
  CHECK(has_held(facts, std::chrono::seconds(5)));
  facts.operation.reset();
  facts.health_since.reset();
  CHECK_FALSE(has_held(facts, std::chrono::seconds(0)));
}
