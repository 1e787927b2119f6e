#pragma once

#include <optional>
#include <span>

#include <samebits/gitops.hpp>

#include "git/repository.hpp"

namespace samebits::git {

/// True for a regular file, executable or not.
bool is_file(git_filemode_t mode) noexcept;
/// `a symbolic link`, `a submodule`, `a folder`, `a file`.
std::string_view noun_of(git_filemode_t mode) noexcept;

/// Writes the tree that `base` (null: no tree) becomes by `changes` and gives its id. Only the folders on the way to
/// a change are written anew; modes are kept, new files are 100644, a folder that becomes empty goes.
/// Errors: not_editable, bad_request (the same path twice), internal.
Result<git_oid> edited_tree(Context& context, const Repository& repository, const git_tree* base,
                            std::span<const FileChange> changes);

}  // namespace samebits::git
