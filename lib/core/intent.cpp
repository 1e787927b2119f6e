#include "core/intent.hpp"

namespace samebits {
namespace {

template <class Value>
Result<Value> given(const std::optional<Value>& value, std::string message, std::string hint) {
  if (value) return *value;
  return Error{.code = ErrorCode::bad_request, .message = std::move(message), .hint = std::move(hint)};
}

}  // namespace

Result<CommitId> commit_of(const Intent& intent) {
  return given(intent.commit, "the request names no commit", "give the full commit id with --sha");
}

Result<Version> version_of(const Intent& intent) {
  return given(intent.version, "the request names no version", "give one, as in samebits release 1.2.3");
}

}  // namespace samebits
