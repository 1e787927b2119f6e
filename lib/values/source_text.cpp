#include "values/source_text.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace samebits::yaml {

Place SourceText::place(std::size_t offset) const {
  offset = std::min(offset, bytes_.size());
  if (lines_.empty()) {
    lines_.push_back(0);
    for (auto at = bytes_.find('\n'); at != std::string_view::npos; at = bytes_.find('\n', at + 1))
      lines_.push_back(at + 1);
  }
  const auto line = std::upper_bound(lines_.begin(), lines_.end(), offset) - lines_.begin();
  return {.file = std::string(file_), .line = static_cast<int>(line), .column = static_cast<int>(column(offset)) + 1};
}

std::size_t SourceText::line_start(std::size_t offset) const noexcept {
  if (offset == 0) return 0;
  const auto found = bytes_.rfind('\n', offset - 1);
  return found == std::string_view::npos ? 0 : found + 1;
}

std::size_t SourceText::line_end(std::size_t offset) const noexcept {
  const auto found = bytes_.find('\n', offset);
  if (found == std::string_view::npos) return bytes_.size();
  return found > offset && bytes_[found - 1] == '\r' ? found - 1 : found;
}

std::size_t SourceText::after_break(std::size_t offset) const noexcept {
  if (at(offset) == '\r') ++offset;
  if (at(offset) == '\n') ++offset;
  return std::min(offset, bytes_.size());
}

std::size_t SourceText::before_break(std::size_t line) const noexcept {
  if (line >= 2 && at(line - 2) == '\r') return line - 2;
  return line - std::min<std::size_t>(line, 1);
}

std::size_t SourceText::column(std::size_t offset) const noexcept {
  const std::size_t start = line_start(offset);
  const std::size_t column = offset - start;
  return start == 0 ? column - std::min(column, bom()) : column;
}

std::string_view SourceText::line_break(std::size_t offset) const noexcept {
  auto found = bytes_.find('\n', offset);
  if (found == std::string_view::npos) found = bytes_.rfind('\n');
  if (found == std::string_view::npos) return "\n";
  return found > 0 && bytes_[found - 1] == '\r' ? "\r\n" : "\n";
}

std::size_t SourceText::skip_blanks(std::size_t offset) const noexcept {
  while (at(offset) == ' ' || at(offset) == '\t') ++offset;
  return offset;
}

Error SourceText::error(ErrorCode code, std::size_t offset, std::string message, std::string hint) const {
  return Error{.code = code, .message = std::move(message), .hint = std::move(hint), .where = place(offset)};
}

namespace {

/// Why the character at `at` may not stand in the file; empty if it may.
std::string_view reason_against(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned c = byte(at);
  if (c == '\r' && byte(at + 1) != '\n') return "a carriage return (CR) without a line feed";
  if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return "a control character";
  if (c == 0xC2 && byte(at + 1) < 0xA0)
    return byte(at + 1) == 0x85 ? "the line break NEL (U+0085)" : "a control character";
  if (c == 0xE2 && byte(at + 1) == 0x80 && (byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9))
    return "a Unicode line or paragraph separator";
  if (c == 0xEF && byte(at + 1) == 0xBB && byte(at + 2) == 0xBF && at != 0) return "a byte order mark inside the file";
  if (c == 0xEF && byte(at + 1) == 0xBF && byte(at + 2) >= 0xBE) return "a noncharacter (U+FFFE or U+FFFF)";
  return {};
}

}  // namespace

Result<void> require_readable(const SourceText& text, std::size_t max_bytes) {
  const std::string_view bytes = text.bytes();
  if (bytes.size() > max_bytes)
    return text.error(ErrorCode::not_editable, 0, fmt::format("the file is larger than {} bytes", max_bytes),
                      "split it, or raise the limit");
  const bool utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (utf16)
    return text.error(ErrorCode::invalid_yaml, 0, "the file is UTF-16", "convert it: iconv -f UTF-16 -t UTF-8");
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (const auto reason = reason_against(bytes, at); !reason.empty())
      return text.error(ErrorCode::invalid_yaml, at, fmt::format("the file holds {}", reason),
                        "remove it: YAML readers do not agree on what it means");
  if (!is_valid_utf8(bytes)) {
    std::size_t at = 0;
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos && is_valid_utf8(bytes.substr(at, end - at));
         end = bytes.find('\n', at))
      at = end + 1;
    return text.error(ErrorCode::invalid_yaml, at, "the line is not valid UTF-8", "save the file as UTF-8");
  }
  return {};
}

}  // namespace samebits::yaml
