#include <algorithm>

#include "core/decision.hpp"

namespace samebits {

std::string_view to_string(Operation operation) noexcept {
  switch (operation) {
    case Operation::promote:
      return "promote";
    case Operation::preview_up:
      return "preview-up";
    case Operation::preview_down:
      return "preview-down";
    case Operation::release:
      return "release";
    case Operation::rollback:
      return "rollback";
    case Operation::gate_post:
      return "gate-post";
  }
  return "unknown";
}

bool Decision::targets_done() const noexcept {
  return std::all_of(targets.begin(), targets.end(),
                     [](const TargetDecision& target) { return target.action == TargetDecision::Action::none; });
}

Result<Planned> plan(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  switch (intent.operation) {
    case Operation::promote:
      return plan_promote(intent, pipeline, facts);
    case Operation::preview_up:
      return plan_preview_up(intent, pipeline, facts);
    case Operation::preview_down:
      return plan_preview_down(intent, pipeline, facts);
    case Operation::release:
      return plan_release(intent, pipeline, facts);
    case Operation::rollback:
      return plan_rollback(intent, pipeline, facts);
    case Operation::gate_post:
      return plan_gate_post(intent, pipeline, facts);
  }
  return Error{.code = ErrorCode::internal, .message = "an operation without a planner"};
}

}  // namespace samebits
