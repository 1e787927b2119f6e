#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace samebits {

/// How commits and tags are signed: by the user's own program, which runs without a shell and without a terminal.
/// Source: git-config(1), `gpg.format`, `user.signingKey`; git-commit(1), `--gpg-sign`; git-tag(1), `--sign`.
struct SigningOptions {
  enum class Format {
    /// They are not.
    none,
    /// gpg.
    openpgp,
    /// ssh-keygen, from OpenSSH 8.2 on.
    ssh,
  };
  Format format = Format::none;
  /// `openpgp`: the key's id, fingerprint or address; empty: that of the author. `ssh`: the file of a private key, or
  /// of a public one whose private one the agent holds; or the public key itself (`ssh-ed25519 AAAA...`).
  std::string key = {};
  /// Absolute, or a name that is looked for in `path`; empty: `gpg`, `ssh-keygen`.
  std::string program = {};
  /// Folders, separated by ':', like PATH.
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  /// `NAME=VALUE`; it gets nothing else. gpg wants `HOME` or `GNUPGHOME`, ssh-keygen `SSH_AUTH_SOCK` for the agent.
  std::vector<std::string> environment = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

}  // namespace samebits
