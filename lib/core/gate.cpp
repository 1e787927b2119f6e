#include <samebits/gate.hpp>

namespace samebits {
namespace {

constexpr Verdict all_verdicts[] = {Verdict::passed,  Verdict::failed,    Verdict::pending,
                                    Verdict::missing, Verdict::ambiguous, Verdict::error};

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::pending:
      return "pending";
    case Verdict::missing:
      return "missing";
    case Verdict::ambiguous:
      return "ambiguous";
    case Verdict::error:
      return "error";
  }
  return "error";
}

std::optional<Verdict> verdict_from(std::string_view text) noexcept {
  for (const Verdict verdict : all_verdicts)
    if (to_string(verdict) == text) return verdict;
  return std::nullopt;
}

}  // namespace samebits
