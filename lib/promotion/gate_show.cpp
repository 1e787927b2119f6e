#include "core/gates.hpp"
#include "core/on_main.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"

namespace samebits {

Result<GateReport> show_gates(Session& session, const GateShowRequest& request) {
  const Pipeline& pipeline = session.pipeline();
  SB_TRY(const auto commit, CommitId::parse(request.sha));
  SB_TRY(const auto services,
         services_of(pipeline, request.service.empty() ? std::vector<std::string>() : std::vector{request.service}));
  SB_TRY(const auto gates,
         gates_of(pipeline, request.gate.empty() ? pipeline.release.gates : std::vector{request.gate}));
  const Service& service = *services.front();
  const std::string snapshot = pipeline.tags.snapshot(commit).str();
  Facts facts;
  FactReader wanted(facts);
  wanted.want(need_image(service, snapshot));
  for (const GateRule* gate : gates) SB_CHECK(want_gate(wanted, pipeline, *gate, service, commit));
  SB_CHECK(observe(session, wanted.needs(), facts));
  const FactReader reader(facts);
  SB_TRY(const Digest digest, require_image(reader, service, snapshot));
  const GateSubject subject{.service = service, .commit = commit, .digest = digest};
  GateReport report{.images = {{.service = service.name,
                                .repository = service.image.str(),
                                .snapshot = snapshot,
                                .tag = snapshot,
                                .digest = digest,
                                .commit = commit}},
                    .gates = {}};
  for (const GateRule* gate : gates) report.gates.push_back(judge_gate(reader, pipeline, *gate, subject));
  for (const auto& [key, evidence] : facts.evidence)
    if (evidence) report.warnings = evidence->ignored;
  return report;
}

}  // namespace samebits
