#pragma once

#include <string_view>

#include <samebits/error.hpp>

namespace samebits::git {

/// The error that libgit2 reported on this thread as `status` (below 0).
/// `location` is the repository, `subject` what was being read or written: `commit 4f9d...`.
Error git_error_of(int status, std::string_view location, std::string_view subject);

}  // namespace samebits::git
