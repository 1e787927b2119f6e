#include <samebits/registry.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

Result<Retagged> Registry::retag(Context& context, std::string_view source, std::string_view tag) {
  SB_TRY(const auto digest, resolve(context, source));
  if (!digest)
    return Error{.code = ErrorCode::image_missing,
                 .message = fmt::format("no image has the tag '{}'", printable(source)),
                 .hint = "samebits image list shows the tags that are there",
                 .remote = location()};
  SB_TRY(const auto outcome, create_tag(context, tag, *digest));
  return Retagged{.digest = *digest, .outcome = outcome};
}

}  // namespace samebits
