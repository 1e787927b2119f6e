#pragma once

#include <string>

#include <samebits/receipt.hpp>

namespace samebits::test {

/// Each step with its outcome: `git-tag=done image-tag=already `.
inline std::string outcomes(const Receipt& receipt) {
  std::string text;
  for (const StepResult& step : receipt.steps) text += step.name + "=" + std::string(to_string(step.outcome)) + " ";
  return text;
}

}  // namespace samebits::test
