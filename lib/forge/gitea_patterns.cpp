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

/// The same as a regular expression.
std::string regex_of_glob(std::string_view glob) {
  std::string regex = "^";
  bool in_set = false;
  int alternatives = 0;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (in_set) {
      if (c == ']') in_set = false;
      regex += c == '!' && glob[i - 1] == '[' ? '^' : c;
    } else if (c == '*') {
      if (!regex.ends_with(".*")) regex += ".*";
    } else if (c == '?') {
      regex += '.';
    } else if (c == '[') {
      in_set = true;
      regex += c;
    } else if (c == '{' || (c == '}' && alternatives > 0)) {
      alternatives += c == '{' ? 1 : -1;
      regex += c == '{' ? '(' : ')';
    } else if (c == ',' && alternatives > 0) {
      regex += '|';
    } else {
      const char literal = c == '\\' && i + 1 < glob.size() ? glob[++i] : c;
      if (std::string_view("^$\\.*+?()[]{}|").find(literal) != std::string_view::npos) regex += '\\';
      regex += literal;
    }
  }
  return regex + "$";
}

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
  return finds(regex_of_glob(pattern), tag);
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
