#pragma once

#include <optional>
#include <string_view>

#include <samebits/registry.hpp>

#include "registry/endpoint.hpp"
#include "registry/manifest.hpp"

namespace samebits::registry {

/// A request for a manifest by tag or digest, which asks for all four media types: without them registries answer with
/// something else, or with a platform's own manifest.
RegistryRequest manifest_request(http::Method method, std::string_view reference);

/// The manifest that a GET brought; its digest is that of its bytes. Nothing for 404.
/// Errors: bad_answer if it is no manifest, if its media type is not what its own bytes say, or if the registry calls
/// it by another digest; else what the status means.
Result<std::optional<Manifest>> manifest_of(const Endpoint& endpoint, const RegistryRequest& request,
                                            const http::Response& response);

/// The digest that a HEAD brought. Where the registry does not say it, or the answer is no success and has no body to
/// explain itself, the same is asked by GET.
Result<std::optional<Digest>> resolved(Context& context, Endpoint& endpoint, const RegistryRequest& head,
                                       const http::Response& response, Access access);

/// Errors: bad_answer if the bytes are not what the digest says.
Result<void> require_digest(const std::optional<Manifest>& found, const Digest& digest, const std::string& location);

}  // namespace samebits::registry
