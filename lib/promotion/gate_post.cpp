#include "promotion/gate_post.hpp"

#include <algorithm>
#include <array>

#include "core/gates.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/receipts.hpp"
#include "promotion/rollouts.hpp"

namespace samebits {
namespace {

/// Evidence about an environment says what ran there.
std::string with_image(const std::string& summary, const std::optional<ApplicationRollout>& live) {
  if (!live || live->images.empty()) return summary;
  const std::string runs = fmt::format("{} ran {}", live->application, printable(live->images.front(), 500));
  return summary.empty() ? runs : fmt::format("{} ({})", summary, runs);
}

EvidenceKind kind_of(GateSource source) {
  return source == GateSource::status ? EvidenceKind::status : EvidenceKind::check;
}

/// What the item itself says: whether the gate passes by it is judged when it is read.
GateVerdict posted_verdict(const GateRule& gate, const EvidenceItem& item, const GateSubject& subject) {
  GateRule ledger = gate;
  ledger.source = GateSource::ledger;
  ledger.subject = item.gate;
  return judge_evidence(ledger, {.items = {item}}, subject);
}

std::string_view producer_member(const GateRule& gate) { return gate.source == GateSource::status ? "creator" : "app"; }

Result<void> require_ledger(const GateRule& gate, const EvidenceList& known) {
  if (gate.source != GateSource::ledger || !known.can.forge) return {};
  return Error{.code = ErrorCode::unsupported,
               .message = fmt::format("gate '{}' has no place for evidence", gate.name),
               .hint = ledger_at_forge(gate)};
}

/// At a forge anybody may report under the gate's name: whose word it takes must be said.
Result<void> require_pinned(const GateRule& gate) {
  if (!gate.app.empty()) return {};
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("gate '{}' pins no producer: nothing that is posted could pass it", gate.name),
               .hint = fmt::format("set gates.{}.{} in samebits.yaml", gate.name, producer_member(gate))};
}

/// What these credentials post must be what the gate takes. Who they are is known once something is made.
Result<void> require_producer(const GateRule& gate, const EvidenceItem& item, const std::string& forge) {
  if (is_by(item, gate.app)) return {};
  return Error{.code = ErrorCode::permission_missing,
               .message = fmt::format("{} was posted as '{}', and gate '{}' takes only what '{}' posts",
                                      printable(item.id), printable(item.app), gate.name, printable(gate.app)),
               .hint = fmt::format("post it with the credentials of '{}', or set gates.{}.{} in samebits.yaml",
                                   printable(gate.app), gate.name, producer_member(gate)),
               .remote = forge};
}

}  // namespace

Result<Receipt> post_gate(Session& session, const Intent& intent, const GatePostRequest& request) {
  Facts facts;
  SB_TRY(const auto decision, decide(session, intent, facts));
  const ImageDecision& image = decision.images.front();
  const GateRule& gate = *session.pipeline().find_gate(intent.gate);
  std::optional<ApplicationRollout> live;
  if (!gate.environment.empty()) {
    SB_TRY(live, require_live(session, gate.environment, image.service->name));
  }
  SB_TRY(Evidence * evidence, session.ports().services.evidence(*image.service));
  const std::array kinds{gate.source == GateSource::ledger ? EvidenceKind::record : kind_of(gate.source)};
  SB_TRY(const auto before, evidence->list_of(session.context(), *image.commit, kinds));
  SB_CHECK(require_ledger(gate, before));
  const bool of_forge = before.can.forge && gate.source != GateSource::ledger;
  if (of_forge) SB_CHECK(require_pinned(gate));
  const bool named = of_forge || (gate.source == GateSource::ledger && !gate.subject.empty());
  SB_TRY(const auto item, evidence->post(session.context(), *image.commit,
                                         {.gate = named ? gate.subject : gate.name,
                                          .conclusion = intent.conclusion,
                                          .digest = image.digest,
                                          .environment = gate.environment,
                                          .producer = session.options().author.str(),
                                          .url = request.url,
                                          .summary = with_image(request.summary, live),
                                          .time = session.ports().clock.now(),
                                          .kind = of_forge ? kind_of(gate.source) : EvidenceKind::record,
                                          .app = of_forge ? gate.app : std::string()}));
  if (of_forge) SB_CHECK(require_producer(gate, item, evidence->location()));
  const bool already = std::any_of(before.items.begin(), before.items.end(),
                                   [&](const EvidenceItem& known) { return known.id == item.id; });
  const GateSubject subject{.service = *image.service, .commit = *image.commit, .digest = image.digest};
  std::vector<ApplicationRollout> applications;
  if (live) applications.push_back(*std::move(live));
  return Receipt{.operation = std::string(to_string(intent.operation)),
                 .changed = !already,
                 .actor = session.options().author.str(),
                 .policy = session.policy(),
                 .images = promoted_images(decision),
                 .gates = {posted_verdict(gate, item, subject)},
                 .steps = {{.name = "evidence",
                            .outcome = already ? StepOutcome::already : StepOutcome::done,
                            .note = evidence->location()}},
                 .applications = std::move(applications)};
}

}  // namespace samebits
