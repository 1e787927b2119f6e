#include "servers/github_answer.hpp"
#include "servers/github_double.hpp"

namespace samebits::test {

namespace {

constexpr std::int64_t tag_ruleset = 31;
constexpr std::int64_t branch_ruleset = 41;

Json texts(const std::vector<std::string>& items) { return Json::Array(items.begin(), items.end()); }

Json given(const std::string& json) { return *parse_json(json, "what a test gives"); }

Json ruleset(std::int64_t id, const std::string& name, const std::string& target) {
  return Json::Object{
      {"id", id}, {"name", name}, {"target", target}, {"source", "acme/service-demo"}, {"enforcement", "active"}};
}

Json conditions(const std::vector<std::string>& include, const std::vector<std::string>& exclude) {
  return Json::Object{{"ref_name", Json::Object{{"include", texts(include)}, {"exclude", texts(exclude)}}}};
}

}  // namespace

Answer GithubDouble::rulesets(const Route& route) const {
  Json tags = ruleset(tag_ruleset, "tags", "tag");
  if (route.parts.size() == 1)
    return json_answer(200, has_tag_rules ? Json(Json::Array{std::move(tags)}) : Json(Json::Array()));
  Json::Array rules;
  if (route.parts[1] == std::to_string(branch_ruleset)) {
    Json branches = ruleset(branch_ruleset, "branches", "branch");
    branches.add("conditions", conditions({"~ALL"}, {}));
    if (!bypass_actors.empty()) branches.add("bypass_actors", given(bypass_actors));
    return json_answer(200, branches);
  }
  for (const std::string& kind : tag_rules) rules.push_back(Json::Object{{"type", kind}});
  tags.add("conditions", conditions(tags_included, tags_excluded));
  tags.add("rules", std::move(rules));
  return json_answer(200, tags);
}

/// `/rules/branches/NAME`: those of all rulesets that hold for it.
Answer GithubDouble::rules(const Route& route) const {
  std::vector<Json> found;
  for (const std::string& kind : branch_rules) {
    Json rule = Json::Object{{"type", kind},
                             {"ruleset_source_type", "Repository"},
                             {"ruleset_source", "acme/service-demo"},
                             {"ruleset_id", branch_ruleset}};
    if (kind == "pull_request")
      rule.add("parameters",
               Json::Object{{"required_approving_review_count", 1}, {"require_code_owner_review", wants_code_owners}});
    found.push_back(std::move(rule));
  }
  return paged(route, found, "");
}

Answer GithubDouble::protection(const Route& route) const {
  const auto& parts = route.parts;
  if (parts[0] == "codeowners") {
    if (auto refused = refuse("contents=read")) return *refused;
    return json_answer(200, Json::Object{{"errors", given(owner_errors)}});
  }
  if (parts.size() < 2 || !branches_.contains(parts[1])) return github_error(404, "Branch not found");
  if (parts.size() == 3 && parts[2] == "protection") {
    if (auto refused = refuse("administration=read")) return *refused;
    return branch_protection.empty() ? github_error(404, "Branch not protected")
                                     : json_answer(200, given(branch_protection));
  }
  return json_answer(200, Json::Object{{"name", parts[1]}, {"protected", branch_is_protected}});
}

}  // namespace samebits::test
