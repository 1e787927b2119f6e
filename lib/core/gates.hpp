#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/gate.hpp>

#include "core/facts.hpp"

namespace samebits {

/// What a gate is about.
struct GateSubject {
  const Service& service;
  CommitId commit;
  Digest digest;
};

/// Asks for what the gate is judged by. Errors: bad_config.
Result<void> want_gate(FactReader& facts, const Pipeline& pipeline, const GateRule& gate, const Service& service,
                       const CommitId& commit);

/// The item of evidence for the gate that has `id`; nothing where it is not there any more.
std::optional<EvidenceItem> find_evidence(const FactReader& facts, const Pipeline& pipeline, const GateRule& gate,
                                          const GateSubject& subject, std::string_view id);

/// Judges one gate. A source that could not be read is the verdict `error`.
GateVerdict judge_gate(const FactReader& facts, const Pipeline& pipeline, const GateRule& gate,
                       const GateSubject& subject);

/// A verdict on evidence alone, oldest first: the newest that counts decides.
GateVerdict judge_evidence(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject);

/// Why a gate that is judged by a ledger cannot pass where the source has a forge, and what to write instead.
std::string ledger_at_forge(const GateRule& gate);

/// The gate that a refusal names: the first that does not pass, a pending one only where nothing but time is missing.
/// Null where all pass.
const GateVerdict* deciding_gate(const std::vector<GateVerdict>& gates) noexcept;
/// Errors: the code of the deciding gate.
Result<void> require_passed(const std::vector<GateVerdict>& gates, const GateSubject& subject);

/// The gates that `names` name. Errors: bad_request with the nearest.
Result<std::vector<const GateRule*>> gates_of(const Pipeline& pipeline, const std::vector<std::string>& names);

}  // namespace samebits
