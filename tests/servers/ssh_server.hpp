#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"

namespace samebits::test {

/// OpenSSH's own sshd with git-shell, and a configuration of ssh that reaches it as the host `git`: each connection
/// starts an sshd of its own through `ProxyCommand`, so that there is no port and nothing to be stopped.
class SshServer {
 public:
  /// What its sshd allows.
  enum class Mode {
    open,
    /// GIT_PROTOCOL does not get through.
    old,
    /// It knows another key.
    foreign,
    /// It ends before it says anything.
    dead,
  };
  SshServer();

  /// `ssh` and the arguments that reach a server of that mode.
  std::vector<std::string> command(Mode mode) const;

 private:
  TempFolder folder_;
};

}  // namespace samebits::test
