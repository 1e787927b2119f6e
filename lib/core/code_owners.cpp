#include "core/code_owners.hpp"

#include <string>
#include <vector>

#include "core/text.hpp"

namespace samebits {
namespace {

/// `*` is any text, `?` any character.
bool fits(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') return fits(pattern.substr(1), name) || (!name.empty() && fits(pattern, name.substr(1)));
  if (name.empty() || (pattern.front() != '?' && pattern.front() != name.front())) return false;
  return fits(pattern.substr(1), name.substr(1));
}

/// The words of a line, up to a comment.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line) {
    if (c == '#') break;
    const bool blank = c == ' ' || c == '\t' || c == '\r';
    if (!blank && c != '\\') word += c;
    if (blank && !word.empty()) words.push_back(std::move(word)), word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
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

bool has_code_owner(std::string_view code_owners, std::string_view name) {
  bool owned = false;
  for (const std::string_view line : split(code_owners, '\n')) {
    const auto words = words_of(line);
    if (!words.empty() && covers(words.front(), name)) owned = words.size() > 1;
  }
  return owned;
}

}  // namespace samebits
