#include <algorithm>

#include <samebits/documents.hpp>

#include "json/document_parts.hpp"

namespace samebits {
namespace {

Json to_part(const ResourceFact& resource) {
  Json json;
  json.add("kind", resource.kind);
  json.add("name", resource.name);
  json.add("status", resource.status);
  if (!resource.message.empty()) json.add("message", resource.message);
  return json;
}

Json to_part(const SyncOperation& operation) {
  Json json;
  json.add("phase", to_string(operation.phase));
  json.add("startedAt", samebits::to_part(operation.started));
  json.add("finishedAt", samebits::to_part(operation.finished));
  if (!operation.message.empty()) json.add("message", operation.message);
  if (!operation.step.empty()) json.add("step", operation.step);
  json.add("revisions", texts_part(operation.revisions));
  json.add("retries", operation.retries);
  if (!operation.promotion_id.empty()) json.add("promotionId", operation.promotion_id);
  return json;
}

/// What is live, as the reconciler says.
Json live_part(const ApplicationRollout& rollout) {
  Json json;
  json.add("images", texts_part(rollout.images));
  json.add("sync", to_string(rollout.sync));
  json.add("health", to_string(rollout.health));
  json.add("reconciledAt", samebits::to_part(rollout.reconciled));
  return json;
}

}  // namespace

Json to_part(const ApplicationRollout& rollout) {
  Json json;
  json.add("environment", rollout.environment);
  json.add("service", rollout.service);
  json.add("application", rollout.application);
  json.add("state", to_string(rollout.state));
  json.add("message", rollout.message);
  json.add("automatic", rollout.automatic);
  Json desired;
  desired.add("tag", rollout.tag);
  desired.add("digest", to_part(rollout.digest));
  desired.add("gitops", source_part(rollout.gitops));
  json.add("desired", std::move(desired));
  Json compared;
  compared.add("revision", rollout.compared.empty() ? Json() : Json(rollout.compared));
  json.add("compared", std::move(compared));
  json.add("live", live_part(rollout));
  json.add("operation", rollout.operation ? to_part(*rollout.operation) : Json());
  Json::Array failing;
  for (const ResourceFact& resource : rollout.failing) failing.push_back(to_part(resource));
  json.add("failing", std::move(failing));
  return json;
}

std::string to_json(const Rollout& rollout) {
  Json json = document("Rollout");
  const bool live = std::all_of(rollout.applications.begin(), rollout.applications.end(),
                                [](const auto& part) { return part.state == RolloutState::healthy; });
  json.add("outcome", rollout.error || !live ? "not_rolled_out" : rollout.already ? "unchanged" : "done");
  json.add("environment", rollout.environment);
  json.add("waitedSeconds", static_cast<std::int64_t>(rollout.waited.count()));
  json.add("applications", list_of(rollout.applications));
  if (rollout.error) {
    json.add("exitCode", static_cast<int>(rollout.error->kind()));
    json.add("error", to_part(*rollout.error));
  }
  return write_json(json);
}

std::string to_json(const ApplicationRollout& rollout, std::chrono::seconds waited) {
  Json json = document("RolloutEvent");
  json.add("waitedSeconds", static_cast<std::int64_t>(waited.count()));
  const Json part = to_part(rollout);
  for (const auto& [name, value] : *part.object()) json.add(name, value);
  return write_json(json);
}

}  // namespace samebits
