#include "core/tag_pattern.hpp"

#include <algorithm>
#include <set>

#include "core/text.hpp"

namespace samebits {
namespace {

Error bad_pattern(std::string_view pattern, std::string reason, std::string hint) {
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("the tag pattern '{}' {}", printable(pattern), reason),
               .hint = std::move(hint)};
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_label(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; }

/// How many leading characters of `text` a placeholder may take at most.
std::size_t reach(std::string_view placeholder, std::string_view text) {
  const auto stop = placeholder == "number"    ? std::find_if_not(text.begin(), text.end(), is_digit)
                    : placeholder == "sha"     ? std::find_if_not(text.begin(), text.end(), is_hex)
                    : placeholder == "service" ? std::find_if_not(text.begin(), text.end(), is_label)
                                               : text.end();
  return static_cast<std::size_t>(stop - text.begin());
}

/// A set of characters for one position, or for any number of them: enough to see that two patterns differ.
struct Symbol {
  std::set<char> characters;
  bool repeats = false;
};

Symbol one_of(std::string_view characters) {
  return {.characters = {characters.begin(), characters.end()}, .repeats = false};
}
Symbol any_of(std::string_view characters) {
  return {.characters = {characters.begin(), characters.end()}, .repeats = true};
}

/// The shape of a placeholder's text: `1` to any number, `4f9d...c1`, `1.2.3` and what may follow.
std::vector<Symbol> shape_of(std::string_view placeholder) {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view rest = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-";
  if (placeholder == "number") return {one_of(digits.substr(1)), any_of(digits)};
  if (placeholder == "sha") return {one_of(hex), any_of(hex)};
  return {one_of(digits), any_of(digits), one_of("."),    one_of(digits),
          any_of(digits), one_of("."),    one_of(digits), any_of(rest)};
}

std::vector<Symbol> symbols_of(const TagPattern& pattern) {
  std::vector<Symbol> symbols;
  for (const auto& part : pattern.parts()) {
    if (part.placeholder) {
      for (Symbol& symbol : shape_of(part.text)) symbols.push_back(std::move(symbol));
    } else {
      for (const char c : part.text) symbols.push_back({{c}, false});
    }
  }
  return symbols;
}

bool intersect(const Symbol& left, const Symbol& right) {
  return std::any_of(left.characters.begin(), left.characters.end(),
                     [&](char c) { return right.characters.contains(c); });
}

}  // namespace

Result<TagPattern> TagPattern::parse(std::string_view text, const std::vector<std::string>& needed,
                                     const std::vector<std::string>& allowed) {
  TagPattern pattern;
  pattern.text_ = text;
  std::vector<std::string> seen;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{') {
      if (pattern.parts_.empty() || pattern.parts_.back().placeholder) pattern.parts_.push_back({"", false});
      pattern.parts_.back().text += text[at++];
      continue;
    }
    const auto end = text.find('}', at);
    const std::string name(text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
    const bool known = std::find(needed.begin(), needed.end(), name) != needed.end() ||
                       std::find(allowed.begin(), allowed.end(), name) != allowed.end();
    if (end == std::string_view::npos || !known)
      return bad_pattern(text, fmt::format("has the unknown placeholder '{{{}}}'", printable(name)),
                         fmt::format("it may hold: {{{}}}", fmt::join(needed, "}, {")));
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return bad_pattern(text, fmt::format("has {{{}}} twice", name), "each placeholder stands once");
    if (!pattern.parts_.empty() && pattern.parts_.back().placeholder)
      return bad_pattern(text, "cannot be read back: two placeholders touch",
                         "put a character such as '-' between them");
    seen.push_back(name);
    pattern.parts_.push_back({name, true});
    at = end + 1;
  }
  for (const std::string& name : needed)
    if (std::find(seen.begin(), seen.end(), name) == seen.end())
      return bad_pattern(text, fmt::format("lacks {{{}}}", name), fmt::format("add {{{}}}", name));
  for (std::size_t i = 0; i + 1 < pattern.parts_.size(); ++i) {
    const bool ends = !pattern.parts_[i].placeholder;
    if (!ends && reach(pattern.parts_[i].text, pattern.parts_[i + 1].text) > 0)
      return bad_pattern(text,
                         fmt::format("cannot be read back: '{}' may belong to {{{}}}", pattern.parts_[i + 1].text,
                                     pattern.parts_[i].text),
                         "begin the text after a placeholder with a character that it cannot hold, or put it before");
  }
  return pattern;
}

std::optional<std::map<std::string, std::string>> TagPattern::match(std::string_view text) const {
  std::map<std::string, std::string> values;
  for (const Part& part : parts_) {
    if (!part.placeholder) {
      if (!text.starts_with(part.text)) return std::nullopt;
      text.remove_prefix(part.text.size());
      continue;
    }
    const std::size_t length = reach(part.text, text);
    if (length == 0) return std::nullopt;
    values[part.text] = text.substr(0, length);
    text.remove_prefix(length);
  }
  return text.empty() ? std::optional(std::move(values)) : std::nullopt;
}

Result<void> TagPattern::require_ref_name() const {
  const std::pair<std::string_view, std::string_view> sample[] = {{"service", "api"}, {"version", "1.2.3-rc.1"}};
  const std::string text = render(text_, sample);
  bool good = is_printable(text) && text.find_first_of(" ~^:?*[\\") == std::string::npos &&
              text.find("..") == std::string::npos && text.find("@{") == std::string::npos && text.front() != '-';
  for (const std::string_view part : split(text, '/'))
    good = good && !part.empty() && part.front() != '.' && part.back() != '.' && !part.ends_with(".lock");
  if (good) return {};
  return bad_pattern(text_, "gives no name that Git allows", "git help check-ref-format has the rules: v{version}");
}

Result<void> TagPattern::require_tag_grammar() const {
  const std::string sha(64, 'f');
  const std::pair<std::string_view, std::string_view> longest[] = {
      {"number", "18446744073709551615"}, {"sha", sha}, {"version", "1.2.3-rc.1"}};
  const std::string text = render(text_, longest);
  if (is_tag(text)) return {};
  return bad_pattern(text_,
                     text.size() > 128
                         ? fmt::format("gives tags of up to {} characters, and 128 are legal", text.size())
                         : "gives text that is no image tag",
                     "a tag is letters, digits, '_', '.' and '-', and begins with no '.' or '-'");
}

bool may_overlap(const TagPattern& left, const TagPattern& right) {
  const auto a = symbols_of(left);
  const auto b = symbols_of(right);
  // reached[i][j]: some text brings both patterns to these positions.
  std::set<std::pair<std::size_t, std::size_t>> reached = {{0, 0}};
  std::vector<std::pair<std::size_t, std::size_t>> open = {{0, 0}};
  while (!open.empty()) {
    const auto [i, j] = open.back();
    open.pop_back();
    const bool a_rest_empty =
        std::all_of(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), [](auto& s) { return s.repeats; });
    const bool b_rest_empty =
        std::all_of(b.begin() + static_cast<std::ptrdiff_t>(j), b.end(), [](auto& s) { return s.repeats; });
    if (a_rest_empty && b_rest_empty) return true;
    std::vector<std::pair<std::size_t, std::size_t>> next;
    if (i < a.size() && a[i].repeats) next.emplace_back(i + 1, j);
    if (j < b.size() && b[j].repeats) next.emplace_back(i, j + 1);
    if (i < a.size() && j < b.size() && intersect(a[i], b[j])) {
      next.emplace_back(a[i].repeats ? i : i + 1, b[j].repeats ? j : j + 1);
      if (a[i].repeats && b[j].repeats) next.emplace_back(i + 1, j + 1);
    }
    for (const auto& step : next)
      if (reached.insert(step).second) open.push_back(step);
  }
  return false;
}

namespace {

struct TrackPattern {
  std::string_view key;
  const std::string& text;
  std::vector<std::string> placeholders;
};

Error touching(const TrackPattern& left, const TrackPattern& right) {
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("one text may fit both tag patterns '{}' and '{}'", printable(left.text),
                                      printable(right.text)),
               .hint = "begin them with different words"};
}

}  // namespace

std::vector<PatternFinding> check_tag_patterns(const TagPatterns::Texts& texts) {
  const TrackPattern tracks[] = {{"pull-request", texts.pull_request, {"number", "sha"}},
                                 {"snapshot", texts.snapshot, {"sha"}},
                                 {"release", texts.release, {"version"}}};
  std::vector<PatternFinding> findings;
  std::vector<std::pair<const TrackPattern*, TagPattern>> good;
  for (const TrackPattern& track : tracks) {
    auto pattern = TagPattern::parse(track.text, track.placeholders);
    const auto grammar = pattern ? pattern->require_tag_grammar() : Result<void>();
    if (pattern && grammar) {
      good.emplace_back(&track, *std::move(pattern));
    } else {
      findings.push_back({track.key, pattern ? grammar.error() : pattern.error()});
    }
  }
  for (std::size_t right = 0; right < good.size(); ++right)
    for (std::size_t left = 0; left < right; ++left)
      if (may_overlap(good[left].second, good[right].second))
        findings.push_back({good[right].first->key, touching(*good[left].first, *good[right].first)});
  const auto git = TagPattern::parse(texts.git, {"version"}, {"service"});
  if (const auto name = git ? git->require_ref_name() : Result<void>(); !git || !name)
    findings.push_back({"git", git ? name.error() : git.error()});
  return findings;
}

}  // namespace samebits
