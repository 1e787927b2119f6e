#pragma once

#include <string>
#include <utility>

namespace samebits {

/// Text that must not surface: it has no `str()` and no `operator<<`, so that nothing prints it by mistake.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  bool empty() const noexcept { return text_.empty(); }
  const std::string& reveal() const noexcept { return text_; }
  bool operator==(const Secret&) const = default;

 private:
  std::string text_;
};

}  // namespace samebits
