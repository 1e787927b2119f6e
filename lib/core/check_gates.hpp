#pragma once

#include "core/gates.hpp"

namespace samebits {

/// Judges a gate by the checks of a forge: of those that have the name and the pinned producer the newest decides, and
/// it must be a success about these bits, by the pinned workflow.
GateVerdict judge_check(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject);

/// Likewise by statuses, whose names are compared without case.
GateVerdict judge_status(const GateRule& gate, const EvidenceList& evidence, const GateSubject& subject);

/// Judges a gate by the reviews of the merge that made the commit.
GateVerdict judge_approval(const GateRule& gate, const ApprovalFacts& approval, const GateSubject& subject);

}  // namespace samebits
