#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

namespace samebits {

/// `user.name` and `user.email`; empty where they are not set.
struct GitIdentity {
  std::string name;
  std::string mail;
};

/// Who commits, by Git's configuration: `files` (at most four; missing ones are skipped; the last one wins), and over
/// them that of the repository at `location`, where it is a local one. Reads nothing else.
/// Errors: bad_config, of a file that is no configuration.
Result<GitIdentity> git_identity(std::string_view location, const std::vector<std::string>& files);

}  // namespace samebits
