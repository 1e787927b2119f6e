#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <samebits/gitops.hpp>
#include <samebits/signing.hpp>
#include <samebits/source.hpp>

#include "git/transport.hpp"

namespace samebits {

/// What a remote repository is used with.
struct RemoteGitOptions {
  /// Folder for what is known between processes; empty: nothing is kept.
  std::string cache = {};
  SigningOptions signing = {};
};

/// A branch of a remote repository as `GitOps`, without a clone; `branch` empty: the HEAD branch.
/// Does nothing until it is asked. Thread: one at a time.
std::unique_ptr<GitOps> open_remote_gitops(std::unique_ptr<git::Transport> transport, std::string_view branch,
                                           RemoteGitOptions options = {});

/// A remote repository as `Source`, without a clone. Does nothing until it is asked. Thread: one at a time.
std::unique_ptr<Source> open_remote_source(std::unique_ptr<git::Transport> transport, RemoteGitOptions options = {});

}  // namespace samebits
