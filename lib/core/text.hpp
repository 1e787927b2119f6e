#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace samebits {

/// Whatever the locale: only A to Z change.
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text);

bool is_valid_utf8(std::string_view text) noexcept;
/// `text` with U+FFFD for every byte that is not valid.
std::string valid_utf8(std::string_view text);
/// `text` with control characters (C0, DEL, C1, breaks and turns of a line) and invalid bytes as `?`, shortened to
/// `max_bytes`: safe for a terminal and one line.
std::string printable(std::string_view text, std::size_t max_bytes = 200);
/// True if `printable` would change nothing but the length.
bool is_printable(std::string_view text) noexcept;
/// Of `candidates` the one nearest to `text` by edit distance; empty where none is near.
std::string nearest(std::string_view text, std::span<const std::string> candidates);
/// `pattern` with `{name}` replaced by its value; names that are not given stay.
std::string render(std::string_view pattern, std::span<const std::pair<std::string_view, std::string_view>> values);
std::vector<std::string_view> split(std::string_view text, char separator);
/// A label by RFC 1123: lower-case letters, digits and `-`, at most 63 characters.
bool is_dns_label(std::string_view text) noexcept;

}  // namespace samebits

/// Value types are formatted by their text.
template <class T>
  requires requires(const T& value) {
    { value.str() } -> std::convertible_to<std::string_view>;
  }
struct fmt::formatter<T> : fmt::formatter<std::string_view> {
  template <class FormatContext>
  auto format(const T& value, FormatContext& context) const {
    const std::string& text = value.str();
    return fmt::formatter<std::string_view>::format(text, context);
  }
};
