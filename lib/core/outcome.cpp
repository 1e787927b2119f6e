#include <samebits/reports.hpp>

#include "core/gates.hpp"

namespace samebits {

ErrorKind outcome_of(const GateReport& report, const GateShowRequest& request) noexcept {
  if (request.exit_zero) return ErrorKind::none;
  const GateVerdict* gate = deciding_gate(report.gates);
  return gate == nullptr ? ErrorKind::none : kind_of(gate->code.value_or(ErrorCode::gate_missing));
}

ErrorKind outcome_of(const Report& report) noexcept {
  return report.findings.empty() ? ErrorKind::none : ErrorKind::usage;
}

ErrorKind outcome_of(const Status& status, const StatusRequest& request) noexcept {
  const bool good = status.drift.empty() && status.unfinished.empty();
  return request.exit_code && !good ? ErrorKind::policy : ErrorKind::none;
}

ErrorKind outcome_of(const Rollout& rollout) noexcept {
  return rollout.error ? rollout.error->kind() : ErrorKind::none;
}

}  // namespace samebits
