#include "forge/gitea_patterns.hpp"

#include <algorithm>
#include <regex>
#include <string>

#include <fmt/format.h>

#include "core/text.hpp"
#include "forge/code_owners.hpp"

namespace samebits::gitea {
namespace {

// `std::regex` tries every way: these bounds keep the ways few, and its recursion shallow.
constexpr std::size_t max_pattern = 200;
constexpr std::size_t max_text = 100;
constexpr int max_choices = 5;
constexpr int max_rules = 1000;
constexpr std::string_view choices = "*+?|";

std::optional<bool> finds(const std::string& pattern, std::string_view text) {
  const auto chosen =
      std::count_if(pattern.begin(), pattern.end(), [](char c) { return choices.find(c) != std::string_view::npos; });
  const bool repeats = pattern.find('{') != std::string::npos;
  if (pattern.size() > max_pattern || text.size() > max_text || chosen > max_choices || repeats) return std::nullopt;
  try {
    return std::regex_search(text.begin(), text.end(), std::regex(pattern));
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

std::string literal(char c) {
  const bool is_special = std::string_view("^$\\.*+?()[]{}|").find(c) != std::string_view::npos;
  return is_special ? std::string{'\\', c} : std::string{c};
}

/// Turns a glob into a regular expression, piece by piece.
class Glob {
 public:
  explicit Glob(std::string_view glob) : glob_(glob) {}

  std::string regex() {
    std::string regex = "^";
    while (at_ < glob_.size()) regex += next();
    return regex + "$";
  }

 private:
  std::string next() {
    const char c = glob_[at_++];
    switch (c) {
      case '*':
        while (at_ < glob_.size() && glob_[at_] == '*') ++at_;
        return ".*";
      case '?':
        return ".";
      case '[':
        return set();
      case '{':
        ++open_;
        return "(";
      case '}':
        if (open_ == 0) return literal(c);
        --open_;
        return ")";
      case ',':
        return open_ > 0 ? "|" : literal(c);
      case '\\':
        return literal(at_ < glob_.size() ? glob_[at_++] : c);
      default:
        return literal(c);
    }
  }

  /// One without an end stays without one, and is no regular expression.
  std::string set() {
    const auto end = std::min(glob_.find(']', at_), glob_.size() - 1);
    std::string members(glob_.substr(at_, end + 1 - at_));
    at_ = end + 1;
    if (members.starts_with('!')) members.front() = '^';
    return "[" + members;
  }

  std::string_view glob_;
  std::size_t at_ = 0;
  int open_ = 0;
};

/// Whether a pattern of CODEOWNERS fits. The anchors that Gitea puts around it may be repeated by its first character:
/// `*.yaml` is found at any place.
std::optional<bool> fits_path(std::string_view pattern, std::string_view path) {
  const bool floats = pattern.starts_with('*');
  return finds(fmt::format("{}{}$", floats ? "" : "^", pattern.substr(floats ? 1 : 0)), path);
}

/// Up to Gitea 1.25 a slash at the begin of a pattern fits no path; later ones drop it.
std::optional<bool> fits_in_all_versions(std::string_view pattern, std::string_view path) {
  if (!pattern.starts_with('/')) return fits_path(pattern, path);
  const auto dropped = fits_path(pattern.substr(1), path);
  return dropped == false ? dropped : std::nullopt;
}

}  // namespace

std::optional<bool> fits_tag(std::string_view pattern, std::string_view tag) {
  if (pattern.size() > max_pattern) return std::nullopt;
  if (pattern.size() >= 2 && pattern.starts_with('/') && pattern.ends_with('/'))
    return finds(std::string(pattern.substr(1, pattern.size() - 2)), tag);
  return finds(Glob(pattern).regex(), tag);
}

std::optional<bool> names_owner(std::string_view code_owners, std::string_view path) {
  std::optional<bool> named = false;
  int rules = 0;
  for (const std::string_view line : split(code_owners, '\n')) {
    const auto words = forge::code_owner_words(line);
    if (words.size() < 2) continue;
    if (++rules > max_rules) return std::nullopt;
    const bool turned = words.front().starts_with('!');
    const auto fits = fits_in_all_versions(std::string_view(words.front()).substr(turned ? 1 : 0), path);
    if (fits && *fits != turned) return true;
    if (!fits) named = std::nullopt;
  }
  return named;
}

}  // namespace samebits::gitea
