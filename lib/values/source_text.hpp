#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

namespace samebits::yaml {

/// The bytes of a file with its name: gives places for messages.
class SourceText {
 public:
  SourceText(std::string_view bytes, std::string_view file) : bytes_(bytes), file_(file) {}

  std::string_view bytes() const noexcept { return bytes_; }
  std::string_view file() const noexcept { return file_; }
  std::size_t size() const noexcept { return bytes_.size(); }
  char at(std::size_t offset) const noexcept { return offset < bytes_.size() ? bytes_[offset] : '\0'; }
  bool has_at(std::size_t offset, std::string_view part) const noexcept {
    return offset <= bytes_.size() && bytes_.substr(offset).starts_with(part);
  }
  /// Length of a byte order mark at the beginning.
  std::size_t bom() const noexcept { return bytes_.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

  Place place(std::size_t offset) const;
  std::size_t line_start(std::size_t offset) const noexcept;
  /// Offset of the line break (or of its CR) that ends the line of `offset`, or the size.
  std::size_t line_end(std::size_t offset) const noexcept;
  /// Offset behind the line break at `offset`.
  std::size_t after_break(std::size_t offset) const noexcept;
  /// Where the line break begins that ends right before `line`, the beginning of a line.
  std::size_t before_break(std::size_t line) const noexcept;
  /// Bytes between the line's start and `offset`, a byte order mark not counted.
  std::size_t column(std::size_t offset) const noexcept;
  /// The line break that the line of `offset` has, else that of the file, else LF.
  std::string_view line_break(std::size_t offset) const noexcept;
  std::size_t skip_blanks(std::size_t offset) const noexcept;

  Error error(ErrorCode code, std::size_t offset, std::string message, std::string hint) const;

 private:
  std::string_view bytes_;
  std::string_view file_;
  /// Where the lines begin; filled when the first place is asked for.
  mutable std::vector<std::size_t> lines_;
};

/// Refuses what YAML readers disagree on before any of them sees it: other encodings, control characters, lone CR, NEL,
/// LS and PS, a byte order mark inside. Errors: invalid_yaml, not_editable.
Result<void> require_readable(const SourceText& text, std::size_t max_bytes);

}  // namespace samebits::yaml
