#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// True for a full Git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.
bool is_object_id(std::string_view text) noexcept;

/// Full object id of a commit: 40 or 64 lower-case hex digits.
class CommitId {
 public:
  /// Errors: bad_commit_id if `text` is not a full id; short ids are refused here, once, at the border.
  static Result<CommitId> parse(std::string_view text);
  const std::string& str() const noexcept { return text_; }
  /// The first seven digits, for people only.
  std::string_view brief() const noexcept { return std::string_view(text_).substr(0, 7); }
  auto operator<=>(const CommitId&) const = default;

 private:
  explicit CommitId(std::string_view text) : text_(text) {}
  std::string text_;
};

/// Full object id of a blob: the identity of a file's bytes in Git.
class BlobId {
 public:
  /// Errors: bad_request if `text` is not a full id.
  static Result<BlobId> parse(std::string_view text);
  const std::string& str() const noexcept { return text_; }
  auto operator<=>(const BlobId&) const = default;

 private:
  explicit BlobId(std::string_view text) : text_(text) {}
  std::string text_;
};

std::ostream& operator<<(std::ostream& out, const CommitId& id);
std::ostream& operator<<(std::ostream& out, const BlobId& id);

}  // namespace samebits
