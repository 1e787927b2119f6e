#include "json/document_parts.hpp"

namespace samebits {

Json document(std::string_view kind) {
  Json json;
  json.add("apiVersion", "samebits/v1");
  json.add("kind", kind);
  return json;
}

Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }
Json to_part(const std::optional<Digest>& digest) { return digest ? Json(digest->str()) : Json(); }
Json to_part(const std::optional<CommitId>& commit) { return commit ? Json(commit->str()) : Json(); }
Json to_part(const std::optional<BlobId>& blob) { return blob ? Json(blob->str()) : Json(); }
Json to_part(const std::optional<Time>& time) { return time ? Json(format_time(*time)) : Json(); }

Json to_part(const Place& place) {
  Json json(Json::Object{});
  if (!place.file.empty()) json.add("file", place.file);
  if (place.line > 0) json.add("line", place.line);
  if (place.column > 0) json.add("column", place.column);
  return json;
}

Json source_part(const std::optional<CommitId>& commit) {
  Json json;
  json.add("commit", to_part(commit));
  return json;
}

Json with_exact_numbers(Json value) {
  constexpr std::int64_t max_exact = std::int64_t{1} << 53;
  if (const auto* integer = value.integer(); integer != nullptr && (*integer > max_exact || *integer < -max_exact))
    return std::to_string(*integer);
  if (auto* items = value.array())
    for (Json& item : *items) item = with_exact_numbers(std::move(item));
  if (auto* members = value.object())
    for (auto& [name, member] : *members) member = with_exact_numbers(std::move(member));
  return value;
}

Json texts_part(const std::vector<std::string>& texts) {
  Json::Array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

Json to_part(const PromotedImage& image) {
  Json json;
  json.add("service", image.service);
  json.add("repository", image.repository);
  json.add("snapshot", image.snapshot.empty() ? Json() : Json(image.snapshot));
  json.add("tag", image.tag);
  json.add("digest", image.digest.str());
  json.add("source", source_part(image.commit));
  return json;
}

Json to_part(const Change& change) {
  Json json;
  json.add("environment", change.environment);
  json.add("service", change.service);
  json.add("file", change.file);
  json.add("path", change.path);
  json.add("before", text_or_null(change.before));
  json.add("after", text_or_null(change.after));
  return json;
}

Json to_part(const EvidenceItem& item) {
  Json json;
  json.add("id", item.id);
  if (!item.conclusion.empty()) json.add("conclusion", item.conclusion);
  if (item.digest) json.add("digest", item.digest->str());
  if (!item.environment.empty()) json.add("environment", item.environment);
  if (!item.producer.empty()) json.add("producer", item.producer);
  json.add("verified", item.verified);
  if (!item.url.empty()) json.add("url", item.url);
  if (!item.summary.empty()) json.add("summary", item.summary);
  if (item.time) json.add("time", format_time(*item.time));
  return json;
}

Json to_part(const GateVerdict& gate) {
  Json json;
  json.add("name", gate.name);
  if (!gate.service.empty()) json.add("service", gate.service);
  json.add("verdict", to_string(gate.verdict));
  if (gate.code) json.add("code", to_string(*gate.code));
  if (!gate.reason.empty()) json.add("reason", gate.reason);
  if (!gate.message.empty()) json.add("message", gate.message);
  json.add("evidence", list_of(gate.evidence));
  return json;
}

Json to_part(const StepResult& step) {
  Json json;
  json.add("name", step.name);
  json.add("outcome", to_string(step.outcome));
  if (!step.note.empty()) json.add("note", step.note);
  return json;
}

Json to_part(const GitOpsState& state) {
  Json json;
  json.add("repository", state.repository);
  json.add("branch", state.branch);
  json.add("parent", to_part(state.parent));
  json.add("commit", to_part(state.commit));
  return json;
}

Json to_part(const EnvironmentState& state) {
  Json json;
  json.add("name", state.name);
  json.add("service", state.service);
  json.add("track", to_string(state.track));
  json.add("tag", state.tag.empty() ? Json() : Json(state.tag));
  json.add("digest", to_part(state.digest));
  json.add("source", source_part(state.commit));
  json.add("since", to_part(state.since));
  json.add("gitops", source_part(state.gitops));
  json.add("recorded", state.recorded);
  if (!state.lockstep.empty()) json.add("lockstep", state.lockstep);
  if (state.rollout) json.add("rollout", to_part(*state.rollout));
  return json;
}

Json to_part(const Error& error) {
  Json json;
  json.add("kind", to_string(error.kind()));
  json.add("code", to_string(error.code));
  json.add("message", error.message);
  if (!error.hint.empty()) json.add("hint", error.hint);
  if (!error.where.file.empty()) json.add("where", to_part(error.where));
  if (!error.remote.empty()) json.add("remote", error.remote);
  if (!error.operation.empty()) json.add("operation", error.operation);
  if (error.http_status != 0) json.add("httpStatus", error.http_status);
  if (!error.request_id.empty()) json.add("requestId", error.request_id);
  if (error.retry_after) json.add("retryAfterSeconds", static_cast<std::int64_t>(error.retry_after->count()));
  json.add("outcomeUnknown", error.outcome_unknown);
  return json;
}

}  // namespace samebits
