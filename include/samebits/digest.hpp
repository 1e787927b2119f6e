#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// `sha256:<64 lower-case hex>`: the identity of the bits that a tag points to.
/// Source: OCI image-spec 1.1, "Digests"; other algorithms are refused.
class Digest {
 public:
  /// Errors: bad_request if `text` is not a SHA-256 digest.
  static Result<Digest> parse(std::string_view text);
  const std::string& str() const noexcept { return text_; }
  /// The 64 digits without the algorithm.
  std::string_view hex() const noexcept { return std::string_view(text_).substr(7); }
  auto operator<=>(const Digest&) const = default;

 private:
  explicit Digest(std::string_view text) : text_(text) {}
  std::string text_;
};

std::ostream& operator<<(std::ostream& out, const Digest& digest);

}  // namespace samebits
