#include <algorithm>
#include <charconv>

#include <samebits/values_file.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

/// Reads a path from left to right.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  Result<std::vector<ValuePath::Segment>> read() {
    std::vector<ValuePath::Segment> segments;
    if (text_.empty()) return bad("it is empty");
    while (at_ < text_.size()) {
      if (text_[at_] == '[') {
        SB_TRY(auto segment, bracket());
        segments.push_back(std::move(segment));
      } else {
        if (!segments.empty()) {
          if (text_[at_] != '.') return bad("a '.' or '[' is missing");
          ++at_;
        }
        SB_TRY(auto segment, key());
        segments.push_back(std::move(segment));
      }
    }
    return segments;
  }

 private:
  Error bad(std::string_view reason) const {
    return Error{.code = ErrorCode::bad_path,
                 .message = fmt::format("'{}' is no path: {} at column {}", printable(text_), reason, at_ + 1),
                 .hint = "write image.tag, images[0].tag, images[name=web].newTag or [\"a.b/c\"].d"};
  }

  Result<ValuePath::Segment> key() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '.' && text_[at_] != '[') {
      if (text_[at_] == ']' || text_[at_] == '"' || static_cast<unsigned char>(text_[at_]) < 0x20)
        return bad("a key with that character must be quoted");
      ++at_;
    }
    if (at_ == begin) return bad("a key is empty");
    return ValuePath::Segment{.key = std::string(text_.substr(begin, at_ - begin))};
  }

  /// `"..."` as JSON has it.
  Result<std::string> quoted() {
    const std::size_t begin = at_;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    if (at_ >= text_.size()) return bad("a quote is not closed");
    ++at_;
    const auto json = parse_json(text_.substr(begin, at_ - begin), "the key");
    if (!json || json->string() == nullptr) return bad("a quoted key is no JSON string");
    return *json->string();
  }

  Result<ValuePath::Segment> bracket() {
    ++at_;
    ValuePath::Segment segment;
    if (at_ < text_.size() && text_[at_] == '"') {
      SB_TRY(segment.key, quoted());
    } else {
      const auto close = text_.find(']', at_);
      const auto equals = text_.find('=', at_);
      if (close == std::string_view::npos) return bad("a ']' is missing");
      if (equals != std::string_view::npos && equals < close) return selector(equals);
      const std::string_view digits = text_.substr(at_, close - at_);
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), segment.index);
      if (digits.empty() || failure != std::errc() || end != digits.data() + digits.size())
        return bad("an index is a number");
      segment.kind = ValuePath::Segment::Kind::index;
      at_ = close;
    }
    return close(std::move(segment));
  }

  Result<ValuePath::Segment> selector(std::size_t equals) {
    ValuePath::Segment segment{.kind = ValuePath::Segment::Kind::selector,
                               .key = std::string(text_.substr(at_, equals - at_))};
    if (segment.key.empty()) return bad("a selector has no key");
    at_ = equals + 1;
    if (at_ < text_.size() && text_[at_] == '"') {
      SB_TRY(segment.value, quoted());
    } else {
      const auto end = std::min(text_.find(']', at_), text_.size());
      segment.value = text_.substr(at_, end - at_);
      at_ = end;
    }
    return close(std::move(segment));
  }

  Result<ValuePath::Segment> close(ValuePath::Segment segment) {
    if (at_ >= text_.size() || text_[at_] != ']') return bad("a ']' is missing");
    ++at_;
    return segment;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<ValuePath> ValuePath::parse(std::string_view text) {
  if (!is_valid_utf8(text)) return Error{.code = ErrorCode::bad_path, .message = "a path is not valid UTF-8"};
  ValuePath path;
  path.text_ = text;
  SB_TRY(path.segments_, PathReader(text).read());
  return path;
}

Result<ValuesEdit> parse_assignment(std::string_view text, ValuesEdit::Action action) {
  bool in_quotes = false;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_quotes && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (!in_quotes && (c == '[' || c == ']')) {
      depth += c == '[' ? 1 : -1;
    } else if (!in_quotes && depth <= 0 && (c == '=' || (c == ':' && text.substr(at, 2) == ":="))) {
      const bool json = c == ':';
      SB_TRY(auto path, ValuePath::parse(text.substr(0, at)));
      const std::string value(text.substr(at + (json ? 2 : 1)));
      if (json) SB_CHECK(parse_json(value, fmt::format("the value of {}", path.str())));
      return ValuesEdit{.action = action, .path = std::move(path), .value = {.text = value, .json = json}};
    }
  }
  return Error{.code = ErrorCode::bad_path,
               .message = fmt::format("'{}' is no assignment", printable(text)),
               .hint = "write PATH=TEXT for a string, PATH:=JSON for any other value"};
}

}  // namespace samebits
