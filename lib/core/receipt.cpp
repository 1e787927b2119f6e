#include <samebits/receipt.hpp>

namespace samebits {

std::string_view to_string(StepOutcome outcome) noexcept {
  switch (outcome) {
    case StepOutcome::done:
      return "done";
    case StepOutcome::already:
      return "already";
    case StepOutcome::skipped:
      return "skipped";
  }
  return "skipped";
}

}  // namespace samebits
