#include <string>

#include "core/text.hpp"
#include "forge/code_owners.hpp"

namespace samebits::github {
namespace {

/// `*` is any text, `?` any character.
bool fits(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') return fits(pattern.substr(1), name) || (!name.empty() && fits(pattern, name.substr(1)));
  if (name.empty() || (pattern.front() != '?' && pattern.front() != name.front())) return false;
  return fits(pattern.substr(1), name.substr(1));
}

bool covers(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with("**/")) pattern.remove_prefix(3);
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  // Runs of stars are one: each would be tried on its own.
  std::string single;
  for (const char c : pattern)
    if (c != '*' || !single.ends_with('*')) single += c;
  return single.find('/') == std::string::npos && fits(single, name);
}

}  // namespace

bool names_owner(std::string_view code_owners, std::string_view name) {
  bool owned = false;
  for (const std::string_view line : split(code_owners, '\n')) {
    const auto words = forge::code_owner_words(line);
    if (!words.empty() && covers(words.front(), name)) owned = words.size() > 1;
  }
  return owned;
}

}  // namespace samebits::github
