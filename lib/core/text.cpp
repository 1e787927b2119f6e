#include "core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

namespace samebits {
namespace {

/// Bytes of the UTF-8 sequence that starts at `at`; 0 if it is not valid (overlong, surrogate, out of range).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  const unsigned char second = byte(at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || beyond ? 0 : length;
}

/// How many bytes from `at` on are ASCII, counted by eight: most text is nothing else.
std::size_t ascii_bytes(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  for (std::uint64_t eight = 0; end + sizeof eight <= text.size(); end += sizeof eight) {
    std::memcpy(&eight, text.data() + end, sizeof eight);
    if ((eight & 0x8080'8080'8080'8080U) != 0) break;
  }
  return end - at;
}

/// Letters that are missing, too many, wrong, or swapped with their neighbour. Source: Damerau 1964 (restricted).
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> above(right.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::vector<std::size_t> row(right.size() + 1, i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({row[j - 1] + 1, above[j] + 1, changed});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, std::move(row));
  }
  return above.back();
}

/// C0, DEL and C1, and what breaks a line (U+2028, U+2029) or turns its direction (U+202A-U+202E, U+2066-U+2069).
bool is_control(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (sequence.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (sequence.size() != 3 || byte(0) != 0xE2) return false;
  return (byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

bool is_valid_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t plain = ascii_bytes(text, at); plain > 0) {
      at += plain;
      continue;
    }
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (shown.size() + std::max<std::size_t>(length, 1) > max_bytes) return shown + "...";
    if (length == 0 || is_control(text.substr(at, length))) {
      shown += '?';
    } else {
      shown += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return shown;
}

bool is_printable(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0 || is_control(text.substr(at, length))) return false;
    at += length;
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  if (is_valid_utf8(text)) return valid.assign(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    valid += length == 0 ? "\xEF\xBF\xBD" : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return valid;
}

std::string nearest(std::string_view text, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  if (text.size() > 100) return best;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(text, candidate);
    const std::size_t allowed = std::max<std::size_t>(1, std::max(text.size(), candidate.size()) / 3);
    if (distance <= allowed && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string render(std::string_view pattern, std::span<const std::pair<std::string_view, std::string_view>> values) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto end = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
    const std::string_view name = end == std::string_view::npos ? "" : pattern.substr(at + 1, end - at - 1);
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
    if (name.empty() || value == values.end()) {
      text += pattern[at++];
    } else {
      text += value->second;
      at = end + 1;
    }
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_dns_label(std::string_view text) noexcept {
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 63 && is_alnum(text.front()) && is_alnum(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace samebits
