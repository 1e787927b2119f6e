#include "forge/github_examine.hpp"

#include <set>
#include <utility>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::text_of;
using Findings = std::vector<Error>;

/// Most rulesets that are looked at.
constexpr std::size_t max_rulesets = 20;
constexpr std::string_view wanted_rules = "add a ruleset for tags that forbids updates and deletions";

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

/// The kinds of rules that some active ruleset holds tags to.
Result<std::set<std::string>> tag_rules(Context& context, Api& api, const Json& rulesets) {
  std::set<std::string> kinds;
  std::size_t looked_at = 0;
  for (const Json& ruleset : *rulesets.array()) {
    if (text_of(ruleset, "/target") != "tag" || text_of(ruleset, "/enforcement") != "active") continue;
    if (++looked_at > max_rulesets) break;
    SB_TRY(const auto found, api.get(context, fmt::format("/rulesets/{}", forge::number_of(ruleset, "/id"))));
    if (!found.ok()) return api.error_of(found);
    SB_TRY(const Json json, api.json(found));
    const Json* rules = json.find("rules");
    if (rules == nullptr || rules->array() == nullptr) continue;
    for (const Json& rule : *rules->array()) kinds.insert(rule.text("type"));
  }
  return kinds;
}

Result<void> examine_tags(Context& context, Api& api, Findings& findings) {
  SB_TRY(const auto listed, api.get(context, "/rulesets?targets=tag&per_page=100"));
  if (!listed.ok()) {
    findings.push_back(unreadable(api, listed, "the rules for tags"));
    return {};
  }
  SB_TRY(const Json rulesets, api.json(listed));
  if (rulesets.array() == nullptr) return api.bad_answer(listed, "with no list of rulesets");
  SB_TRY(const auto kinds, tag_rules(context, api, rulesets));
  for (const auto& [kind, lacks] : {std::pair{"update", "moved"}, std::pair{"deletion", "removed"}})
    if (!kinds.contains(kind))
      findings.push_back(finding(api, ErrorCode::unverified,
                                 fmt::format("no rule keeps release tags from being {}", lacks), wanted_rules));
  return {};
}

}  // namespace

Result<std::vector<Error>> examine(Context& context, Api& api) {
  Findings findings;
  SB_CHECK(examine_rights(context, api, findings));
  SB_CHECK(examine_branch(context, api, findings));
  SB_CHECK(examine_tags(context, api, findings));
  return findings;
}

}  // namespace samebits::github
