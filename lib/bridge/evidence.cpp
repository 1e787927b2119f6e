#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

std::string_view to_word(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::record:
      return "record";
    case EvidenceKind::check:
      return "check";
    case EvidenceKind::status:
      return "status";
  }
  return "";
}

/// A record where it is left out.
Result<EvidenceKind> kind_of(const Answer& answer, const Json& part) {
  const std::string word = part.text("kind");
  for (const EvidenceKind kind : {EvidenceKind::record, EvidenceKind::check, EvidenceKind::status})
    if (word.empty() || word == to_word(kind)) return kind;
  return answer.bad(fmt::format("'kind' is '{}', none of 'record', 'check', 'status'", word));
}

Result<std::optional<CommitId>> commit_of(const Answer& answer, const Json& part) {
  if (part.text("commit").empty()) return std::optional<CommitId>();
  SB_TRY(auto commit, part_value<CommitId>(answer, part, "commit"));
  return std::optional(std::move(commit));
}

Result<EvidenceRun> read_run(const Answer& answer, const Json& part) {
  EvidenceRun run;
  SB_TRY(run.workflow, part_text(answer, part, "workflow"));
  SB_TRY(run.commit, commit_of(answer, part));
  run.event = part.text("event");
  run.branch = part.text("branch");
  run.own_repository = part_flag(part, "ownRepository");
  run.conclusion = part.text("conclusion");
  if (const Json* attempt = part.find("attempt"); attempt != nullptr && attempt->integer() != nullptr)
    run.attempt = *attempt->integer();
  return run;
}

/// What a forge says of a check or a status.
Result<void> read_origin(const Answer& answer, const Json& part, EvidenceItem& item) {
  SB_TRY(item.kind, kind_of(answer, part));
  SB_TRY(item.commit, commit_of(answer, part));
  const Json* completed = part.find("completed");
  item.completed = completed == nullptr || completed->is_null() || part_flag(part, "completed");
  item.app = part.text("app");
  item.app_id = part.text("appId");
  item.by_workflow = part_flag(part, "byWorkflow");
  item.group = part.text("group");
  item.started = part.text("startedAt");
  if (const Json* run = part.find("run"); run != nullptr && !run->is_null()) {
    SB_TRY(item.run, read_run(answer, *run));
  }
  return {};
}

Result<EvidenceItem> read_item(const Answer& answer, const Json& part) {
  EvidenceItem item;
  SB_TRY(item.id, part_text(answer, part, "id"));
  SB_TRY(item.gate, part_text(answer, part, "gate"));
  SB_TRY(item.conclusion, part_text(answer, part, "conclusion"));
  item.environment = part.text("environment");
  item.producer = part.text("producer");
  item.url = part.text("url");
  item.summary = part.text("summary");
  item.verified = part_flag(part, "verified");
  if (!part.text("digest").empty()) {
    SB_TRY(item.digest, part_value<Digest>(answer, part, "digest"));
  }
  if (!part.text("time").empty()) {
    SB_TRY(item.time, part_time(answer, part, "time"));
  }
  SB_CHECK(read_origin(answer, part, item));
  return item;
}

Result<EvidenceList> read_list(const Answer& answer) {
  SB_TRY(const auto items, answer.list("items"));
  EvidenceList list;
  for (const Json& part : items) {
    SB_TRY(auto item, read_item(answer, part));
    list.items.push_back(std::move(item));
  }
  const Json* ignored = answer.find("ignored");
  for (const Json& line : ignored != nullptr && ignored->array() != nullptr ? *ignored->array() : Json::Array())
    if (line.string() != nullptr) list.ignored.push_back(printable(*line.string()));
  if (const Json* can = answer.find("can"))
    list.can = {.forge = part_flag(*can, "forge"),
                .checks = part_flag(*can, "checks"),
                .statuses = part_flag(*can, "statuses")};
  SB_TRY(const auto branch, answer.text("branch"));
  list.branch = branch.value_or("");
  return list;
}

class BridgedEvidence final : public Evidence {
 public:
  BridgedEvidence(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    return list_of(context, commit, std::vector{EvidenceKind::record, EvidenceKind::check, EvidenceKind::status});
  }

  Result<EvidenceList> list_of(Context& context, const CommitId& commit, std::span<const EvidenceKind> kinds) override {
    Json::Array words;
    for (const EvidenceKind kind : kinds) words.emplace_back(to_word(kind));
    SB_TRY(const auto answer,
           questions_.ask(context, "list", Json::Object{{"commit", commit.str()}, {"kinds", std::move(words)}}));
    return read_list(answer);
  }

  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    Json members;
    members.add("commit", commit.str());
    members.add("kind", to_word(evidence.kind));
    members.add("gate", evidence.gate);
    members.add("conclusion", evidence.conclusion);
    members.add("digest", evidence.digest ? Json(evidence.digest->str()) : Json());
    members.add("environment", evidence.environment);
    members.add("producer", evidence.producer);
    members.add("app", evidence.app);
    members.add("url", evidence.url);
    members.add("summary", evidence.summary);
    members.add("time", format_time(evidence.time));
    SB_TRY(const auto answer, questions_.ask(context, "post", members));
    const Json* item = answer.find("item");
    if (item == nullptr) return answer.bad("'item' is missing");
    return read_item(answer, *item);
  }

 private:
  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Evidence> make_evidence(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedEvidence>(Questions("evidence", std::move(service), std::move(call)),
                                           std::move(location));
}

}  // namespace samebits::bridge
