#pragma once

#include <memory>
#include <string>
#include <vector>

#include <samebits/credentials.hpp>
#include <samebits/image_ref.hpp>
#include <samebits/registry.hpp>

#include "http/http.hpp"

namespace samebits {

/// The tags of a repository at a registry, over HTTP. All but `repo` are borrowed. `insecure`: hosts that may be spoken
/// to without TLS, besides loopback. Does nothing until it is asked. Source: OCI distribution-spec 1.1.
std::unique_ptr<Registry> open_remote_registry(const ImageRepo& repo, http::Http& http, Credentials& credentials,
                                               std::vector<std::string> insecure);

}  // namespace samebits
