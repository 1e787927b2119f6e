#include <samebits/reconciler.hpp>

namespace samebits {

std::string_view to_string(SyncStatus status) noexcept {
  switch (status) {
    case SyncStatus::synced:
      return "Synced";
    case SyncStatus::out_of_sync:
      return "OutOfSync";
    case SyncStatus::unknown:
      break;
  }
  return "Unknown";
}

std::string_view to_string(HealthStatus status) noexcept {
  switch (status) {
    case HealthStatus::healthy:
      return "Healthy";
    case HealthStatus::progressing:
      return "Progressing";
    case HealthStatus::degraded:
      return "Degraded";
    case HealthStatus::suspended:
      return "Suspended";
    case HealthStatus::missing:
      return "Missing";
    case HealthStatus::unknown:
      break;
  }
  return "Unknown";
}

std::string_view to_string(OperationPhase phase) noexcept {
  switch (phase) {
    case OperationPhase::running:
      return "Running";
    case OperationPhase::terminating:
      return "Terminating";
    case OperationPhase::succeeded:
      return "Succeeded";
    case OperationPhase::failed:
      return "Failed";
    case OperationPhase::error:
      break;
  }
  return "Error";
}

}  // namespace samebits
