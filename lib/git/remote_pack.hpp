#pragma once

#include <span>
#include <string>

#include <samebits/gitops.hpp>

#include "git/object_store.hpp"

namespace samebits::git {

/// The pack of what was written to the store since `take_written` was called last. The tree `tree` was made of `base`
/// (may be null) by `changes`: what they have at the same path is written as the difference.
Result<std::string> pack_of_written(ObjectStore& store, const git_tree* base, const git_oid& tree,
                                    std::span<const FileChange> changes);

}  // namespace samebits::git
