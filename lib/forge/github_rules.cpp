#include <algorithm>
#include <set>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/code_owners.hpp"
#include "forge/github.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::flag_of;
using forge::number_of;
using forge::text_of;

/// What makes a direct push impossible but for those who may pass it by.
bool keeps_from_pushing(std::string_view kind) { return kind == "pull_request" || kind == "update"; }

/// `user ada`, `team ops`, `app deploy`: who a list of the classic protection names.
void add_named(const Json& protection, std::string_view pointer, std::vector<std::string>& names) {
  for (const auto& [list, kind, member] : {std::tuple("users", "user", "/login"), std::tuple("teams", "team", "/slug"),
                                           std::tuple("apps", "app", "/slug")}) {
    const Json* found = protection.at_pointer(fmt::format("{}/{}", pointer, list));
    if (found == nullptr || found->array() == nullptr) continue;
    for (const Json& one : *found->array())
      names.push_back(fmt::format("{} {}", kind, printable(text_of(one, member))));
  }
}

/// As a ruleset names who may pass it by: by a number and a kind.
std::string actor_of(const Json& actor) {
  const std::string kind = text_of(actor, "/actor_type");
  const std::int64_t id = number_of(actor, "/actor_id");
  if (kind == "OrganizationAdmin") return "the owners of the organization";
  if (kind == "DeployKey") return "deploy keys";
  if (kind == "RepositoryRole") return fmt::format("the repository role {}{}", id, id == 5 ? " (admin)" : "");
  return fmt::format("{} {}", kind == "Integration" ? "app" : kind == "Team" ? "team" : "user", id);
}

class GithubRules final : public Rules {
 public:
  explicit GithubRules(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<BranchRules> of_branch(Context& context, std::string_view branch) override {
    const std::string path = forge::path_of(branch);
    SB_TRY(const auto found, api_->get(context, "/branches/" + path));
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    SB_TRY(const auto rules, api_->list(context, fmt::format("/rules/branches/{}?per_page=100", path), ""));
    BranchRules kept{.is_protected = flag_of(json, "/protected") || !rules.empty()};
    SB_CHECK(add_rulesets(context, rules, kept));
    if (flag_of(json, "/protected")) SB_CHECK(add_protection(context, path, kept));
    SB_CHECK(add_owner_mistakes(context, path, kept));
    return kept;
  }

  std::vector<std::string> code_owner_files() const override {
    return {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"};
  }

  std::optional<bool> names_owner(std::string_view code_owners, std::string_view name) const override {
    return github::names_owner(code_owners, name);
  }

 private:
  Result<void> add_rulesets(Context& context, const std::vector<Json>& rules, BranchRules& kept) {
    std::set<std::int64_t> keeping;
    for (const Json& rule : rules) {
      const std::string kind = text_of(rule, "/type");
      if (kind == "non_fast_forward") kept.allows_force_pushes = false;
      if (kind == "deletion") kept.allows_deletion = false;
      if (flag_of(rule, "/parameters/require_code_owner_review")) kept.needs_code_owners = true;
      if (keeps_from_pushing(kind)) keeping.insert(number_of(rule, "/ruleset_id"));
    }
    for (const std::int64_t id : keeping) SB_CHECK(add_actors(context, id, kept));
    return {};
  }

  /// Those who may pass a ruleset by. They are shown only to who may change it.
  Result<void> add_actors(Context& context, std::int64_t id, BranchRules& kept) {
    if (!kept.may_push) kept.may_push.emplace();
    SB_TRY(const auto found, api_->get(context, fmt::format("/rulesets/{}", id)));
    const std::string who = fmt::format("who may pass by the ruleset {} of {}", id, location());
    if (!found.ok()) {
      kept.unknown.push_back(fmt::format("{}: {}", who, api_->error_of(found).message));
      return {};
    }
    SB_TRY(const Json json, api_->json(found));
    const Json* actors = json.find("bypass_actors");
    if (actors == nullptr || actors->array() == nullptr) {
      kept.unknown.push_back(fmt::format("{}: it says so only to those who may change it", who));
      return {};
    }
    for (const Json& actor : *actors->array()) kept.may_push->push_back(actor_of(actor));
    return {};
  }

  /// The protection that branches had before there were rulesets, and may still have.
  Result<void> add_protection(Context& context, const std::string& path, BranchRules& kept) {
    SB_TRY(const auto found, api_->get(context, fmt::format("/branches/{}/protection", path)));
    // Rulesets alone protect it.
    if (found.status() == 404) return {};
    if (!found.ok()) {
      kept.is_whole = false;
      kept.unknown.push_back(
          fmt::format("how {} protects its branch {}: {}", location(), path, api_->error_of(found).message));
      return {};
    }
    SB_TRY(const Json json, api_->json(found));
    if (!flag_of(json, "/allow_force_pushes/enabled")) kept.allows_force_pushes = false;
    if (!flag_of(json, "/allow_deletions/enabled")) kept.allows_deletion = false;
    if (flag_of(json, "/required_pull_request_reviews/require_code_owner_reviews")) kept.needs_code_owners = true;
    const bool reviewed = json.find("required_pull_request_reviews") != nullptr;
    if (!reviewed && json.find("restrictions") == nullptr) return {};
    if (!kept.may_push) kept.may_push.emplace();
    add_named(json, reviewed ? "/required_pull_request_reviews/bypass_pull_request_allowances" : "/restrictions",
              *kept.may_push);
    if (!flag_of(json, "/enforce_admins/enabled")) kept.may_push->emplace_back("administrators");
    return {};
  }

  Result<void> add_owner_mistakes(Context& context, const std::string& path, BranchRules& kept) {
    SB_TRY(const auto found, api_->get(context, fmt::format("/codeowners/errors?ref={}", path)));
    // No such file: whoever looks for it says so.
    if (found.status() == 404) return {};
    if (!found.ok()) {
      kept.unknown.push_back(
          fmt::format("whether {} understands its code owners: {}", location(), api_->error_of(found).message));
      return {};
    }
    SB_TRY(const Json json, api_->json(found));
    const Json* errors = json.find("errors");
    if (errors == nullptr || errors->array() == nullptr) return api_->bad_answer(found, "with no list of errors");
    for (const Json& error : *errors->array())
      kept.owner_mistakes.push_back(fmt::format("{}:{}: {}", printable(text_of(error, "/path")),
                                                number_of(error, "/line"), printable(text_of(error, "/kind"))));
    return {};
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Rules> open_rules(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GithubRules>(std::move(api));
}

}  // namespace samebits::github
