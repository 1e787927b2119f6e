#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// A path of a file inside a Git repository: `values/prod/api.yaml`. Relative, `/` between segments.
/// Refused is what Git refuses on some system: empty, `.` and `..` segments, `.git` in any case or disguise (NTFS short
/// names, streams, ignorable Unicode), backslashes, control characters, invalid UTF-8, more than 4096 bytes.
class RepoPath {
 public:
  /// Errors: bad_path, with the segment that is wrong.
  static Result<RepoPath> parse(std::string_view text);
  const std::string& str() const noexcept { return text_; }
  auto operator<=>(const RepoPath&) const = default;

 private:
  explicit RepoPath(std::string_view text) : text_(text) {}
  std::string text_;
};

std::ostream& operator<<(std::ostream& out, const RepoPath& path);

}  // namespace samebits
