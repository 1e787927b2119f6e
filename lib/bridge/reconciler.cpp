#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

constexpr std::size_t max_text = 500;

std::string line_of(const Json& part, std::string_view member) { return printable(part.text(member), max_text); }

/// Nothing where it is left out.
Result<std::optional<Time>> time_of(const Answer& answer, const Json& part, std::string_view member) {
  if (part.text(member).empty()) return std::optional<Time>();
  SB_TRY(const auto time, part_time(answer, part, member));
  return std::optional(time);
}

/// One of the words that `to_string` gives. Errors: bad_answer.
template <class Word>
Result<Word> word_of(const Answer& answer, const Json& part, std::string_view member, std::vector<Word> words) {
  const std::string text = part.text(member);
  for (const Word word : words)
    if (to_string(word) == text) return word;
  return answer.bad(fmt::format("'{}' is '{}'", member, printable(text)));
}

ApplicationSource read_source(const Json& part) {
  return {.repository = part.text("repository"),
          .target_revision = part.text("targetRevision"),
          .path = part.text("path"),
          .chart = part.text("chart"),
          .ref = part.text("ref"),
          .value_files = part_texts(part, "valueFiles")};
}

Result<SyncOperation> read_operation(const Answer& answer, const Json& part) {
  SyncOperation operation{.message = line_of(part, "message"),
                          .revisions = part_texts(part, "revisions"),
                          .step = line_of(part, "step"),
                          .promotion_id = line_of(part, "promotionId")};
  using Phase = OperationPhase;
  SB_TRY(operation.phase,
         word_of<Phase>(answer, part, "phase",
                        {Phase::running, Phase::terminating, Phase::succeeded, Phase::failed, Phase::error}));
  SB_TRY(operation.started, time_of(answer, part, "startedAt"));
  SB_TRY(operation.finished, time_of(answer, part, "finishedAt"));
  const Json* retries = part.find("retries");
  if (retries != nullptr && retries->integer() != nullptr) operation.retries = static_cast<int>(*retries->integer());
  return operation;
}

Result<void> read_lists(const Answer& answer, const Json& part, ApplicationFacts& facts) {
  for (const Json& source : part_items(part, "sources")) facts.sources.push_back(read_source(source));
  for (const Json& one : part_items(part, "conditions"))
    facts.conditions.push_back({.type = line_of(one, "type"), .message = line_of(one, "message")});
  for (const Json& one : part_items(part, "failing"))
    facts.failing.push_back({.kind = line_of(one, "kind"),
                             .name = line_of(one, "name"),
                             .status = line_of(one, "status"),
                             .message = line_of(one, "message")});
  for (const Json& one : part_items(part, "history")) {
    SyncedRevisions synced{.revisions = part_texts(one, "revisions")};
    SB_TRY(synced.time, time_of(answer, one, "time"));
    facts.history.push_back(std::move(synced));
  }
  return {};
}

Result<ApplicationFacts> read_application(const Answer& answer, const Json& part) {
  SB_TRY(std::string name, part_text(answer, part, "name"));
  ApplicationFacts facts{.name = std::move(name),
                         .project = part.text("project"),
                         .deleting = part_flag(part, "deleting"),
                         .refreshing = part_flag(part, "refreshing"),
                         .automatic = part_flag(part, "automatic"),
                         .blocked = part_flag(part, "blocked"),
                         .compared = part_texts(part, "compared"),
                         .images = part_texts(part, "images"),
                         .requested = part_flag(part, "requested"),
                         .requested_revisions = part_texts(part, "requestedRevisions")};
  SB_TRY(facts.sync,
         word_of<SyncStatus>(answer, part, "sync", {SyncStatus::unknown, SyncStatus::synced, SyncStatus::out_of_sync}));
  using Health = HealthStatus;
  SB_TRY(facts.health, word_of<Health>(answer, part, "health",
                                       {Health::unknown, Health::healthy, Health::progressing, Health::degraded,
                                        Health::suspended, Health::missing}));
  SB_TRY(facts.health_since, time_of(answer, part, "healthSince"));
  SB_TRY(facts.reconciled, time_of(answer, part, "reconciledAt"));
  SB_CHECK(read_lists(answer, part, facts));
  if (const Json* operation = part.find("operation"); operation != nullptr && !operation->is_null()) {
    SB_TRY(facts.operation, read_operation(answer, *operation));
  }
  return facts;
}

class BridgedReconciler final : public Reconciler {
 public:
  BridgedReconciler(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<std::optional<ApplicationFacts>> application(Context& context, std::string_view name,
                                                      Refresh refresh) override {
    const std::string_view how = refresh == Refresh::none ? "none" : refresh == Refresh::hard ? "hard" : "normal";
    SB_TRY(const auto answer, questions_.ask(context, "application", Json::Object{{"name", name}, {"refresh", how}}));
    const Json* part = answer.find("application");
    if (part == nullptr) return std::optional<ApplicationFacts>();
    SB_TRY(auto facts, read_application(answer, *part));
    if (facts.name != name) return answer.bad(fmt::format("it is about '{}'", printable(facts.name)));
    return std::optional(std::move(facts));
  }

  /// A question has one answer: who wants more reads again.
  Result<void> watch(Context& context, std::string_view name, const Take& take) override {
    SB_TRY(const auto facts, application(context, name, Refresh::none));
    take(facts);
    return {};
  }

  Result<void> request_sync(Context& context, std::string_view name, const SyncRequest& request) override {
    Json::Array revisions;
    for (const std::string& revision : request.revisions) revisions.emplace_back(revision);
    SB_CHECK(questions_.ask(
        context, "request_sync",
        Json::Object{{"name", name}, {"revisions", std::move(revisions)}, {"promotionId", request.promotion_id}}));
    return {};
  }

 private:
  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Reconciler> make_reconciler(PortCall call, std::string location) {
  return std::make_unique<BridgedReconciler>(Questions("reconciler", "", std::move(call)), std::move(location));
}

}  // namespace samebits::bridge
