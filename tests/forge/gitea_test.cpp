// The ports and the pipeline on a real Gitea.
#include "contracts/changes_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/releases_contract.hpp"
#include "contracts/source_contract.hpp"
#include "forge/gitea_patterns.hpp"
#include "forge/gitea_world.hpp"
#include "support/outcomes.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

NetworkOptions network_of(const std::string& token) {
  return {.credentials = {{.target = server().url(), .credential = {.token = Secret(token)}}}};
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

TEST_CASE("what another account says under a gate's name passes nothing at Gitea, and does not count as posted") {
  GiteaWorld world;
  must(world.client()->promote({.environment = "preprod", .sha = world.second}));
  const std::string other = new_name();
  REQUIRE(server()
              .api(http::Method::post, "/admin/users",
                   R"({"username": ")" + other + R"(", "email": ")" + other +
                       R"(@example.com", "password": "pass-0123456789", "must_change_password": false})")
              .ok());
  world.source.api(http::Method::put, "/collaborators/" + other, R"({"permission": "write"})");
  world.source.api(http::Method::post, "/statuses/" + world.second + "?sudo=" + other,
                   R"({"state": "success", "context": "ci/preprod", "description": ")" +
                       world.digests.at(world.second) + R"( preprod success"})");
  const auto report = must(world.client()->gate_show({.sha = world.second, .gate = "preprod-tests"}));
  CHECK(report.gates.front().reason == "other_producer");
  CHECK(code_of(world.client()->release({.version = "1.0.0"})) == "gate_missing");
  CHECK(
      must(world.client()->gate_post({.gate = "preprod-tests", .sha = world.second, .conclusion = "success"})).changed);
  must(world.client()->release({.version = "1.0.0"}));
}

TEST_CASE("a policy that needs checks is refused by a forge that has none") {
  GiteaWorld world;
  must(world.client()->promote({.environment = "preprod", .sha = world.second}));
  const auto report = must(world.client()->gate_show({.sha = world.second, .gate = "by-check"}));
  CHECK(report.gates.front().code == ErrorCode::unsupported);
  CHECK(code_of(world.client()->gate_post({.gate = "by-check", .sha = world.second, .conclusion = "success"})) ==
        "unsupported");
}

TEST_CASE("doctor finds the scope that a token lacks, on Gitea itself, and makes nothing") {
  GiteaRepository repository;
  const CommitId commit = repository.commit("main", {});
  Context context;
  const auto scope_wanted = [&](const std::string& scope, const std::function<Error(const ForgePorts&)>& ask) {
    Network network(network_of(server().make_token(scope)));
    const Error error = ask(must(open_forge(repository.location(), network)));
    CHECK(error.code == ErrorCode::permission_missing);
    return error.hint;
  };
  CHECK(scope_wanted("read:repository", [&](const ForgePorts& ports) {
          const auto found = must(ports.changes->examine(context, {}));
          return found.empty() ? Error{} : found.front();
        }) == "give the token one of these scopes: write:repository");
  CHECK(scope_wanted("read:repository", [&](const ForgePorts& ports) {
          return ports.evidence->may_post(context, commit, EvidenceKind::status).error();
        }) == "give the token one of these scopes: write:repository");
  CHECK(scope_wanted("read:issue", [&](const ForgePorts& ports) {
          return ports.evidence->list(context, commit).error();
        }) == "give the token one of these scopes: read:repository");
  const auto ports = repository.open();
  CHECK(must(ports.evidence->may_post(context, commit, EvidenceKind::status)));
  CHECK(must(ports.source->list_tags(context)).empty());
  CHECK(must(ports.evidence->list(context, commit)).items.empty());
}

TEST_CASE("tags are protected by the rules that Gitea thinks of") {
  GiteaRepository repository;
  (void)repository.commit("main", {});
  const std::string keeper = repository.collaborator();
  int made = 0;
  for (const std::string pattern :
       {"v*", "V*", "v?.?.?", "{v,w}*", "v[0-9].*", "v[!0-9]*", "**", "/^v[0-9]/", "/.0$/", "/2/", "v\\*", "v*.0"}) {
    CAPTURE(pattern);
    Json wanted;
    wanted.add("name_pattern", pattern);
    wanted.add("whitelist_usernames", Json::Array{keeper});
    const Json rule = repository.api(http::Method::post, "/tag_protections", write_json(wanted));
    for (const char* form : {"v1.2.3-%", "v1.0.0%", "w2%", "api/v1.%.0"}) {
      std::string tag = form;
      tag.replace(tag.find('%'), 1, std::to_string(++made));
      CAPTURE(tag);
      const auto answer = server().api(http::Method::post, "/repos/bot/" + repository.name() + "/tags",
                                       R"({"target": "main", "tag_name": ")" + tag + "\"}");
      CAPTURE(answer.body);
      REQUIRE((answer.ok() || answer.status < 500));
      CHECK(gitea::fits_tag(pattern, tag) == std::optional(!answer.ok()));
    }
    repository.api(http::Method::del, "/tag_protections/" + std::to_string(*rule.find("id")->integer()));
  }
}

TEST_CASE("those are asked for a review that Gitea finds in its code owners") {
  GiteaRepository repository;
  const std::string owner = repository.collaborator();
  std::optional<CommitId> base;
  int changes = 0;
  for (const std::string line : {"samebits.yaml", "/samebits.yaml", "samebits", "*.yaml", ".*\\\\.yaml", "!.*\\\\.txt",
                                 "docs/.*", "file|samebits.yaml", "# samebits.yaml"}) {
    CAPTURE(line);
    const std::string text = line + " @" + owner + " # the rules\n";
    repository.write("CODEOWNERS", text);
    base = repository.commit("main", base);
    repository.write("samebits.yaml", std::to_string(++changes));
    const std::string branch = "change-" + std::to_string(changes);
    (void)repository.commit(branch, *base);
    const std::string pull = "/pulls/" + std::to_string(repository.pull(branch));
    const auto reviewers = [&] {
      const Json* found = repository.api(http::Method::get, pull).find("requested_reviewers");
      return found != nullptr && found->array() != nullptr && !found->array()->empty();
    };
    const auto rules = std::move(repository.open().rules);
    const auto named = rules->names_owner(text, "samebits.yaml");
    // The other file that each commit changes counts as well.
    if (named == true || rules->names_owner(text, "file.txt") == true)
      await(reviewers);
    else if (named)
      CHECK(!reviewers());
  }
}

TEST_CASE("the rules of a branch are read as Gitea has them") {
  GiteaRepository repository;
  (void)repository.commit("main", {});
  Context context;
  CHECK(!must(repository.open().rules->of_branch(context, "main")).is_protected);
  repository.api(http::Method::post, "/branch_protections",
                 R"({"rule_name": "ma*", "enable_push": true, "enable_push_whitelist": true,
                     "push_whitelist_usernames": ["bot"], "block_on_official_review_requests": true})");
  const BranchRules kept = must(repository.open().rules->of_branch(context, "main"));
  CHECK(kept.is_protected);
  CHECK(kept.is_whole);
  CHECK(!kept.allows_force_pushes);
  CHECK(!kept.allows_deletion);
  CHECK(kept.needs_code_owners);
  CHECK(kept.may_push == std::vector<std::string>{"user bot", "administrators, by merging"});
}
