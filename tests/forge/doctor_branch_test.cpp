// How doctor looks at the branch of a GitOps repository that is at a forge.
#include "forge/forge_world.hpp"
#include "forge/remote_gitops.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A world whose GitOps repository is at the double as well, and has code owners.
struct OwnedWorld {
  ForgeWorld world;
  GithubDouble& forge = world.forge;

  OwnedWorld() { add_file(world.options().gitops, ".github/CODEOWNERS", "samebits.yaml @ada\n"); }

  Report report(const std::string& location = "") const {
    ClientOptions options = world.options();
    options.ports.gitops = [&] {
      return std::make_unique<RemoteGitOps>(world.options().gitops, location.empty() ? forge.url() : location);
    };
    return must(Client(options).promoter().doctor({}));
  }
  std::string findings() const {
    std::string text;
    for (const Error& finding : report().findings) {
      text += finding.message + "\n";
      CHECK(!finding.hint.empty());
    }
    return text;
  }
  std::string unknown(const std::string& location = "") const {
    std::string text;
    for (const std::string& line : report(location).unknown) text += line + "\n";
    return text;
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("doctor has no findings where the branch is kept, and says who may go past review") {
  OwnedWorld owned;
  CHECK(owned.findings().empty());
  CHECK(has(owned.unknown(), "may be changed past review by: app 424242;"));
  CHECK(!has(owned.unknown(), "direct pushes but of the promoter"));
}

TEST_CASE("doctor says what each missing rule lets happen to the branch") {
  OwnedWorld owned;
  owned.forge.branch_rules = {"deletion", "pull_request"};
  CHECK(has(owned.findings(), "may be pushed to by force"));
  CHECK(!has(owned.findings(), "may be removed"));
  owned.forge.branch_rules = {"non_fast_forward", "pull_request"};
  CHECK(has(owned.findings(), "may be removed"));
  CHECK(!has(owned.findings(), "by force"));
  owned.forge.branch_rules = {"deletion", "non_fast_forward"};
  CHECK(has(owned.findings(), "may be pushed to by whoever may write"));
  owned.forge.branch_rules = {"deletion", "non_fast_forward", "update"};
  CHECK(!has(owned.findings(), "whoever may write"));
  CHECK(has(owned.findings(), "without a review of their code owners"));
  owned.forge.branch_rules = {"deletion", "non_fast_forward", "pull_request"};
  owned.forge.wants_code_owners = false;
  CHECK(has(owned.findings(), "without a review of their code owners"));
  owned.forge.branch_rules.clear();
  owned.forge.branch_is_protected = false;
  CHECK(has(owned.findings(), "is not protected: whoever may write there decides"));
}

TEST_CASE("doctor names all who may pass the rules by, or says that they are not shown") {
  OwnedWorld owned;
  owned.forge.bypass_actors =
      R"([{"actor_type": "RepositoryRole", "actor_id": 5}, {"actor_type": "OrganizationAdmin", "actor_id": 1},
          {"actor_type": "DeployKey"}, {"actor_type": "Team", "actor_id": 7}, {"actor_type": "User", "actor_id": 8}])";
  CHECK(has(
      owned.unknown(),
      "past review by: the repository role 5 (admin), the owners of the organization, deploy keys, team 7, user 8;"));
  owned.forge.bypass_actors = "[]";
  CHECK(!has(owned.unknown(), "past review by"));
  owned.forge.bypass_actors = "";
  CHECK(has(owned.unknown(), "who may pass by the ruleset 41"));
  CHECK(owned.findings().empty());
}

TEST_CASE("the protection that is older than rulesets counts as well") {
  OwnedWorld owned;
  owned.forge.branch_rules.clear();
  const std::string reviews = R"("required_pull_request_reviews": {"require_code_owner_reviews": true,
    "bypass_pull_request_allowances": {"users": [{"login": "ada"}], "teams": [{"slug": "ops"}], "apps": []}})";
  owned.forge.branch_protection = R"({"enforce_admins": {"enabled": true}, )" + reviews + "}";
  CHECK(owned.findings().empty());
  CHECK(has(owned.unknown(), "past review by: user ada, team ops;"));
  owned.forge.branch_protection = R"({"enforce_admins": {"enabled": false}, )" + reviews + "}";
  CHECK(has(owned.unknown(), "past review by: user ada, team ops, administrators;"));
  owned.forge.branch_protection =
      R"({"restrictions": {"users": [], "teams": [], "apps": [{"slug": "deploy"}]}, "enforce_admins": {"enabled": true}})";
  CHECK(has(owned.unknown(), "past review by: app deploy;"));
  CHECK(has(owned.findings(), "code owners"));
  owned.forge.branch_protection =
      R"({"allow_force_pushes": {"enabled": true}, "allow_deletions": {"enabled": true}, )" + reviews + "}";
  CHECK(has(owned.findings(), "by force"));
  CHECK(has(owned.findings(), "may be removed"));
  owned.forge.branch_protection = R"({"enforce_admins": {"enabled": true}})";
  CHECK(has(owned.findings(), "may be pushed to by whoever may write"));
}

TEST_CASE("what the token may not read of the branch is not known, and no finding") {
  OwnedWorld owned;
  owned.forge.branch_rules.clear();
  owned.forge.branch_protection = "{}";
  owned.forge.permissions.erase("administration=read");
  CHECK(owned.findings().empty());
  CHECK(has(owned.unknown(), "administration: read"));
  CHECK(has(owned.unknown(), "as far as its rules can be read, the branch main of"));
  owned.forge.permissions.insert("administration=read");
  owned.forge.before = [](const Asked& asked) {
    const bool refuse = asked.path().find("/rules/branches/") != std::string::npos;
    return refuse ? std::optional(Answer{.status = 403, .body = R"({"message": "no"})"}) : std::nullopt;
  };
  CHECK(has(owned.unknown(), "direct pushes but of the promoter ("));
}

TEST_CASE("mistakes in the file of code owners are findings") {
  OwnedWorld owned;
  owned.forge.owner_errors =
      R"([{"line": 3, "column": 1, "kind": "Unknown owner", "message": "x", "path": ".github/CODEOWNERS"}])";
  CHECK(has(owned.findings(), "does not understand its code owners: .github/CODEOWNERS:3: Unknown owner"));
}

TEST_CASE("a GitOps repository at a host that nobody calls a forge is for people to look at") {
  OwnedWorld owned;
  CHECK(has(owned.unknown("https://git.example.com/acme/gitops"), "direct pushes but of the promoter\n"));
}
