#include "git/local_folder.hpp"

#include <optional>

#include "core/text.hpp"

namespace samebits::git {
namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

}  // namespace

Result<std::string> local_folder(std::string_view location) {
  constexpr std::string_view scheme = "file://";
  if (!location.starts_with(scheme)) {
    if (!location.empty() && location.find('\0') == std::string_view::npos) return std::string(location);
    return Error{.code = ErrorCode::bad_option,
                 .message = "the location of a Git repository is empty",
                 .hint = "give a folder or a file:// URL"};
  }
  std::string_view rest = location.substr(scheme.size());
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  auto folder = percent_decoded(rest);
  if (rest.starts_with('/') && folder) return *std::move(folder);
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' names no folder of this machine", printable(location)),
               .hint = "write it as file:///PATH"};
}

}  // namespace samebits::git
