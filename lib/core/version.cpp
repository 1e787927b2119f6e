#include <algorithm>
#include <ostream>

#include <samebits/version.hpp>

#include "core/text.hpp"

namespace samebits {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_number(std::string_view text) { return is_digits(text) && (text.size() == 1 || text.front() != '0'); }

bool is_identifier(std::string_view text) {
  const auto is_legal = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_legal) && (!is_digits(text) || is_number(text));
}

/// Numbers of any length: the longer is the greater.
std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::strong_ordering compare_identifiers(std::string_view left, std::string_view right) {
  const bool left_number = is_digits(left);
  const bool right_number = is_digits(right);
  if (left_number && right_number) return compare_numbers(left, right);
  if (left_number != right_number) return left_number ? std::strong_ordering::less : std::strong_ordering::greater;
  return left <=> right;
}

Error bad_version(std::string_view text, std::string_view reason) {
  return Error{.code = ErrorCode::bad_version,
               .message = fmt::format("'{}' is no version: {}", printable(text), reason),
               .hint = "write MAJOR.MINOR.PATCH, such as 1.4.0 or 2.0.0-rc.1"};
}

}  // namespace

Result<Version> Version::parse(std::string_view text) {
  const std::string_view given = text;
  if (text.starts_with('v')) text.remove_prefix(1);
  if (text.find('+') != std::string_view::npos)
    return bad_version(given, "build metadata is not legal in an image tag");
  Version version;
  version.text_ = text;
  const auto dash = std::min(text.find('-'), text.size());
  for (const std::string_view part : split(text.substr(0, dash), '.')) {
    if (!is_number(part))
      return bad_version(given, fmt::format("'{}' is no number without leading zeros", printable(part)));
    version.core_.emplace_back(part);
  }
  if (version.core_.size() != 3) return bad_version(given, "it needs three numbers");
  if (dash == text.size()) return version;
  for (const std::string_view part : split(text.substr(dash + 1), '.')) {
    if (!is_identifier(part))
      return bad_version(given, fmt::format("'{}' is no pre-release identifier", printable(part)));
    version.pre_release_.emplace_back(part);
  }
  return version;
}

std::strong_ordering Version::operator<=>(const Version& other) const noexcept {
  for (std::size_t i = 0; i < core_.size(); ++i)
    if (const auto order = compare_numbers(core_[i], other.core_[i]); std::is_neq(order)) return order;
  if (is_pre_release() != other.is_pre_release())
    return is_pre_release() ? std::strong_ordering::less : std::strong_ordering::greater;
  const auto shared = std::min(pre_release_.size(), other.pre_release_.size());
  for (std::size_t i = 0; i < shared; ++i)
    if (const auto order = compare_identifiers(pre_release_[i], other.pre_release_[i]); std::is_neq(order))
      return order;
  return pre_release_.size() <=> other.pre_release_.size();
}

std::ostream& operator<<(std::ostream& out, const Version& version) { return out << version.str(); }

}  // namespace samebits
