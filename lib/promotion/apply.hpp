#pragma once

#include <string>
#include <string_view>

#include <samebits/plan.hpp>

namespace samebits {

/// What `apply` takes from a plan's document: the intent, never the steps.
struct SavedPlan {
  std::string operation;
  std::string promotion_id;
  std::string request;
  std::string json;
};

/// Errors: bad_request if it is no plan.
Result<SavedPlan> read_plan(std::string_view json);

/// `tags_are_ours`: the tags differ by what was done for this plan, and are not compared.
/// Errors: plan_outdated, naming what differs, if the world gives another plan now.
Result<void> require_same_plan(const SavedPlan& saved, const Plan& now, bool tags_are_ours = false);

}  // namespace samebits
