#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/context.hpp>

#include "git/repository.hpp"

namespace samebits::git {

/// The full name of `branch`: `refs/heads/main`; empty: the HEAD branch, which may have no commit yet.
/// Symbolic references are followed. Errors: bad_option if HEAD is detached or the name is none.
Result<std::string> branch_ref(const Repository& repository, std::string_view branch);

/// The object id that the reference holds now; nothing if there is no such reference.
Result<std::optional<git_oid>> ref_target(const Repository& repository, const std::string& ref);

/// The folder of the work tree where the reference is checked out; nothing if there is none.
/// A bare repository's HEAD names its default branch and has no work tree.
Result<std::optional<std::string>> work_tree_of(const Repository& repository, const std::string& ref);

/// A reference to be moved.
struct RefMove {
  std::string ref;
  /// What it must hold; nothing: it must not exist.
  std::optional<git_oid> expected;
  git_oid target;
  /// For the reflog.
  const git_signature& by;
  std::string reason;
};

/// Compares and sets the reference while its lock file is held, as every Git does; false if it holds something else.
/// Errors: unreachable if another git keeps the lock; outcome_unknown; bad_option if a branch is in the way.
Result<bool> move_ref(Context& context, const Repository& repository, const RefMove& move);

}  // namespace samebits::git
