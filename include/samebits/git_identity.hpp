#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>
#include <samebits/signing.hpp>

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

/// How `git commit` signs.
struct GitSigning {
  /// `commit.gpgSign`: whether it does without being told.
  bool always = false;
  /// By `gpg.format`, `user.signingKey`, and the program of that format.
  SigningOptions options = {};
};

/// How commits are signed, by the same configuration. The program is taken from `files` alone: what runs here does not
/// stand in a repository that may be somebody else's. Errors: bad_config, also for a format that is not known here.
Result<GitSigning> git_signing(std::string_view location, const std::vector<std::string>& files);

}  // namespace samebits
