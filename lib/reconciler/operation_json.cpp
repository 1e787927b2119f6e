#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "reconciler/application_json.hpp"

namespace samebits::argocd {
namespace {

constexpr std::size_t max_failing = 20;

/// What is not known is no success.
OperationPhase phase_of(const std::string& text) {
  constexpr std::array phases = {OperationPhase::running, OperationPhase::terminating, OperationPhase::succeeded,
                                 OperationPhase::failed};
  for (const OperationPhase phase : phases)
    if (to_string(phase) == text) return phase;
  return OperationPhase::error;
}

std::string promotion_id_of(const Json* operation) {
  for (const Json& info : items_of(operation == nullptr ? nullptr : operation->find("info")))
    if (info.text("name") == "Promotion-Id") return printable(info.text("value"), 64);
  return {};
}

/// The hook that runs, or the wave whose objects are not applied yet.
std::string step_of(const Json& status, const Json* result) {
  for (const Json& resource : items_of(result == nullptr ? nullptr : result->find("resources")))
    if (resource.text("hookPhase") == "Running" && !resource.text("hookType").empty())
      return printable(fmt::format("{} hook {}", resource.text("hookType"), resource.text("name")));
  std::optional<std::int64_t> wave;
  for (const Json& resource : items_of(status.find("resources"))) {
    const Json* own = resource.find("syncWave");
    if (resource.text("status") != "OutOfSync" || own == nullptr || own->integer() == nullptr) continue;
    wave = wave ? std::min(*wave, *own->integer()) : *own->integer();
  }
  return wave ? fmt::format("wave {}", *wave) : "";
}

ResourceFact resource_of(const Json& json, std::string status, std::string message) {
  return {.kind = message_of(json, "kind"),
          .name = message_of(json, "name"),
          .status = std::move(status),
          .message = std::move(message)};
}

void add_failed(const Json* result, std::vector<ResourceFact>& failing) {
  for (const Json& resource : items_of(result == nullptr ? nullptr : result->find("resources"))) {
    const std::string hook = resource.text("hookPhase");
    const bool failed = resource.text("status") == "SyncFailed" || hook == "Failed" || hook == "Error";
    if (!failed || failing.size() == max_failing) continue;
    failing.push_back(resource_of(resource, resource.text("status").empty() ? "Failed" : message_of(resource, "status"),
                                  message_of(resource, "message")));
  }
}

void add_unhealthy(const Json& status, std::string_view wanted, std::vector<ResourceFact>& failing) {
  for (const Json& resource : items_of(status.find("resources"))) {
    const Json* health = resource.find("health");
    if (health == nullptr || health->text("status") != wanted || failing.size() == max_failing) continue;
    failing.push_back(resource_of(resource, std::string(wanted), message_of(*health, "message")));
  }
}

}  // namespace

std::optional<SyncOperation> read_operation(const Json& status) {
  const Json* state = status.find("operationState");
  if (state == nullptr || state->text("phase").empty()) return std::nullopt;
  const Json* operation = state->find("operation");
  const Json* result = state->find("syncResult");
  SyncOperation found{.phase = phase_of(state->text("phase")),
                      .started = read_time(*state, "startedAt"),
                      .finished = read_time(*state, "finishedAt"),
                      .message = message_of(*state, "message"),
                      .promotion_id = promotion_id_of(operation)};
  if (result != nullptr) found.revisions = read_revisions(*result);
  // While it runs only the request says what it is about.
  const Json* asked = operation == nullptr ? nullptr : operation->find("sync");
  if (found.revisions.empty() && asked != nullptr) found.revisions = read_revisions(*asked);
  if (const Json* retries = state->find("retryCount"); retries != nullptr && retries->integer() != nullptr)
    found.retries = static_cast<int>(std::clamp<std::int64_t>(*retries->integer(), 0, 1000000));
  if (found.phase == OperationPhase::running) found.step = step_of(status, result);
  return found;
}

std::vector<ResourceFact> read_failing(const Json& status) {
  std::vector<ResourceFact> failing;
  if (const Json* state = status.find("operationState")) add_failed(state->find("syncResult"), failing);
  constexpr std::array<std::string_view, 4> worst_first = {"Degraded", "Missing", "Progressing", "Suspended"};
  for (const std::string_view health : worst_first) add_unhealthy(status, health, failing);
  return failing;
}

}  // namespace samebits::argocd
