#include "system/system_error.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace samebits {

Error system_error(std::string_view what, const std::filesystem::path& path, int number) {
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("{}: {}", what, std::strerror(number)),
               .hint = number == ENOSPC || number == EDQUOT ? "make room on the disk and run it again"
                       : number == EROFS || number == EACCES || number == EPERM
                           ? "check the owner and the mode of the folder"
                           : "",
               .where = {.file = path.string()}};
}

}  // namespace samebits
