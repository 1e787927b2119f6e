#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace samebits::http {

/// Reads the parts of a structured header field: tokens, quoted strings, parameters. Never fails on bad input: it gives
/// nothing, and `skip_element` goes on behind the next comma.
/// Source: RFC 9110, sections 5.6 and 11.2.
class FieldScanner {
 public:
  explicit FieldScanner(std::string_view text) : text_(text) {}

  bool at_end() const noexcept { return at_ >= text_.size(); }
  /// Blanks and tabs.
  void skip_blanks() noexcept;
  /// Blanks and commas between elements.
  void skip_separators() noexcept;
  /// To behind the next comma that is in no quoted string.
  void skip_element() noexcept;
  /// Blanks, then `c`: false, and nothing is taken, where another one stands.
  bool take(char c) noexcept;
  /// What stands before the next `c`, which is taken too.
  std::optional<std::string_view> until(char c) noexcept;
  /// Letters, digits and what else a token may hold; empty where there is none.
  std::string_view token() noexcept;
  /// `token68`: also `/` and trailing `=`.
  std::string_view token68() noexcept;
  /// `name=token` or `name="quoted"`; a name alone has an empty value.
  std::optional<std::pair<std::string, std::string>> parameter();

  std::size_t position() const noexcept { return at_; }
  void back_to(std::size_t position) noexcept { at_ = position; }

 private:
  std::optional<std::string> quoted();
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace samebits::http
