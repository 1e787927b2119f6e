#include <samebits/documents.hpp>

#include "core/diff.hpp"
#include "json/document_parts.hpp"

namespace samebits {

std::string_view version() noexcept { return SAMEBITS_VERSION; }

std::string diff_of(std::string_view file, std::string_view before, std::string_view after) {
  return unified_diff(file, before, after);
}

std::string to_json(const Error& error) {
  Json json = document("Error");
  json.add("exitCode", static_cast<int>(error.kind()));
  json.add("error", to_part(error));
  return write_json(json);
}

std::string to_json(const Receipt& receipt) {
  Json json = document("Receipt");
  json.add("operation", receipt.operation);
  json.add("outcome", receipt.changed ? "done" : "unchanged");
  json.add("promotionId", receipt.promotion_id.empty() ? Json() : Json(receipt.promotion_id));
  json.add("actor", receipt.actor);
  json.add("tool", "samebits " + std::string(version()));
  json.add("policy", to_part(receipt.policy));
  json.add("images", list_of(receipt.images));
  json.add("gitops", receipt.gitops ? to_part(*receipt.gitops) : Json());
  json.add("changes", list_of(receipt.changes));
  json.add("gates", list_of(receipt.gates));
  json.add("steps", list_of(receipt.steps));
  if (!receipt.applications.empty()) json.add("applications", list_of(receipt.applications));
  if (!receipt.warnings.empty()) json.add("warnings", texts_part(receipt.warnings));
  return write_json(json);
}

namespace {

Json to_part(const PlannedStep& step) {
  Json json;
  json.add("name", step.name);
  json.add("action", step.action);
  json.add("reason", step.reason);
  return json;
}

Json to_part(const PlanBasis& basis) {
  Json json;
  json.add("source", source_part(basis.source));
  Json gitops;
  gitops.add("repository", basis.gitops.repository);
  gitops.add("branch", basis.gitops.branch);
  gitops.add("commit", samebits::to_part(basis.gitops.commit));
  json.add("gitops", std::move(gitops));
  json.add("policy", samebits::to_part(basis.policy));
  Json::Array files;
  for (const auto& file : basis.files) {
    Json entry;
    entry.add("path", file.path);
    entry.add("blob", samebits::to_part(file.blob));
    files.push_back(std::move(entry));
  }
  json.add("files", std::move(files));
  Json::Array tags;
  for (const auto& tag : basis.tags) {
    Json entry;
    entry.add("ref", tag.ref);
    entry.add("id", text_or_null(tag.id));
    tags.push_back(std::move(entry));
  }
  json.add("tags", std::move(tags));
  json.add("evidence", texts_part(basis.evidence));
  return json;
}

}  // namespace

std::string to_json(const Plan& plan) {
  Json json = document("Plan");
  json.add("operation", plan.operation);
  auto request = parse_json(plan.request, "the request");
  json.add("request", request ? with_exact_numbers(*std::move(request)) : Json(Json::Object{}));
  json.add("promotionId", plan.promotion_id.empty() ? Json() : Json(plan.promotion_id));
  json.add("images", list_of(plan.images));
  json.add("changes", list_of(plan.changes));
  json.add("gates", list_of(plan.gates));
  json.add("diff", plan.diff);
  json.add("basis", to_part(plan.basis));
  Json::Array steps;
  for (const PlannedStep& step : plan.steps) steps.push_back(to_part(step));
  json.add("steps", std::move(steps));
  if (!plan.warnings.empty()) json.add("warnings", texts_part(plan.warnings));
  return write_json(json);
}

std::string to_json(const GateReport& report) {
  Json json = document("GateReport");
  json.add("images", list_of(report.images));
  json.add("gates", list_of(report.gates));
  if (!report.warnings.empty()) json.add("warnings", texts_part(report.warnings));
  return write_json(json);
}

std::string to_json(const Status& status) {
  Json json = document("Status");
  json.add("gitops", source_part(status.gitops));
  json.add("environments", list_of(status.environments));
  Json::Array unfinished;
  for (const UnfinishedRelease& release : status.unfinished) {
    Json entry;
    entry.add("service", release.service);
    entry.add("version", release.version);
    entry.add("missing", texts_part(release.missing));
    unfinished.push_back(std::move(entry));
  }
  json.add("unfinished", std::move(unfinished));
  json.add("drift", texts_part(status.drift));
  if (!status.warnings.empty()) json.add("warnings", texts_part(status.warnings));
  return write_json(json);
}

std::string to_json(const Environments& environments) {
  Json json = document("Environments");
  json.add("gitops", source_part(environments.gitops));
  json.add("environments", list_of(environments.environments));
  return write_json(json);
}

std::string to_json(const History& history) {
  Json json = document("History");
  json.add("environment", history.environment);
  Json::Array entries;
  for (const HistoryEntry& entry : history.entries) {
    Json part;
    part.add("service", entry.service);
    part.add("tag", entry.tag);
    part.add("digest", to_part(entry.digest));
    part.add("source", source_part(entry.commit));
    part.add("time", to_part(entry.time));
    part.add("author", entry.author.empty() ? Json() : Json(entry.author));
    part.add("operation", entry.operation.empty() ? Json() : Json(entry.operation));
    part.add("recorded", entry.recorded);
    part.add("gitops", source_part(entry.gitops));
    part.add("promotionId", entry.promotion_id.empty() ? Json() : Json(entry.promotion_id));
    entries.push_back(std::move(part));
  }
  json.add("entries", std::move(entries));
  return write_json(json);
}

std::string to_json(const Trace& trace) {
  Json json = document("Trace");
  json.add("query", trace.query);
  Json::Array images;
  for (const Trace::Image& image : trace.images) {
    Json part;
    part.add("service", image.service);
    part.add("digest", image.digest.str());
    part.add("tags", texts_part(image.tags));
    part.add("source", source_part(image.commit));
    images.push_back(std::move(part));
  }
  json.add("images", std::move(images));
  json.add("gates", list_of(trace.gates));
  Json::Array environments;
  for (const Trace::Deployment& deployment : trace.environments) {
    Json part;
    part.add("name", deployment.name);
    part.add("service", deployment.service);
    part.add("tag", deployment.tag);
    part.add("since", format_time(deployment.since));
    part.add("current", deployment.current);
    environments.push_back(std::move(part));
  }
  json.add("environments", std::move(environments));
  return write_json(json);
}

std::string to_json(const ImageReport& image) {
  Json json = document("Image");
  json.add("repository", image.repository);
  json.add("tag", image.tag.empty() ? Json() : Json(image.tag));
  json.add("digest", image.digest.str());
  json.add("mediaType", image.media_type);
  json.add("platforms", texts_part(image.platforms));
  return write_json(json);
}

std::string to_json(const ImagesReport& images) {
  Json json = document("Images");
  json.add("repository", images.repository);
  Json::Array list;
  for (const ImagesReport::Image& image : images.images) {
    Json part;
    part.add("tag", image.tag);
    part.add("track", image.track ? Json(to_string(*image.track)) : Json());
    list.push_back(std::move(part));
  }
  json.add("images", std::move(list));
  return write_json(json);
}

std::string to_json(const Report& report) {
  Json json = document("Report");
  Json::Array findings;
  for (const Error& finding : report.findings) {
    Json part;
    part.add("code", to_string(finding.code));
    part.add("message", finding.message);
    part.add("hint", finding.hint);
    part.add("where", to_part(finding.where));
    if (!finding.remote.empty()) part.add("remote", finding.remote);
    findings.push_back(std::move(part));
  }
  json.add("findings", std::move(findings));
  if (!report.unknown.empty()) json.add("unknown", texts_part(report.unknown));
  return write_json(json);
}

namespace {

void add_tag(Json& json, const ImageTag& tag) {
  json.add("tag", tag.str());
  json.add("track", to_string(tag.track()));
  if (tag.number() > 0) json.add("number", with_exact_numbers(tag.number()));
  if (tag.commit()) json.add("source", source_part(tag.commit()));
  if (const auto& version = tag.version()) json.add("version", version->str());
}

}  // namespace

std::string to_json(const ImageTag& tag) {
  Json json = document("Tag");
  add_tag(json, tag);
  return write_json(json);
}

std::string to_json(const std::vector<ImageTag>& tags) {
  Json json = document("Tags");
  Json::Array list;
  for (const ImageTag& tag : tags) {
    Json part;
    add_tag(part, tag);
    list.push_back(std::move(part));
  }
  json.add("tags", std::move(list));
  return write_json(json);
}

std::string to_json(const EditedValues& edited, std::string_view file, std::string_view diff) {
  Json json = document("Edit");
  json.add("file", file);
  Json::Array changes;
  for (const ValueChange& change : edited.changes) {
    Json part;
    part.add("path", change.path);
    part.add("line", change.line);
    part.add("before", text_or_null(change.before));
    part.add("after", text_or_null(change.after));
    changes.push_back(std::move(part));
  }
  json.add("changes", std::move(changes));
  json.add("diff", diff);
  return write_json(json);
}

std::string to_json(const ValuesFileEdit& edit) { return to_json(edit.edited, edit.file, edit.diff); }

namespace {

/// An integer that no 64 bits hold is text: as a number it would lose digits.
Json value_part(const std::string& json) {
  auto value = parse_json(json, "the value");
  if (!value) return {};
  const bool is_integer = json.find_first_not_of("-0123456789") == std::string::npos;
  return value->number() != nullptr && is_integer ? Json(json) : with_exact_numbers(*std::move(value));
}

}  // namespace

std::string to_json(const std::vector<FoundValue>& values, std::string_view file) {
  Json json = document("Values");
  json.add("file", file);
  Json::Array list;
  for (const FoundValue& value : values) {
    Json part;
    part.add("path", value.path);
    part.add("value", value_part(value.json));
    part.add("text", value.text);
    part.add("line", value.line);
    list.push_back(std::move(part));
  }
  json.add("values", std::move(list));
  return write_json(json);
}

}  // namespace samebits
