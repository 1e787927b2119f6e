#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <samebits/network.hpp>

namespace samebits::cli {

/// `SAMEBITS_TOKEN_<HOST>`, `SAMEBITS_GITHUB_APP`, `GITHUB_TOKEN`, `REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`, Docker's and
/// podman's own files, Git's credential helpers, `GIT_SSH_COMMAND`, `GIT_SSH`, `*_proxy` and `SSL_CERT_FILE`.
NetworkOptions network_from_environment();
/// The folder that `--cache` names, by default `$XDG_CACHE_HOME/samebits`; empty: none.
std::string cache_folder(std::string_view option);
/// `NAME=VALUE`, for programs of the user's.
std::vector<std::string> whole_environment();

}  // namespace samebits::cli
