#pragma once

#include <string>
#include <string_view>

#include <samebits/plan.hpp>

namespace samebits {

/// What `apply` takes from a plan's document: the intent, never the steps.
struct SavedPlan {
  std::string operation;
  std::string request;
  std::string json;
};

/// Errors: bad_request if it is no plan.
Result<SavedPlan> read_plan(std::string_view json);

/// Errors: plan_outdated, naming what differs, if the world gives another plan now.
Result<void> require_same_plan(const SavedPlan& saved, const Plan& now);

}  // namespace samebits
