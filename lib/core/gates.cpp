#include "core/gates.hpp"

#include <algorithm>

#include "core/check_gates.hpp"
#include "core/current.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// The name under which evidence for the gate is recorded.
const std::string& evidence_name(const GateRule& gate) {
  return gate.source == GateSource::ledger && !gate.subject.empty() ? gate.subject : gate.name;
}

Verdict verdict_of(std::string_view conclusion) {
  if (conclusion == "success") return Verdict::passed;
  if (conclusion == "pending" || conclusion == "queued" || conclusion == "in_progress") return Verdict::pending;
  return Verdict::failed;
}

GateVerdict missing(const GateRule& gate, std::string reason, std::string message) {
  return {.name = gate.name,
          .verdict = Verdict::missing,
          .code = ErrorCode::gate_missing,
          .reason = std::move(reason),
          .message = std::move(message)};
}

GateVerdict unreadable(const GateRule& gate, const Error& error) {
  return {.name = gate.name,
          .verdict = Verdict::error,
          .code = error.code,
          .reason = "unreadable",
          .message = error.message};
}

Result<TargetRule> deployed_rule(const Pipeline& pipeline, const GateRule& gate, const Service& service) {
  const Environment* environment = pipeline.find_environment(gate.subject);
  if (environment == nullptr)
    return Error{.code = ErrorCode::bad_config,
                 .message = fmt::format("gate '{}' names the unknown environment '{}'", gate.name, gate.subject)};
  return target_rule(pipeline, *environment, service);
}

EvidenceItem deployed_evidence(const StoredRecord& stored) {
  return {.id = stored.blob.str(),
          .gate = {},
          .conclusion = "deployed",
          .digest = stored.record->digest,
          .environment = stored.record->environment,
          .producer = stored.record->actor,
          .time = stored.record->time};
}

/// The newest record holds only while the values have its tag: they may have been edited before it ever ran.
bool is_confirmed(const StoredRecord& stored, const Result<Current>& current, const std::vector<StoredRecord>& chain) {
  return &stored != &chain.front() || (current && current->record != nullptr);
}

GateVerdict judge_deployed(const FactReader& facts, const Pipeline& pipeline, const GateRule& gate,
                           const GateSubject& subject) {
  const auto rule = deployed_rule(pipeline, gate, subject.service);
  if (!rule)
    return {.name = gate.name, .verdict = Verdict::error, .code = rule.error().code, .message = rule.error().message};
  const auto current = current_of(facts, *rule, pipeline.tags);
  const StoredRecord* unconfirmed = nullptr;
  for (const StoredRecord& stored : facts.chain(rule->target)) {
    if (stored.record->digest != subject.digest) continue;
    if (is_confirmed(stored, current, facts.chain(rule->target)))
      return {.name = gate.name, .verdict = Verdict::passed, .evidence = {deployed_evidence(stored)}};
    unconfirmed = &stored;
  }
  if (unconfirmed != nullptr)
    return {.name = gate.name,
            .verdict = Verdict::error,
            .code = ErrorCode::unverified,
            .reason = "unrecorded",
            .message = fmt::format("the values of '{}' were edited by hand after its promotion to {}", gate.subject,
                                   unconfirmed->record->tag)};
  const std::string snapshot = pipeline.tags.snapshot(subject.commit).str();
  if (current && current->text == snapshot && current->record != nullptr)
    return missing(gate, "other_digest",
                   fmt::format("'{}' runs {} as {}, not as {}", gate.subject, snapshot, current->record->record->digest,
                               subject.digest));
  if (current && current->text == snapshot)
    return {.name = gate.name,
            .verdict = Verdict::error,
            .code = ErrorCode::unverified,
            .reason = "unrecorded",
            .message = fmt::format("'{}' has {} in its values, but no record says which bits that were", gate.subject,
                                   snapshot)};
  return missing(gate, "not_deployed", fmt::format("{} was never promoted to '{}'", subject.digest, gate.subject));
}

}  // namespace

Result<void> want_gate(FactReader& facts, const Pipeline& pipeline, const GateRule& gate, const Service& service,
                       const CommitId& commit) {
  if (gate.source == GateSource::approved) {
    facts.want(need_approval(service, commit));
    return {};
  }
  if (gate.source != GateSource::deployed_in) {
    facts.want(need_evidence(service, commit));
    return {};
  }
  SB_TRY(const auto rule, deployed_rule(pipeline, gate, service));
  want_current(facts, rule.target);
  facts.want({.kind = Need::Kind::chain, .target = rule.target});
  return {};
}

std::optional<EvidenceItem> find_evidence(const FactReader& facts, const Pipeline& pipeline, const GateRule& gate,
                                          const GateSubject& subject, std::string_view id) {
  if (gate.source == GateSource::deployed_in) {
    const auto rule = deployed_rule(pipeline, gate, subject.service);
    if (!rule) return std::nullopt;
    for (const StoredRecord& stored : facts.chain(rule->target))
      if (stored.blob.str() == id) return deployed_evidence(stored);
    return std::nullopt;
  }
  if (gate.source == GateSource::approved) {
    for (const EvidenceItem& item : judge_gate(facts, pipeline, gate, subject).evidence)
      if (item.id == id) return item;
    return std::nullopt;
  }
  const auto& evidence = facts.evidence(subject.service.name, subject.commit);
  if (!evidence) return std::nullopt;
  for (const EvidenceItem& item : evidence->items)
    if (item.id == id) return item;
  return std::nullopt;
}

GateVerdict judge_gate(const FactReader& facts, const Pipeline& pipeline, const GateRule& gate,
                       const GateSubject& subject) {
  if (gate.source == GateSource::deployed_in) return judge_deployed(facts, pipeline, gate, subject);
  if (gate.source == GateSource::approved) {
    const auto& approval = facts.approval(subject.service.name, subject.commit);
    return approval ? judge_approval(gate, *approval, subject) : unreadable(gate, approval.error());
  }
  const auto& evidence = facts.evidence(subject.service.name, subject.commit);
  if (!evidence) return unreadable(gate, evidence.error());
  return judge_evidence(gate, *evidence, subject);
}

std::string ledger_at_forge(const GateRule& gate) {
  return fmt::format(
      "gates.{}.ledger: a source at a forge has no ledger: make it a 'check' with 'app', or a 'status' "
      "with 'creator'",
      gate.name);
}

GateVerdict judge_evidence(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject) {
  if (gate.source == GateSource::check && evidence.can.forge) return judge_check(gate, evidence, subject);
  if (gate.source == GateSource::status) return judge_status(gate, evidence, subject);
  if (evidence.can.forge)
    return {.name = gate.name,
            .verdict = Verdict::error,
            .code = ErrorCode::unsupported,
            .reason = "unsupported",
            .message = ledger_at_forge(gate)};
  const EvidenceItem* newest = nullptr;
  bool without_digest = false;
  bool other_digest = false;
  bool elsewhere = false;
  for (const EvidenceItem& item : evidence.items) {
    if (item.gate != evidence_name(gate)) continue;
    if (!gate.environment.empty() && item.environment != gate.environment) {
      elsewhere = true;
    } else if (gate.needs_digest && !item.digest) {
      without_digest = true;
    } else if (item.digest && *item.digest != subject.digest) {
      other_digest = true;
    } else {
      newest = &item;
    }
  }
  if (newest == nullptr) {
    if (other_digest)
      return missing(gate, "other_digest", fmt::format("the evidence is about other bits than {}", subject.digest));
    if (without_digest) return missing(gate, "no_digest", "the evidence names no digest");
    if (elsewhere)
      return missing(gate, "other_environment", fmt::format("the evidence is not from '{}'", gate.environment));
    return missing(gate, "no_evidence", "nothing was recorded for it");
  }
  GateVerdict judged{.name = gate.name, .verdict = verdict_of(newest->conclusion), .evidence = {*newest}};
  if (judged.verdict == Verdict::passed) {
    if (!newest->verified) judged.reason = "unverified";
    return judged;
  }
  judged.code = judged.verdict == Verdict::pending ? ErrorCode::gate_pending : ErrorCode::gate_failed;
  judged.reason = "conclusion";
  judged.message = fmt::format("its newest conclusion is '{}'", printable(newest->conclusion));
  return judged;
}

const GateVerdict* deciding_gate(const std::vector<GateVerdict>& gates) noexcept {
  const GateVerdict* pending = nullptr;
  for (const GateVerdict& gate : gates) {
    if (gate.verdict == Verdict::passed) continue;
    if (gate.verdict != Verdict::pending) return &gate;
    if (pending == nullptr) pending = &gate;
  }
  return pending;
}

Result<void> require_passed(const std::vector<GateVerdict>& gates, const GateSubject& subject) {
  const GateVerdict* gate = deciding_gate(gates);
  if (gate == nullptr) return {};
  const auto open = std::count_if(gates.begin(), gates.end(),
                                  [](const GateVerdict& other) { return other.verdict != Verdict::passed; });
  return Error{.code = gate->code.value_or(ErrorCode::gate_missing),
               .message = fmt::format("gate '{}' is {} for commit {}: {}{}", gate->name, to_string(gate->verdict),
                                      subject.commit, gate->message,
                                      open > 1 ? fmt::format(" (not passed in all: {})", open) : ""),
               .hint = fmt::format("samebits gate show --service {} --sha {}", subject.service.name, subject.commit)};
}

Result<std::vector<const GateRule*>> gates_of(const Pipeline& pipeline, const std::vector<std::string>& names) {
  std::vector<const GateRule*> gates;
  gates.reserve(names.size());
  for (const std::string& name : names) {
    const GateRule* gate = pipeline.find_gate(name);
    if (gate == nullptr) {
      std::vector<std::string> known;
      known.reserve(pipeline.gates.size());
      for (const GateRule& rule : pipeline.gates) known.push_back(rule.name);
      return Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("the pipeline has no gate '{}'", printable(name)),
                   .hint = fmt::format("it has: {}", fmt::join(known, ", "))};
    }
    gates.push_back(gate);
  }
  return gates;
}

}  // namespace samebits
