#include <ostream>

#include <samebits/digest.hpp>
#include <samebits/object_id.hpp>

#include "core/text.hpp"

namespace samebits {

Result<Digest> Digest::parse(std::string_view text) {
  constexpr std::string_view algorithm = "sha256:";
  if (text.starts_with(algorithm) && text.size() == algorithm.size() + 64 &&
      is_object_id(text.substr(algorithm.size())))
    return Digest(text);
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' is no digest", printable(text)),
               .hint = "a digest is sha256: and 64 lower-case hex digits"};
}

std::ostream& operator<<(std::ostream& out, const Digest& digest) { return out << digest.str(); }

}  // namespace samebits
