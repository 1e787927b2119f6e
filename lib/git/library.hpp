#pragma once

#include <string>

namespace samebits::git {

/// The version of the libgit2 that is running.
std::string library_version();

}  // namespace samebits::git
