#include "reconciler/application_json.hpp"

#include <array>

#include "core/shortened.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::argocd {
namespace {

constexpr std::size_t max_sources = 50;
constexpr std::size_t max_images = 200;
constexpr std::size_t max_conditions = 20;
constexpr std::size_t max_history = 10;
constexpr std::string_view refresh_annotation = "argocd.argoproj.io/refresh";

Error no_application(std::string_view why) {
  return {.code = ErrorCode::bad_answer,
          .message = fmt::format("the reconciler answers with no application: {}", why),
          .hint = "check that reconciler.url is the address of Argo CD"};
}

ApplicationSource read_source(const Json& json) {
  ApplicationSource source{.repository = json.text("repoURL"),
                           .target_revision = json.text("targetRevision"),
                           .path = json.text("path"),
                           .chart = json.text("chart"),
                           .ref = json.text("ref")};
  const Json* helm = json.find("helm");
  for (const Json& file : items_of(helm == nullptr ? nullptr : helm->find("valueFiles")))
    if (file.string() != nullptr && source.value_files.size() < max_sources)
      source.value_files.push_back(*file.string());
  return source;
}

std::vector<ApplicationSource> read_sources(const Json& spec) {
  std::vector<ApplicationSource> sources;
  for (const Json& source : items_of(spec.find("sources")))
    if (sources.size() < max_sources) sources.push_back(read_source(source));
  if (const Json* source = spec.find("source"); sources.empty() && source != nullptr)
    sources.push_back(read_source(*source));
  return sources;
}

/// Automatic where `automated` is there and does not say `enabled: false`.
bool is_automatic(const Json& spec) {
  const Json* automated = spec.at_pointer("/syncPolicy/automated");
  if (automated == nullptr || automated->object() == nullptr) return false;
  const Json* enabled = automated->find("enabled");
  return enabled == nullptr || enabled->boolean() == nullptr || *enabled->boolean();
}

SyncStatus sync_status(const std::string& text) {
  if (text == "Synced") return SyncStatus::synced;
  return text == "OutOfSync" ? SyncStatus::out_of_sync : SyncStatus::unknown;
}

HealthStatus health_status(const std::string& text) {
  constexpr std::array known = {HealthStatus::healthy, HealthStatus::progressing, HealthStatus::degraded,
                                HealthStatus::suspended, HealthStatus::missing};
  for (const HealthStatus status : known)
    if (to_string(status) == text) return status;
  return HealthStatus::unknown;
}

void read_status(const Json& status, ApplicationFacts& facts) {
  if (const Json* sync = status.find("sync")) {
    facts.sync = sync_status(sync->text("status"));
    facts.compared = read_revisions(*sync);
  }
  if (const Json* health = status.find("health")) {
    facts.health = health_status(health->text("status"));
    facts.health_since = read_time(*health, "lastTransitionTime");
  }
  facts.reconciled = read_time(status, "reconciledAt");
  const Json* summary = status.find("summary");
  for (const Json& image : items_of(summary == nullptr ? nullptr : summary->find("images")))
    if (image.string() != nullptr && facts.images.size() < max_images)
      facts.images.push_back(printable(*image.string(), max_message));
  for (const Json& condition : items_of(status.find("conditions")))
    if (facts.conditions.size() < max_conditions)
      facts.conditions.push_back({.type = message_of(condition, "type"), .message = message_of(condition, "message")});
  const auto& history = items_of(status.find("history"));
  for (std::size_t i = history.size() > max_history ? history.size() - max_history : 0; i < history.size(); ++i)
    facts.history.push_back({.revisions = read_revisions(history[i]), .time = read_time(history[i], "deployedAt")});
  facts.operation = read_operation(status);
  facts.failing = read_failing(status);
}

}  // namespace

const Json::Array& items_of(const Json* list) {
  static const Json::Array none;
  return list == nullptr || list->array() == nullptr ? none : *list->array();
}

std::string message_of(const Json& json, std::string_view member) {
  return printable_ends(json.text(member), max_message);
}

std::vector<std::string> read_revisions(const Json& json) {
  std::vector<std::string> revisions;
  for (const Json& revision : items_of(json.find("revisions")))
    if (revisions.size() < max_sources) revisions.push_back(revision.string() != nullptr ? *revision.string() : "");
  if (std::string revision = json.text("revision"); revisions.empty() && !revision.empty())
    revisions.push_back(std::move(revision));
  return revisions;
}

std::optional<Time> read_time(const Json& json, std::string_view member) {
  const auto time = parse_time(json.text(member));
  return time ? std::optional(*time) : std::nullopt;
}

Result<ApplicationFacts> read_application(const Json& json) {
  const Json* metadata = json.find("metadata");
  const Json* spec = json.find("spec");
  if (metadata == nullptr || spec == nullptr || metadata->text("name").empty())
    return no_application("'metadata' or 'spec' is missing");
  ApplicationFacts facts{.name = metadata->text("name"), .project = spec->text("project")};
  facts.deleting = !metadata->text("deletionTimestamp").empty();
  if (const Json* annotations = metadata->find("annotations"))
    facts.refreshing = annotations->find(refresh_annotation) != nullptr;
  facts.automatic = is_automatic(*spec);
  facts.sources = read_sources(*spec);
  if (const Json* operation = json.find("operation"); operation != nullptr && operation->object() != nullptr) {
    facts.requested = true;
    if (const Json* sync = operation->find("sync")) facts.requested_revisions = read_revisions(*sync);
  }
  if (const Json* status = json.find("status")) read_status(*status, facts);
  return facts;
}

}  // namespace samebits::argocd
