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

/// The bytes of the character that must not be shown and begins `text`; 0 if it may.
std::size_t unwanted(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x20) return first == '\n' || first == '\t' ? 0 : 1;
  if (first == 0x7f) return 1;
  if (first == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;                      // C1
  if (first == 0xe2 && byte(1) == 0x80 && byte(2) >= 0xaa && byte(2) <= 0xae) return 3;  // U+202A to U+202E
  if (first == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return 3;  // U+2066 to U+2069
  return 0;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = unwanted(text);
    out += bytes == 0 ? text.front() : '?';
    text.remove_prefix(bytes == 0 ? 1 : bytes);
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
