#include "promotion/gate_post.hpp"

#include <algorithm>

#include "core/gates.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/receipts.hpp"

namespace samebits {

Result<Receipt> post_gate(Session& session, const Intent& intent, const GatePostRequest& request) {
  Facts facts;
  SB_TRY(const auto decision, decide(session, intent, facts));
  const ImageDecision& image = decision.images.front();
  const GateRule& gate = *session.pipeline().find_gate(intent.gate);
  SB_TRY(Evidence * evidence, session.ports().services.evidence(*image.service));
  SB_TRY(const auto before, evidence->list(session.context(), *image.commit));
  const bool named = gate.source == GateSource::ledger && !gate.subject.empty();
  SB_TRY(const auto item, evidence->post(session.context(), *image.commit,
                                         {.gate = named ? gate.subject : gate.name,
                                          .conclusion = intent.conclusion,
                                          .digest = image.digest,
                                          .environment = gate.environment,
                                          .producer = session.options().author.str(),
                                          .url = request.url,
                                          .summary = request.summary,
                                          .time = session.ports().clock.now()}));
  const bool already = std::any_of(before.items.begin(), before.items.end(),
                                   [&](const EvidenceItem& known) { return known.id == item.id; });
  const GateSubject subject{.service = *image.service, .commit = *image.commit, .digest = image.digest};
  return Receipt{.operation = std::string(to_string(intent.operation)),
                 .changed = !already,
                 .actor = session.options().author.str(),
                 .policy = session.policy(),
                 .images = promoted_images(decision),
                 .gates = {judge_evidence(gate, {.items = {item}}, subject)},
                 .steps = {{.name = "evidence",
                            .outcome = already ? StepOutcome::already : StepOutcome::done,
                            .note = evidence->location()}}};
}

}  // namespace samebits
