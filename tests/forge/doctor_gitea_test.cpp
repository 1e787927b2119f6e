// What doctor asks of Gitea, as Gitea 1.23 and later word their answers.
#include <map>
#include <set>

#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A repository at Gitea whose token has some scopes. Answers by `METHOD path` below the repository.
class GiteaAnswers {
 public:
  GiteaAnswers() : server_([this](const Asked& asked) { return answer(asked); }) {}

  ForgePorts open() {
    network_ = std::make_unique<Network>(network_with(server_.origin(), "t0ken"));
    return must(open_forge({.url = url(), .branch = "main", .forge = "gitea"}, *network_));
  }
  std::string url() const { return server_.origin() + "/acme/demo"; }
  std::string origin() const { return server_.origin(); }

  std::set<std::string> scopes = {"write:repository"};
  std::map<std::string, std::string> answers = {
      {"GET ", R"({"default_branch": "main", "permissions": {"push": true}})"},
      {"GET /branches/main", R"({"commit": {"id": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "protected": true,
                                 "effective_branch_protection_name": "ma*n"})"},
      {"GET /branch_protections/ma%2An", R"({"block_on_official_review_requests": true,
                                             "block_admin_merge_override": true})"},
      {"GET /tag_protections", R"([{"name_pattern": "v*"}])"}};
  /// As later versions word it.
  bool says_more = false;

 private:
  Answer answer(const Asked& asked) const {
    const std::string path = asked.path().substr(asked.path().find("/demo") + 5);
    const bool reads = asked.method == "GET";
    if (!scopes.contains("write:repository") && (!reads || !scopes.contains("read:repository"))) {
      const std::string wanted = reads ? "[read:repository]" : "[write:repository]";
      const std::string words = says_more ? ", required=" + wanted + ", token scope=read:issue" : ": " + wanted;
      return {.status = 403,
              .body = R"({"message": "token does not have at least one of required scope(s))" + words + "\"}"};
    }
    // What has no name is refused.
    if (!reads) return {.status = 422, .body = R"({"message": "[TagName]: Required"})"};
    const auto found = answers.find(asked.method + " " + path);
    return found == answers.end() ? Answer{.status = 404, .body = "{}"} : Answer{.body = found->second};
  }

  LoopbackServer server_;
  std::unique_ptr<Network> network_;
};

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += item + "\n";
  return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// What doctor finds of a service whose source is there.
std::string findings(const GiteaAnswers& gitea) {
  const TempFolder folder;
  const auto work = GitRepository::with_work_tree(folder.path() / "gitops");
  must(init_folder(work.location(), {.service = "demo", .image = "oci:../images", .source = gitea.url()}));
  work.write("samebits.yaml",
             "apiVersion: samebits/v1\nservices:\n  demo: {image: \"oci:../images\", source: {url: \"" + gitea.url() +
                 "\", branch: main, forge: gitea}}\n"
                 "gates:\n  preprod-tests: {status: ci/preprod, creator: bot, environment: preprod}\n"
                 "release: {gates: [preprod-tests]}\n");
  work.commit_all("Begin");
  Client client({.gitops = work.location(), .network = network_with(gitea.origin(), "t0ken")});
  std::string text;
  for (const Error& finding : must(client.promoter().doctor({})).findings)
    text += finding.message + " | " + finding.hint + "\n";
  return text;
}

}  // namespace

TEST_CASE("doctor names the scope that a token of Gitea lacks, for each command") {
  GiteaAnswers gitea;
  gitea.answers["GET /statuses/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] = "[]";
  gitea.answers["GET /releases"] = "[]";
  const std::string well = findings(gitea);
  CAPTURE(well);
  CHECK(!has(well, "scope"));
  for (const bool says_more : {false, true}) {
    CAPTURE(says_more);
    gitea.says_more = says_more;
    gitea.scopes = {"read:repository"};
    const std::string reading = findings(gitea);
    CAPTURE(reading);
    CHECK(has(reading, "release may not make tags and releases"));
    CHECK(has(reading, "(gate post needs it) | give the token one of these scopes: write:repository\n"));
    CHECK(!has(reading, "read:repository"));
    gitea.scopes = {"read:issue"};
    const std::string nothing = findings(gitea);
    CAPTURE(nothing);
    for (const char* command : {"every promotion", "release"})
      CHECK(has(nothing,
                "(" + std::string(command) + " needs it) | give the token one of these scopes: read:repository\n"));
  }
}

TEST_CASE("nothing is made to learn what a token of Gitea may") {
  GiteaAnswers gitea;
  Context context;
  const auto ports = gitea.open();
  CHECK(must(ports.changes->examine(context, {})).empty());
  CHECK(must(ports.evidence->may_post(context, commit_id(std::string(40, 'a')), EvidenceKind::status)));
  gitea.scopes = {"read:repository"};
  CHECK(code_of(ports.evidence->may_post(context, commit_id(std::string(40, 'a')), EvidenceKind::status)) ==
        "permission_missing");
  gitea.answers["GET "] = R"({"archived": true, "permissions": {"push": true}})";
  CHECK(must(ports.changes->examine(context, {})).size() == 1);
}

TEST_CASE("a rule of Gitea for tags that leaves release tags out is found") {
  GiteaAnswers gitea;
  Context context;
  const std::vector<std::string> tags{"v1.2.3", "v1.0.0-rc.1"};
  const auto found_with = [&](const std::string& rules) {
    gitea.answers["GET /tag_protections"] = rules;
    std::string text;
    for (const Error& finding : must(gitea.open().changes->examine(context, tags))) text += finding.message + "\n";
    return text;
  };
  CHECK(found_with(R"([{"name_pattern": "v*"}])").empty());
  CHECK(found_with(R"([{"name_pattern": "x*"}, {"name_pattern": "/^v[0-9]/"}])").empty());
  CHECK(found_with("[]") == "no rule says who may make release tags\n");
  CHECK(found_with(R"([{"name_pattern": "x*"}])") == "no rule for tags holds for release tags such as v1.2.3\n");
  CHECK(found_with(R"([{"name_pattern": "v?.?.?"}])") ==
        "no rule for tags holds for release tags such as v1.0.0-rc.1\n");
  CHECK(found_with(R"([{"name_pattern": "/(?i)^V/"}])") ==
        "it cannot be told whether a rule for tags holds for release tags such as v1.2.3\n");
}

TEST_CASE("Gitea looks for code owners in its own places, by regular expressions") {
  GiteaAnswers gitea;
  const auto rules = std::move(gitea.open().rules);
  CHECK(joined(rules->code_owner_files()) == "CODEOWNERS\ndocs/CODEOWNERS\n.gitea/CODEOWNERS\n");
  CHECK(rules->names_owner(".*\\\\.yaml @ada\n", "samebits.yaml") == true);
  CHECK(!rules->names_owner("/samebits.yaml @ada\n", "samebits.yaml"));
}

TEST_CASE("Gitea's rules for a branch are read as they hold") {
  GiteaAnswers gitea;
  Context context;
  const auto rules_of = [&](const std::string& rule) {
    gitea.answers["GET /branch_protections/ma%2An"] = rule;
    return must(gitea.open().rules->of_branch(context, "main"));
  };
  const BranchRules closed = rules_of(R"({"enable_push": false, "block_admin_merge_override": true})");
  CHECK(closed.is_protected);
  CHECK(closed.is_whole);
  CHECK(!closed.allows_force_pushes);
  CHECK(!closed.allows_deletion);
  CHECK(!closed.needs_code_owners);
  CHECK(closed.may_push == std::vector<std::string>());
  CHECK(!rules_of(R"({"enable_push": true})").may_push);
  CHECK(rules_of(R"({"enable_push": true, "enable_force_push": true})").allows_force_pushes);
  CHECK(!rules_of(R"({"enable_push": false, "enable_force_push": true})").allows_force_pushes);
  CHECK(rules_of(R"({"block_on_official_review_requests": true})").needs_code_owners);
  CHECK(rules_of(R"({"block_on_codeowner_reviews": true})").needs_code_owners);
  CHECK(joined(*rules_of(R"({"enable_push": true, "enable_push_whitelist": true, "push_whitelist_usernames": ["ada"],
                             "push_whitelist_teams": ["ops"], "push_whitelist_deploy_keys": true,
                             "enable_bypass_allowlist": true, "bypass_allowlist_usernames": ["eve"]})")
                    .may_push) == "user ada\nteam ops\ndeploy keys\nuser eve\nadministrators, by merging\n");
}

TEST_CASE("a branch of Gitea without a rule is not protected, and rules that may not be read are not known") {
  GiteaAnswers gitea;
  Context context;
  gitea.answers["GET /branches/main"] = R"({"protected": false})";
  CHECK(!must(gitea.open().rules->of_branch(context, "main")).is_protected);
  gitea.answers["GET /branches/main"] = R"({"protected": true, "effective_branch_protection_name": ""})";
  const BranchRules hidden = must(gitea.open().rules->of_branch(context, "main"));
  CHECK(hidden.is_protected);
  CHECK(!hidden.is_whole);
  CHECK(has(joined(hidden.unknown), "only to administrators"));
  gitea.answers.erase("GET /branches/main");
  CHECK(code_of(gitea.open().rules->of_branch(context, "main")) == "repository_missing");
}
