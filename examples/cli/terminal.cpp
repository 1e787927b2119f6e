#include "terminal.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace samebits::cli {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool is_colourful(int stream) {
  const char* terminal = std::getenv("TERM");
  return !is_set("NO_COLOR") && ::isatty(stream) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string paint(int stream, Colour colour, std::string_view text) {
  if (!is_colourful(stream)) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(colour), text);
}

/// Bytes of the character that begins `text`; 0 if it is not valid UTF-8. Source: RFC 3629, without its rarer limits.
std::size_t length_of(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  return length;
}

bool moves_a_terminal(std::string_view character) {
  if (character.size() == 1)
    return (character[0] < 0x20 && character[0] != '\n' && character[0] != '\t') || character[0] == 0x7f;
  return (character >= "\xc2\x80" && character < "\xc2\xa0") ||
         (character >= "\xe2\x80\xaa" && character <= "\xe2\x80\xae") ||
         (character >= "\xe2\x81\xa6" && character <= "\xe2\x81\xa9");
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = length_of(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    if (length == 0 || moves_a_terminal(character)) {
      out += '?';
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  return out;
}

std::string paint_output(Colour colour, std::string_view text) { return paint(STDOUT_FILENO, colour, text); }
std::string paint_error(Colour colour, std::string_view text) { return paint(STDERR_FILENO, colour, text); }

void keep_standard_streams() {
  constexpr std::array modes = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (std::size_t stream = 0; stream < modes.size(); ++stream)
    if (::fcntl(static_cast<int>(stream), F_GETFD) < 0) (void)::open("/dev/null", modes[stream]);
}

}  // namespace samebits::cli
