#pragma once

#include <samebits/network.hpp>

namespace samebits::cli {

/// `SAMEBITS_TOKEN_<HOST>`, `SAMEBITS_GITHUB_APP`, `GITHUB_TOKEN`, `REGISTRY_AUTH_FILE`, `DOCKER_CONFIG`, Docker's and
/// podman's own files, Git's credential helpers, `GIT_SSH_COMMAND`, `GIT_SSH`, `*_proxy` and `SSL_CERT_FILE`.
NetworkOptions network_from_environment();

}  // namespace samebits::cli
