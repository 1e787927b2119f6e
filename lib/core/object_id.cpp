#include <algorithm>
#include <ostream>

#include <samebits/object_id.hpp>

#include "core/text.hpp"

namespace samebits {
namespace {

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

bool is_object_id(std::string_view text) noexcept {
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), is_hex);
}

Result<CommitId> CommitId::parse(std::string_view text) {
  if (is_object_id(text)) return CommitId(text);
  const bool is_short = text.size() < 40 && !text.empty() && std::all_of(text.begin(), text.end(), is_hex);
  return Error{.code = ErrorCode::bad_commit_id,
               .message = fmt::format("'{}' is no full commit id (40 or 64 lower-case hex digits)", printable(text)),
               .hint = is_short ? fmt::format("git rev-parse {} gives the full id", text)
                                : "git rev-parse HEAD gives the full id of what is checked out"};
}

Result<BlobId> BlobId::parse(std::string_view text) {
  if (is_object_id(text)) return BlobId(text);
  return Error{.code = ErrorCode::bad_request, .message = fmt::format("'{}' is no full object id", printable(text))};
}

std::ostream& operator<<(std::ostream& out, const CommitId& id) { return out << id.str(); }
std::ostream& operator<<(std::ostream& out, const BlobId& id) { return out << id.str(); }

}  // namespace samebits
