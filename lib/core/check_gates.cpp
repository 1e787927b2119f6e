#include "core/check_gates.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace samebits {
namespace {

using Items = std::vector<const EvidenceItem*>;

/// What a workflow must have been begun by: a push is the only event that runs what the protected branch holds.
constexpr std::string_view pushed = "push";

GateVerdict refusal(const GateRule& gate, Verdict verdict, ErrorCode code, std::string reason, std::string message) {
  return {
      .name = gate.name, .verdict = verdict, .code = code, .reason = std::move(reason), .message = std::move(message)};
}

GateVerdict missing(const GateRule& gate, std::string reason, std::string message) {
  return refusal(gate, Verdict::missing, ErrorCode::gate_missing, std::move(reason), std::move(message));
}

GateVerdict with_evidence(GateVerdict verdict, const EvidenceItem& item) {
  verdict.evidence = {item};
  return verdict;
}

bool equal_without_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char l, char r) { return lower(l) == lower(r); });
}

/// Two jobs of one name that began together and came to different ends: nobody knows which of them is meant.
bool is_ambiguous(const Items& items) {
  for (const EvidenceItem* left : items)
    for (const EvidenceItem* right : items)
      if (left < right && left->by_workflow && right->by_workflow && left->group == right->group &&
          !left->started.empty() && left->started == right->started && left->conclusion != right->conclusion)
        return true;
  return false;
}

/// Whether the run is the pinned workflow's, on the protected branch's own code, and came to a good end: a check may be
/// made by hand inside of any run, so that its own word is not enough.
std::optional<GateVerdict> judge_run(const GateRule& gate, const EvidenceItem& item, const EvidenceList& evidence,
                                     const GateSubject& subject) {
  const std::string& branch = evidence.branch;
  if (gate.workflow.empty())
    return refusal(gate, Verdict::error, ErrorCode::bad_config, "no_workflow",
                   fmt::format("any workflow may act as '{}', and the gate pins none: set gates.{}.workflow",
                               printable(item.app), gate.name));
  if (!item.run && evidence.without_runs)
    return refusal(gate, Verdict::error, evidence.without_runs->code, "unreadable", evidence.without_runs->message);
  if (!item.run)
    return missing(gate, "no_run", fmt::format("no workflow run is known for check {}", printable(item.id)));
  const EvidenceRun& run = *item.run;
  const auto differs = [&](const char* reason, std::string_view what, std::string_view is, std::string_view wanted) {
    return missing(gate, reason, fmt::format("its {} is '{}', not '{}'", what, printable(is), printable(wanted)));
  };
  if (run.workflow != gate.workflow) return differs("other_workflow", "workflow", run.workflow, gate.workflow);
  if (run.event != pushed) return differs("other_event", "workflow's event", run.event, pushed);
  if (branch.empty() || run.branch != branch) return differs("other_branch", "workflow's branch", run.branch, branch);
  if (!run.own_repository) return missing(gate, "other_repository", "its workflow ran the code of another repository");
  if (!run.commit || *run.commit != subject.commit)
    return differs("other_commit", "workflow's commit", run.commit ? run.commit->str() : "", subject.commit.str());
  if (run.conclusion.empty())
    return refusal(gate, Verdict::pending, ErrorCode::gate_pending, "run_pending", "its workflow run is not over");
  if (run.conclusion != "success")
    return refusal(
        gate, Verdict::failed, ErrorCode::gate_failed, "run_conclusion",
        fmt::format("its workflow run (attempt {}) ended with '{}'", run.attempt, printable(run.conclusion)));
  return std::nullopt;
}

/// The digest and the environment that the decisive item must be about.
std::optional<GateVerdict> judge_binding(const GateRule& gate, const EvidenceItem& item, const GateSubject& subject) {
  if (item.digest && *item.digest != subject.digest)
    return refusal(gate, Verdict::error, ErrorCode::gate_failed, "other_digest",
                   fmt::format("the newest evidence is about {}, not about {}", *item.digest, subject.digest));
  if (gate.needs_digest && !item.digest) return missing(gate, "no_digest", "the evidence names no digest");
  // A forge has no word for the environment: `gate post` looks at what runs there before it writes.
  if (!gate.environment.empty() && !item.environment.empty() && item.environment != gate.environment)
    return missing(
        gate, "other_environment",
        fmt::format("the evidence is from '{}', not from '{}'", printable(item.environment), gate.environment));
  return std::nullopt;
}

GateVerdict judge_newest(const GateRule& gate, const EvidenceList& evidence, const EvidenceItem& newest,
                         const GateSubject& subject) {
  if (!newest.completed)
    return refusal(gate, Verdict::pending, ErrorCode::gate_pending, "conclusion",
                   fmt::format("its newest state is '{}'", printable(newest.conclusion)));
  if (newest.conclusion.empty())
    return refusal(gate, Verdict::error, ErrorCode::bad_answer, "no_conclusion", "it is over and has no conclusion");
  if (auto unbound = judge_binding(gate, newest, subject)) return *std::move(unbound);
  if (newest.conclusion != "success")
    return refusal(gate, Verdict::failed, ErrorCode::gate_failed, "conclusion",
                   fmt::format("its newest conclusion is '{}'", printable(newest.conclusion)));
  if (newest.by_workflow || !gate.workflow.empty())
    if (auto other = judge_run(gate, newest, evidence, subject)) return *std::move(other);
  return {.name = gate.name, .verdict = Verdict::passed};
}

GateVerdict judge_items(const GateRule& gate, const EvidenceList& evidence, const Items& named,
                        const GateSubject& subject) {
  if (named.empty()) return missing(gate, "no_evidence", "nothing was reported for it");
  Items mine;
  std::copy_if(named.begin(), named.end(), std::back_inserter(mine),
               [&](const EvidenceItem* item) { return is_by(*item, gate.app); });
  if (mine.empty())
    return missing(
        gate, "other_producer",
        fmt::format("what has its name is by '{}', not by '{}'", printable(named.back()->app), printable(gate.app)));
  for (const EvidenceItem* item : mine)
    if (item->commit && *item->commit != subject.commit)
      return with_evidence(refusal(gate, Verdict::error, ErrorCode::bad_answer, "other_commit",
                                   fmt::format("the forge answers with evidence of {}", *item->commit)),
                           *item);
  if (is_ambiguous(mine)) {
    GateVerdict judged =
        refusal(gate, Verdict::ambiguous, ErrorCode::gate_ambiguous, "parallel",
                "parallel jobs have its name and came to different ends: give them names of their own");
    for (const EvidenceItem* item : mine) judged.evidence.push_back(*item);
    return judged;
  }
  return with_evidence(judge_newest(gate, evidence, *mine.back(), subject), *mine.back());
}

GateVerdict without_producer(const GateRule& gate, std::string_view member) {
  return refusal(
      gate, Verdict::error, ErrorCode::bad_config, "no_producer",
      fmt::format("anybody may report under its name: pin the producer with gates.{}.{}", gate.name, member));
}

GateVerdict unsupported(const GateRule& gate, std::string_view what) {
  return refusal(gate, Verdict::error, ErrorCode::unsupported, "unsupported",
                 fmt::format("the source's forge has no {}", what));
}

}  // namespace

bool is_by(const EvidenceItem& item, std::string_view producer) noexcept {
  const bool is_number = producer.find_first_not_of("0123456789") == std::string_view::npos;
  return producer == (is_number ? item.app_id : item.app);
}

GateVerdict judge_check(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject) {
  if (!evidence.can.checks) return unsupported(gate, "checks and no identity of apps: use a gate 'status'");
  if (gate.app.empty()) return without_producer(gate, "app");
  Items named;
  for (const EvidenceItem& item : evidence.items)
    if (item.kind == EvidenceKind::check && item.gate == gate.subject) named.push_back(&item);
  return judge_items(gate, evidence, named, subject);
}

GateVerdict judge_status(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject) {
  if (!evidence.can.statuses) return unsupported(gate, "statuses: use a gate 'check' or 'ledger'");
  if (gate.app.empty()) return without_producer(gate, "creator");
  Items named;
  for (const EvidenceItem& item : evidence.items)
    if (item.kind == EvidenceKind::status && equal_without_case(item.gate, gate.subject)) named.push_back(&item);
  return judge_items(gate, evidence, named, subject);
}

}  // namespace samebits
