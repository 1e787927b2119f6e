#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace samebits {

namespace forge {
/// The words of a line of a CODEOWNERS file, up to a comment: a pattern and its owners. A backslash keeps the character
/// behind it from ending a word, and goes.
std::vector<std::string> code_owner_words(std::string_view line);
}  // namespace forge

namespace github {
/// Whether a CODEOWNERS file names somebody for a file in the root of the repository: its last pattern that fits
/// decides. Source: GitHub's documentation, "About code owners".
bool names_owner(std::string_view code_owners, std::string_view name);
}  // namespace github

}  // namespace samebits
