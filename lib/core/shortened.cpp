#include "core/shortened.hpp"

#include "core/text.hpp"

namespace samebits {
namespace {

/// Of UTF-8: within a character.
bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string printable_ends(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return printable(text, max_bytes);
  const std::size_t beginning = max_bytes / 3;
  std::size_t end = text.size() - (max_bytes - beginning);
  while (end < text.size() && is_continuation(text[end])) ++end;
  return printable(text, beginning) + " " + printable(text.substr(end), max_bytes);
}

}  // namespace samebits
