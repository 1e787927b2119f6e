#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <samebits/credentials.hpp>

namespace samebits {

/// Which proxy; loopback is always reached directly.
struct ProxyOptions {
  /// `http://host:port` or `https://...`, for `https` and for `http` targets; empty: none. A password may stand in it.
  Secret https = {};
  Secret http = {};
  /// Hosts and domains that are reached directly, separated by commas, like `no_proxy`.
  std::string bypass = {};
};

/// A GitHub App that acts for repositories, at the API and for Git: tokens are made as they are needed, each for one
/// repository and for what one request does.
struct AppCredential {
  /// `https://HOST/OWNER/REPOSITORY`; `https://HOST/OWNER` or `https://HOST`: for each repository there.
  std::string repository;
  /// The app's number or client id.
  std::string app;
  /// RSA, as PEM.
  Secret private_key = {};
  /// The installation's number; empty: it is asked for.
  std::string installation = {};
  /// Instead of `private_key`: a file that holds it, read for each token.
  std::string private_key_file = {};
};

/// The user's own programs that reach Git repositories. They run without a shell and without a terminal.
struct GitPrograms {
  /// Folders with `git` and `ssh`, separated by ':', like PATH.
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  /// `NAME=VALUE`; they get nothing else. ssh wants `HOME`, and `SSH_AUTH_SOCK` for its agent.
  std::vector<std::string> environment = {};
  /// Asks `git credential fill`, and so the helpers that Git's configuration names.
  bool credential_helpers = false;
  /// What is run for `ssh://` and `user@host:path`: the program and its first arguments.
  std::vector<std::string> ssh = {"ssh"};
};

/// Git's credential helpers, for Git repositories over HTTP; what was refused is told to them before they are asked
/// again. Nothing where no helper knows. Source: git-credential(1).
std::unique_ptr<Credentials> git_credentials(const GitPrograms& programs);

/// How to reach what is remote. Nothing is read from the environment or from the user's home.
struct NetworkOptions {
  /// Tried before `docker`.
  std::vector<CredentialEntry> credentials = {};
  /// Tried before `credentials`.
  std::vector<AppCredential> apps = {};
  /// Asked before all else, where set.
  CredentialCallback credential_callback = {};
  /// Docker's or podman's configurations, in order.
  std::vector<DockerConfig> docker = {};
  GitPrograms git = {};
  /// Folder for what is known of remote Git repositories between processes; empty: nothing is kept. Made where it is
  /// missing, for its owner alone; holds no credential; may be deleted at any time.
  std::string cache = {};
  ProxyOptions proxy = {};
  /// PEM file of the certificate authorities that are trusted, instead of the system's.
  std::string ca_file = {};
  /// PEM files of a client certificate and its key; the key may stand in the same file.
  std::string client_certificate = {};
  std::string client_key = {};
  /// `host[:port]` that may be spoken to without TLS; loopback always may. `insecure:` of samebits.yaml is added.
  std::vector<std::string> insecure = {};
};

}  // namespace samebits
