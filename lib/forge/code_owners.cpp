#include "forge/code_owners.hpp"

namespace samebits::forge {

std::vector<std::string> code_owner_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool escaped = false;
  for (const char c : line) {
    if (!escaped && c == '#') break;
    const bool blank = !escaped && (c == ' ' || c == '\t' || c == '\r');
    escaped = !escaped && c == '\\';
    if (!blank && !escaped) word += c;
    if (blank && !word.empty()) words.push_back(std::move(word)), word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace samebits::forge
