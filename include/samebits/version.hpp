#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

namespace samebits {

/// A version as Semantic Versioning 2.0 has it, without build metadata: `+` is not legal in an image tag.
/// Order is SemVer's precedence (section 11).
class Version {
 public:
  /// Accepts one leading `v`. Errors: bad_version, with what is wrong.
  static Result<Version> parse(std::string_view text);
  /// Without a leading `v`: `1.2.3-rc.1`.
  const std::string& str() const noexcept { return text_; }
  bool is_pre_release() const noexcept { return !pre_release_.empty(); }
  std::strong_ordering operator<=>(const Version& other) const noexcept;
  bool operator==(const Version& other) const noexcept { return text_ == other.text_; }

 private:
  std::string text_;
  /// Decimal digits without leading zeros, of any length.
  std::vector<std::string> core_;
  std::vector<std::string> pre_release_;
};

std::ostream& operator<<(std::ostream& out, const Version& version);

}  // namespace samebits
