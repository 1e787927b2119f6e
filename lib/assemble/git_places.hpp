#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <samebits/gitops.hpp>
#include <samebits/signing.hpp>
#include <samebits/source.hpp>

#include "assemble/network.hpp"

namespace samebits {

/// Whether it is no folder of this machine: `https://...`, `ssh://...`, `user@host:path`.
bool is_remote_git(std::string_view location);

/// The branch of the repository, wherever it is; `network` is borrowed.
/// Errors: bad_option for a URL that is none; unsupported for a way that this version does not know.
Result<std::unique_ptr<GitOps>> open_gitops(const std::string& location, std::string_view branch,
                                            Network::Body& network, const SigningOptions& signing);
Result<std::unique_ptr<Source>> open_source(const std::string& location, Network::Body& network,
                                            const SigningOptions& signing);

}  // namespace samebits
