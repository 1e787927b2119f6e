#pragma once

#include <string_view>

namespace samebits {

/// Whether a CODEOWNERS file names somebody for a file in the root of the repository: its last pattern that fits
/// decides. Source: GitHub's documentation, "About code owners".
bool has_code_owner(std::string_view code_owners, std::string_view name);

}  // namespace samebits
