#include "values/scalar_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.hpp"

namespace samebits::yaml {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Consumes what it matches from the front of a text.
class Matcher {
 public:
  explicit Matcher(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  template <class Predicate>
  std::size_t many(Predicate is_wanted) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_wanted);
    const auto count = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(count);
    return count;
  }
  std::size_t digits() { return many(is_digit); }

 private:
  std::string_view rest_;
};

bool is_word(std::string_view text) {
  static constexpr std::array<std::string_view, 17> words = {"",   "~",    "null", "true",  "false", "yes",
                                                             "no", "on",   "off",  "y",     "n",     "<<",
                                                             "=",  ".nan", ".inf", "+.inf", "-.inf"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(words.begin(), words.end(), lower) != words.end();
}

/// Decimal, and `0x`, `0o`, `0b` with a sign before or behind the prefix, as go-yaml reads them.
bool is_integer(std::string_view text) {
  Matcher decimal(text);
  decimal.one_of("+-");
  if (decimal.digits() > 0 && decimal.done()) return true;
  Matcher based(text);
  based.one_of("+-");
  if (!based.one_of("0") || !based.one_of("xXoObB")) return false;
  based.one_of("+-");
  return based.many(is_hex) > 0 && based.done();
}

bool is_float(std::string_view text) {
  Matcher matcher(text);
  matcher.one_of("+-");
  const std::size_t whole = matcher.digits();
  const std::size_t fraction = matcher.one_of(".") ? matcher.digits() : 0;
  if (whole + fraction == 0) return false;
  if (matcher.done()) return true;
  if (!matcher.one_of("eE")) return false;
  matcher.one_of("+-");
  return matcher.digits() > 0 && matcher.done();
}

bool is_sexagesimal(std::string_view text) {
  Matcher matcher(text);
  matcher.one_of("+-");
  if (matcher.digits() == 0) return false;
  std::size_t groups = 0;
  while (matcher.one_of(":")) {
    const std::size_t count = matcher.digits();
    if (count == 0 || count > 2) return false;
    ++groups;
  }
  if (matcher.one_of(".")) matcher.digits();
  return groups > 0 && matcher.done();
}

bool is_date(std::string_view text) {
  Matcher matcher(text);
  if (matcher.digits() != 4 || !matcher.one_of("-")) return false;
  const std::size_t month = matcher.digits();
  if (month == 0 || month > 2 || !matcher.one_of("-")) return false;
  const std::size_t day = matcher.digits();
  return day > 0 && day <= 2 && (matcher.done() || matcher.one_of("Tt \t"));
}

bool has_only_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// How many bytes at `at` are a character that readers take for a line break, or refuse: C1 controls, LS, PS, a byte
/// order mark, noncharacters. 0: none.
std::size_t unreadable_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;
  if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9)) return 3;
  if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return 3;
  if (byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE) return 3;
  return 0;
}

/// The code point of a character of two or three bytes.
unsigned code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]) & 0x3FU; };
  return character.size() == 2 ? (byte(0) & 0x1FU) << 6U | byte(1) : (byte(0) & 0x0FU) << 12U | byte(1) << 6U | byte(2);
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t size = unreadable_at(text, at); size > 0) {
      out += fmt::format("\\u{:04x}", code_point(text.substr(at, size)));
      at += size - 1;
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

bool can_be_single(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7F || unreadable_at(text, at) > 0) return false;
  return true;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

}  // namespace

bool can_stand_in_block(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool control = static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\n';
    if (control || text[at] == 0x7F || unreadable_at(text, at) > 0) return false;
  }
  return true;
}

namespace {

/// `+_`, `0x_`, `._`: number patterns of YAML 1.1 that some readers take and then cannot convert.
bool is_almost_number(std::string_view text) {
  return text.find('_') != std::string_view::npos &&
         std::string_view("+-._0").find(text.front()) != std::string_view::npos &&
         text.find_first_not_of("+-._0xXoObBeE") == std::string_view::npos;
}

}  // namespace

bool is_ambiguous(std::string_view given) {
  std::string text(given);
  // go-yaml ignores underscores in numbers.
  std::erase(text, '_');
  return is_almost_number(given) || is_word(given) || is_word(text) || is_integer(text) || is_float(text) ||
         is_sexagesimal(text) || is_date(text);
}

bool is_plain_safe(std::string_view text, bool in_flow) {
  if (text.empty() || is_ambiguous(text) || !has_only_printable_ascii(text)) return false;
  constexpr std::string_view indicators = "?:,[]{}#&*!|>'\"%@`";
  if (indicators.find(text.front()) != std::string_view::npos || text.starts_with("...")) return false;
  // `-x` and `--x` are text; `-`, `- x` and the document's `---` are not.
  if (text == "-" || text.starts_with("- ") || text.starts_with("---")) return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos ||
      text.find("{{") != std::string_view::npos)
    return false;
  return !in_flow || text.find_first_of(",[]{}:") == std::string_view::npos;
}

std::string quote_scalar(std::string_view text, Quote wanted, Quote preferred, bool in_flow) {
  if (wanted == Quote::plain && is_plain_safe(text, in_flow)) return std::string(text);
  Quote quote = wanted == Quote::plain ? preferred : wanted;
  if (quote == Quote::single_quoted && !can_be_single(text)) quote = Quote::double_quoted;
  return quote == Quote::single_quoted ? single_quoted(text) : double_quoted(text);
}

std::string scalar_of(const Json& value, Quote preferred, bool in_flow) {
  if (const std::string* text = value.string()) return quote_scalar(*text, Quote::plain, preferred, in_flow);
  return plain_of(value);
}

std::string plain_of(const Json& value) {
  std::string text = write_json(value);
  // YAML 1.1 takes `1e100` for a string: a float needs its point.
  if (value.number() != nullptr)
    if (const auto exponent = text.find_first_of("eE");
        exponent != std::string::npos && text.find('.') == std::string::npos)
      text.insert(exponent, ".0");
  if (value.number() != nullptr)
    if (const auto exponent = text.find_first_of("eE");
        exponent != std::string::npos && text[exponent + 1] != '-' && text[exponent + 1] != '+')
      text.insert(exponent + 1, "+");
  return text;
}

std::string flow_of(const Json& value, Quote preferred, bool as_json) {
  const Quote wanted = as_json ? Quote::double_quoted : Quote::plain;
  if (const auto* items = value.array()) {
    std::string out = "[";
    for (const Json& item : *items) out += (out.size() > 1 ? ", " : "") + flow_of(item, preferred, as_json);
    return out + "]";
  }
  if (const auto* members = value.object()) {
    std::string out = "{";
    for (const auto& [name, member] : *members)
      out += (out.size() > 1 ? ", " : "") + quote_scalar(name, wanted, preferred, true) + ": " +
             flow_of(member, preferred, as_json);
    return out + "}";
  }
  if (const std::string* text = value.string()) return quote_scalar(*text, wanted, preferred, true);
  return plain_of(value);
}

}  // namespace samebits::yaml
