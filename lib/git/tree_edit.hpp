#pragma once

#include <vector>

#include <samebits/gitops.hpp>

#include "git/local_repository.hpp"

namespace samebits::git {

/// Writes the trees that `base` (null: the empty tree) with `changes` needs; only those on the changed paths. Modes of
/// existing files are kept, a folder that becomes empty goes.
/// Errors: not_editable where something else than a regular file or folder is in the way.
Result<git_oid> edit_tree(LocalRepository& repository, const git_tree* base, const std::vector<FileChange>& changes);

}  // namespace samebits::git
