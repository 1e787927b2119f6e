#include "forge/github_examine.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/ref_pattern.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::text_of;
using Findings = std::vector<Error>;

/// Most rulesets that are looked at.
constexpr std::size_t max_rulesets = 20;
constexpr std::string_view wanted_rules = "add a ruleset for tags that forbids updates and deletions";
constexpr std::string_view wanted_patterns = "let the ruleset for tags include every release tag, and exclude none";

Error finding(const Api& api, ErrorCode code, std::string message, std::string_view hint) {
  return Error{
      .code = code, .message = std::move(message), .hint = std::string(hint), .remote = api.address().location()};
}

/// What may not be read is not known: the finding says what would be.
Error unreadable(const Api& api, const forge::Exchange& exchange, std::string_view what) {
  Error error = api.error_of(exchange);
  error.message = fmt::format("{} cannot be read: {}", what, error.message);
  return error;
}

Result<void> examine_rights(Context& context, Api& api, Findings& findings) {
  SB_TRY(const auto found, api.get(context, ""));
  if (!found.ok()) return api.error_of(found);
  SB_TRY(const Json repository, api.json(found));
  if (forge::flag_of(repository, "/archived"))
    findings.push_back(finding(api, ErrorCode::unverified, "the repository is archived, and takes no tags and releases",
                               "unarchive it, or give services.*.source the one that took its place"));
  for (const char* target : {"/git/refs", "/releases"}) {
    auto may = api.may_write(context, target);
    if (may) continue;
    if (may.error().code != ErrorCode::permission_missing) return may;
    Error missing = std::move(may).error();
    missing.message = fmt::format("release may not make tags and releases: {}", missing.message);
    findings.push_back(std::move(missing));
    break;
  }
  return {};
}

Result<void> examine_branch(Context& context, Api& api, Findings& findings) {
  SB_TRY(const std::string name, forge::protected_branch(context, api));
  SB_TRY(const auto branch, api.get(context, "/branches/" + http::percent_encode(name, "/")));
  // A branch that is not there is said by who looks for its tip.
  if (branch.status() == 404) return {};
  if (!branch.ok()) {
    findings.push_back(unreadable(api, branch, "the protection of the branch " + printable(name)));
    return {};
  }
  SB_TRY(const Json json, api.json(branch));
  if (!forge::flag_of(json, "/protected"))
    findings.push_back(finding(api, ErrorCode::unverified,
                               fmt::format("the branch {} is not protected", printable(name)),
                               "add a ruleset that demands pull requests and reviews for it"));
  return {};
}

/// The active rulesets for tags, each with its conditions and rules.
Result<std::vector<Json>> tag_rulesets(Context& context, Api& api, const Json& listed) {
  std::vector<Json> rulesets;
  for (const Json& ruleset : *listed.array()) {
    if (text_of(ruleset, "/target") != "tag" || text_of(ruleset, "/enforcement") != "active") continue;
    if (rulesets.size() == max_rulesets) break;
    SB_TRY(const auto found, api.get(context, fmt::format("/rulesets/{}", forge::number_of(ruleset, "/id"))));
    if (!found.ok()) return api.error_of(found);
    SB_TRY(Json json, api.json(found));
    rulesets.push_back(std::move(json));
  }
  return rulesets;
}

bool has_rule(const Json& ruleset, std::string_view kind) {
  const Json* rules = ruleset.find("rules");
  return rules != nullptr && rules->array() != nullptr &&
         std::any_of(rules->array()->begin(), rules->array()->end(),
                     [&](const Json& rule) { return text_of(rule, "/type") == kind; });
}

/// Whether some ruleset holds the tag to a rule of that kind.
bool is_held(const std::vector<Json>& rulesets, std::string_view kind, const std::string& tag) {
  return std::any_of(rulesets.begin(), rulesets.end(), [&](const Json& ruleset) {
    const Json* conditions = ruleset.find("conditions");
    return conditions != nullptr && has_rule(ruleset, kind) && forge::conditions_hold(*conditions, "refs/tags/" + tag);
  });
}

Result<void> examine_tags(Context& context, Api& api, std::span<const std::string> release_tags, Findings& findings) {
  SB_TRY(const auto listed, api.get(context, "/rulesets?targets=tag&per_page=100"));
  if (!listed.ok()) {
    findings.push_back(unreadable(api, listed, "the rules for tags"));
    return {};
  }
  SB_TRY(const Json list, api.json(listed));
  if (list.array() == nullptr) return api.bad_answer(listed, "with no list of rulesets");
  SB_TRY(const auto rulesets, tag_rulesets(context, api, list));
  for (const auto& [kind, lacks] : {std::pair{"update", "moved"}, std::pair{"deletion", "removed"}}) {
    const bool some = std::any_of(rulesets.begin(), rulesets.end(),
                                  [&kind = kind](const Json& ruleset) { return has_rule(ruleset, kind); });
    const auto free = std::find_if(release_tags.begin(), release_tags.end(),
                                   [&](const std::string& tag) { return !is_held(rulesets, kind, tag); });
    if (free == release_tags.end()) continue;
    findings.push_back(
        finding(api, ErrorCode::unverified,
                some ? fmt::format("the rules that keep tags from being {} do not hold for release tags such as {}",
                                   lacks, *free)
                     : fmt::format("no rule keeps release tags from being {}", lacks),
                some ? wanted_patterns : wanted_rules));
  }
  return {};
}

}  // namespace

Result<std::vector<Error>> examine(Context& context, Api& api, std::span<const std::string> release_tags) {
  Findings findings;
  SB_CHECK(examine_rights(context, api, findings));
  SB_CHECK(examine_branch(context, api, findings));
  SB_CHECK(examine_tags(context, api, release_tags, findings));
  return findings;
}

}  // namespace samebits::github
