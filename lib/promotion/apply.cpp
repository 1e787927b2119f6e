#include "promotion/apply.hpp"

#include <algorithm>
#include <vector>

#include <samebits/documents.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {

Result<SavedPlan> read_plan(std::string_view text) {
  SB_TRY(const Json json, parse_json(text, "the plan"));
  const Json* request = json.find("request");
  if (json.text("kind") == "Plan" && json.text("apiVersion") == "samebits/v1" && request != nullptr &&
      request->object() != nullptr)
    return SavedPlan{.operation = json.text("operation"),
                     .promotion_id = json.text("promotionId"),
                     .request = write_json(*request),
                     .json = std::string(text)};
  return Error{.code = ErrorCode::bad_request,
               .message = "the document is no samebits/v1 Plan",
               .hint = "make one with --dry-run --output json"};
}

namespace {

/// The lines that a plan's diff adds and removes, without those that are new in each plan: who promotes, and when.
std::vector<std::string> changed_lines(const Json& plan) {
  std::vector<std::string> changed;
  const std::string diff = plan.text("diff");
  for (const std::string_view line : split(diff, '\n')) {
    if (!line.starts_with('+') && !line.starts_with('-')) continue;
    if (line.substr(1).starts_with("\"actor\": ") || line.substr(1).starts_with("\"time\": ")) continue;
    changed.emplace_back(line);
  }
  // Where one of those two is as before, the lines around it stand in another order.
  std::sort(changed.begin(), changed.end());
  return changed;
}

Error outdated(std::string_view what) {
  return Error{.code = ErrorCode::plan_outdated,
               .message = fmt::format("the plan no longer holds: {} differs", what),
               .hint = "make a new plan and look at it again"};
}

}  // namespace

Result<void> require_same_plan(const SavedPlan& saved, const Plan& now, bool tags_are_ours) {
  SB_TRY(const Json before, parse_json(saved.json, "the plan"));
  SB_TRY(const Json after, parse_json(to_json(now), "the plan"));
  for (const std::string_view pointer :
       {"/operation", "/promotionId", "/images", "/changes", "/basis/policy", "/basis/files", "/basis/tags",
        "/basis/evidence", "/basis/source", "/basis/gitops/branch"}) {
    if (tags_are_ours && pointer == "/basis/tags") continue;
    const Json* left = before.at_pointer(pointer);
    const Json* right = after.at_pointer(pointer);
    if (left != nullptr && right != nullptr && *left == *right) continue;
    return outdated(pointer.substr(1));
  }
  return changed_lines(before) == changed_lines(after) ? Result<void>() : outdated("diff");
}

}  // namespace samebits
