#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/gitea.hpp"
#include "forge/gitea_patterns.hpp"

namespace samebits::gitea {
namespace {

using forge::Api;
using forge::flag_of;
using forge::text_of;

/// Those that a rule names in one of its lists.
void add_named(const Json& rule, std::string_view list, std::string_view kind, std::vector<std::string>& names) {
  const Json* found = rule.find(list);
  if (found == nullptr || found->array() == nullptr) return;
  for (const Json& one : *found->array())
    if (one.string() != nullptr) names.push_back(fmt::format("{} {}", kind, printable(*one.string())));
}

/// Those who may push, or merge what was not reviewed; nothing where that is whoever may write.
std::optional<std::vector<std::string>> past_review(const Json& rule) {
  std::vector<std::string> names;
  if (flag_of(rule, "/enable_push")) {
    if (!flag_of(rule, "/enable_push_whitelist")) return std::nullopt;
    add_named(rule, "push_whitelist_usernames", "user", names);
    add_named(rule, "push_whitelist_teams", "team", names);
    if (flag_of(rule, "/push_whitelist_deploy_keys")) names.emplace_back("deploy keys");
  }
  if (flag_of(rule, "/enable_bypass_allowlist")) {
    add_named(rule, "bypass_allowlist_usernames", "user", names);
    add_named(rule, "bypass_allowlist_teams", "team", names);
  }
  if (!flag_of(rule, "/block_admin_merge_override")) names.emplace_back("administrators, by merging");
  return names;
}

BranchRules rules_of(const Json& rule) {
  return {
      .is_protected = true,
      .allows_force_pushes = flag_of(rule, "/enable_push") && flag_of(rule, "/enable_force_push"),
      // A branch under a rule cannot be removed.
      .allows_deletion = false,
      // Whoever owns the files of a change is asked for a review, and that holds up the merge where the rule says so.
      .needs_code_owners =
          flag_of(rule, "/block_on_codeowner_reviews") || flag_of(rule, "/block_on_official_review_requests"),
      .may_push = past_review(rule)};
}

class GiteaRules final : public Rules {
 public:
  explicit GiteaRules(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<BranchRules> of_branch(Context& context, std::string_view branch) override {
    SB_TRY(const auto found, api_->get(context, "/branches/" + forge::path_of(branch)));
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    if (!flag_of(json, "/protected")) return BranchRules{};
    const std::string name = text_of(json, "/effective_branch_protection_name");
    if (name.empty()) return unread(branch, "it says so only to administrators of the repository");
    SB_TRY(const auto rule, api_->get(context, "/branch_protections/" + http::percent_encode(name)));
    if (!rule.ok()) return unread(branch, api_->error_of(rule).message);
    SB_TRY(const Json protection, api_->json(rule));
    return rules_of(protection);
  }

  std::vector<std::string> code_owner_files() const override {
    return {"CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"};
  }

  std::optional<bool> names_owner(std::string_view code_owners, std::string_view name) const override {
    return gitea::names_owner(code_owners, name);
  }

 private:
  BranchRules unread(std::string_view branch, std::string_view why) const {
    return {.is_protected = true,
            .is_whole = false,
            .unknown = {fmt::format("how {} protects its branch {}: {}", location(), printable(branch), why)}};
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Rules> open_rules(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GiteaRules>(std::move(api));
}

}  // namespace samebits::gitea
