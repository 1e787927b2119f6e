// The ports and the pipeline on a real Gitea.
#include <functional>
#include <map>

#include <samebits/client.hpp>
#include <samebits/init.hpp>

#include "contracts/changes_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/releases_contract.hpp"
#include "contracts/source_contract.hpp"
#include "json/json.hpp"
#include "registry/manifest.hpp"
#include "servers/gitea_server.hpp"
#include "servers/registry_double.hpp"
#include "support/git_repository.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// One server for all tests; each has repositories of its own.
const GiteaServer& server() {
  static const TempFolder folder;
  static const GiteaServer gitea(folder.path() / "gitea");
  return gitea;
}

std::string new_name() {
  static int made = 0;
  return "demo-" + std::to_string(++made);
}

/// Asks until it is so, since the server does some things after its answer.
void await(const std::function<bool()>& is_so) {
  for (int asked = 0; asked < 2000; ++asked)
    if (is_so()) return;
  FAIL("the server does not come to it");
}

/// A repository at the server, and a clone to push from.
class GiteaRepository {
 public:
  GiteaRepository()
      : name_(new_name()),
        url_(server().make_repository(name_)),
        work_(GitRepository::with_work_tree(folder_.path() / "work")),
        network_({.credentials = {{.target = server().url(), .credential = {.token = Secret(server().token())}}}}) {}

  CommitId commit(const std::string& branch, const std::optional<CommitId>& parent) {
    work_.write("file.txt", std::to_string(++commits_));
    work_.git("add --all");
    const std::string tree = work_.git("write-tree");
    const std::string made = work_.git("commit-tree -m 'Change " + std::to_string(commits_) + "' " + tree +
                                       (parent ? " -p " + parent->str() : ""));
    const std::string at = url_.substr(url_.find("//") + 2);
    work_.git("push --quiet --force 'http://bot:" + server().token() + "@" + at + "' " + made + ":refs/heads/" +
              branch);
    // The server takes note of a push a moment later.
    await([this] { return !*api(http::Method::get, "").find("empty")->boolean(); });
    return commit_id(made);
  }
  ForgePorts open() { return must(open_forge(location(), network_)); }
  SourceLocation location() const { return {.url = url_, .forge = "gitea"}; }
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }
  Json api(http::Method method, const std::string& target, const std::string& body = "") const {
    const auto answer = server().api(method, "/repos/bot/" + name_ + target, body);
    CAPTURE(answer.body);
    REQUIRE(answer.ok());
    return answer.body.empty() ? Json() : must(parse_json(answer.body, "the answer"));
  }
  std::int64_t pull(const std::string& branch) const {
    return *api(http::Method::post, "/pulls", R"({"title": "Change", "base": "main", "head": ")" + branch + "\"}")
                .find("number")
                ->integer();
  }

 private:
  TempFolder folder_;
  std::string name_;
  std::string url_;
  GitRepository work_;
  Network network_;
  int commits_ = 0;
};

/// A service with its source at Gitea; images in a registry double.
class GiteaWorld {
 public:
  GiteaWorld() {
    first = source.commit("main", {}).str();
    second = source.commit("main", commit_id(first)).str();
    for (const std::string& commit : {first, second})
      digests[commit] = twin.put(std::string(oci_index_type), sample_index(commit), "main-" + commit);
    const auto gitops = GitRepository::with_work_tree(folder_.path() / "gitops");
    must(init_folder(gitops.location(),
                     {.service = "service-demo", .image = twin.repository(), .source = source.url()}));
    gitops.write("samebits.yaml",
                 "apiVersion: samebits/v1\nservices:\n  service-demo: {image: \"" + twin.repository() +
                     "\", source: {url: \"" + source.url() +
                     "\", branch: main, forge: gitea}}\n"
                     "gates:\n  preprod-tests: {status: ci/preprod, creator: bot, environment: preprod}\n"
                     "  ran-in-preprod: {deployed-in: preprod}\n"
                     "  by-check: {check: X, app: github-actions, workflow: cd.yml}\n"
                     "release: {gates: [preprod-tests, ran-in-preprod]}\n");
    gitops.commit_all("Begin");
    gitops.git("clone --quiet --bare . '" + (folder_.path() / "gitops.git").string() + "'");
  }

  Client client() const {
    return Client(
        {.gitops = (folder_.path() / "gitops.git").string(),
         .promoter = {.author = must(Person::parse("Ada <ada@example.com>"))},
         .network = {.credentials = {{.target = server().url(), .credential = {.token = Secret(server().token())}}}}});
  }

  GiteaRepository source;
  RegistryDouble twin;
  std::string first;
  std::string second;
  std::map<std::string, std::string> digests;

 private:
  TempFolder folder_;
};

std::string outcomes(const Receipt& receipt) {
  std::string text;
  for (const StepResult& step : receipt.steps) text += step.name + "=" + std::string(to_string(step.outcome)) + " ";
  return text;
}

}  // namespace

TEST_CASE("Gitea is a Source") {
  GiteaRepository repository;
  SourceContract({.open = [&] { return std::move(repository.open().source); },
                  .commit = [&](const std::string& branch,
                                const std::optional<CommitId>& parent) { return repository.commit(branch, parent); }})
      .run();
}

TEST_CASE("Gitea's statuses are an Evidence") {
  GiteaRepository repository;
  std::map<char, CommitId> commits;
  for (const char letter : {'a', 'b'}) commits.emplace(letter, repository.commit(std::string(1, letter), {}));
  EvidenceContract([&] { return std::move(repository.open().evidence); },
                   [&](char letter) { return commits.at(letter); })
      .run();
  Context context;
  const auto evidence = std::move(repository.open().evidence);
  CHECK(code_of(evidence->post(context, commit_id(std::string(40, 'a')), {.gate = "x", .conclusion = "success"})) ==
        "commit_missing");
}

TEST_CASE("Gitea has Releases") {
  GiteaRepository repository;
  const CommitId commit = repository.commit("main", {});
  Context context;
  ReleasesContract({.open = [&] { return std::move(repository.open().releases); },
                    .commit = commit,
                    .tag =
                        [&](const std::string& name) {
                          must(repository.open().source->create_tag(
                              context, {.name = name, .commit = commit, .message = "x", .tagger = {}, .time = {}}));
                        }})
      .run();
}

TEST_CASE("Gitea has Changes") {
  GiteaRepository repository;
  const CommitId base = repository.commit("main", {});
  const CommitId open_head = repository.commit("one", base);
  const CommitId head = repository.commit("two", base);
  repository.api(http::Method::post, "/branch_protections",
                 R"({"rule_name": "main", "enable_push": true, "required_approvals": 0})");
  const auto reviewer = new_name();
  REQUIRE(server()
              .api(http::Method::post, "/admin/users",
                   R"({"username": ")" + reviewer + R"(", "email": ")" + reviewer +
                       R"(@example.com", "password": "pass-0123456789", "must_change_password": false})")
              .ok());
  repository.api(http::Method::put, "/collaborators/" + reviewer, R"({"permission": "write"})");
  const auto number = static_cast<std::uint64_t>(repository.pull("one"));
  const auto second = static_cast<std::uint64_t>(repository.pull("two"));
  const std::string pulls = "/pulls/" + std::to_string(second);
  const auto review =
      server().api(http::Method::post, "/repos/bot/" + repository.name() + pulls + "/reviews?sudo=" + reviewer,
                   R"({"event": "APPROVED", "body": "fine", "commit_id": ")" + head.str() + "\"}");
  CAPTURE(review.body);
  REQUIRE(review.ok());
  await([&] { return *repository.api(http::Method::get, pulls).find("mergeable")->boolean(); });
  repository.api(http::Method::post, pulls + "/merge", R"({"Do": "merge"})");
  const auto merge = repository.api(http::Method::get, pulls);
  ChangesContract({.open = [&] { return std::move(repository.open().changes); },
                   .open_head = open_head,
                   .merged_head = head,
                   .merge = commit_id(merge.text("merge_commit_sha")),
                   .approver = reviewer,
                   .first = number,
                   .second = second})
      .run();
}

TEST_CASE("the whole pipeline runs on Gitea, from a preview to a rollback, and again") {
  GiteaWorld world;
  const std::string head = world.source.commit("feature", commit_id(world.first)).str();
  const auto number = static_cast<std::uint64_t>(world.source.pull("feature"));
  world.twin.put(std::string(oci_index_type), sample_index(head), "pr-" + std::to_string(number) + "-" + head);
  Client client = world.client();
  must(client->preview_up({.pr = number, .sha = head}));
  CHECK(!must(client->preview_prune({})).changed);
  world.source.api(http::Method::patch, "/pulls/" + std::to_string(number), R"({"state": "closed"})");
  CHECK(must(client->preview_prune({})).changed);
  CHECK(must(client->preview_list()).environments.empty());

  const auto release = [&](const std::string& commit, const std::string& version) {
    must(client->promote({.environment = "preprod", .sha = commit}));
    CHECK(code_of(client->release({.version = version})) == "gate_missing");
    must(client->gate_post({.gate = "preprod-tests", .sha = commit, .conclusion = "failure"}));
    CHECK(code_of(client->release({.version = version})) == "gate_failed");
    must(client->gate_post({.gate = "preprod-tests", .sha = commit, .conclusion = "success"}));
    CHECK(outcomes(must(client->release({.version = version}))) ==
          "git-tag=done image-tag=done commit=done forge-release=done ");
    CHECK(!must(client->release({.version = version})).changed);
    CHECK(world.twin.tag("v" + version) == world.digests.at(commit));
  };
  release(world.first, "1.0.0");
  release(world.second, "1.1.0");
  const Json made = world.source.api(http::Method::get, "/releases/tags/v1.1.0");
  CHECK(made.text("target_commitish") == world.second);
  CHECK(made.text("body").find(world.second) != std::string::npos);
  CHECK(made.text("body").find("Change 2") != std::string::npos);
  must(client->rollback({.target = "production", .to = "v1.0.0"}));
  CHECK(code_of(client->release({.version = "1.1.0"})) == "superseded");
}

TEST_CASE("a policy that needs checks is refused by a forge that has none") {
  GiteaWorld world;
  must(world.client()->promote({.environment = "preprod", .sha = world.second}));
  const auto report = must(world.client()->gate_show({.sha = world.second, .gate = "by-check"}));
  CHECK(report.gates.front().code == ErrorCode::unsupported);
  CHECK(code_of(world.client()->gate_post({.gate = "by-check", .sha = world.second, .conclusion = "success"})) ==
        "unsupported");
}
