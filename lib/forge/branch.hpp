#pragma once

#include <optional>
#include <string>

#include "forge/api.hpp"

namespace samebits::forge {

/// The protected branch: the configured one, else the repository's default, which is asked for. One request at most.
/// Errors: repository_missing.
Result<std::string> protected_branch(Context& context, Api& api);

/// The tip of `branch`, empty: of the protected one. The forge has it at `folder` and its name, with the id at
/// `pointer` of the answer. Nothing where the repository has no such branch, or no commit. Errors: bad_option,
/// repository_missing.
Result<std::optional<CommitId>> branch_tip(Context& context, Api& api, std::string_view branch, std::string_view folder,
                                           std::string_view pointer);

/// A name as part of a URL's path.
std::string path_of(std::string_view name);

/// Errors: bad_option.
Result<void> require_branch_name(std::string_view branch);
/// Errors: bad_tag.
Result<void> require_tag_name(std::string_view name);

}  // namespace samebits::forge
