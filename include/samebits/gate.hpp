#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/error.hpp>
#include <samebits/evidence.hpp>

namespace samebits {

/// Only `passed` passes.
enum class Verdict { passed, failed, pending, missing, ambiguous, error };

std::string_view to_string(Verdict verdict) noexcept;
std::optional<Verdict> verdict_from(std::string_view text) noexcept;

/// A gate, judged.
struct GateVerdict {
  std::string name;
  Verdict verdict = Verdict::missing;
  /// Why it does not pass; nothing where it passes.
  std::optional<ErrorCode> code = {};
  /// A word for programs: `no_evidence`, `no_digest`, `other_digest`, `not_deployed`, `unrecorded`, ...
  std::string reason = {};
  /// For people: what is the case.
  std::string message = {};
  /// What the verdict rests on.
  std::vector<EvidenceItem> evidence = {};
  /// Whose image it is about; said in a trace only, which may be of several services.
  std::string service = {};
};

}  // namespace samebits
