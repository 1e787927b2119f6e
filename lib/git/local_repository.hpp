#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/context.hpp>

#include "git/libgit2.hpp"

namespace samebits::git {

/// A repository on this machine, opened on first use.
class LocalRepository {
 public:
  /// A folder, a bare folder or a `file://` URL.
  explicit LocalRepository(std::string_view location);

  const std::string& location() const noexcept { return location_; }
  /// Errors: repository_missing, unsupported.
  Result<git_repository*> open();

  /// Full name of `branch`, or of what HEAD names where it is empty. Errors: as `open`; bad_request for a bad name.
  Result<std::string> branch_ref(std::string_view branch);
  /// What a reference points to directly; nothing if it does not exist.
  Result<std::optional<git_oid>> read_ref(const std::string& name);

  /// Points `name` at `to`, only if it points at `expected` (nothing: does not exist), compared under its lock.
  /// Gives false if it does not. Errors: unreachable if the lock cannot be had.
  Result<bool> swap_ref(Context& context, const std::string& name, const std::optional<git_oid>& expected,
                        const git_oid& to, const std::string& log_message);

  Error error(int status, std::string_view what) const { return git_error(status, what, location_); }

 private:
  std::string location_;
  Repository repository_;
};

}  // namespace samebits::git
