#pragma once

#include <string>

#include "forge/api.hpp"

namespace samebits::forge {

/// The protected branch: the configured one, else the repository's default, which is asked for. One request at most.
/// Errors: repository_missing.
Result<std::string> protected_branch(Context& context, Api& api);

/// Errors: bad_option.
Result<void> require_branch_name(std::string_view branch);
/// Errors: bad_tag.
Result<void> require_tag_name(std::string_view name);

}  // namespace samebits::forge
