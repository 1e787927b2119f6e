#pragma once

#include <memory>
#include <mutex>

#include <samebits/client.hpp>

#include "assemble/known_secrets.hpp"
#include "http/http.hpp"

namespace samebits {

/// What is behind `Network`.
struct Network::Body {
  explicit Body(NetworkOptions options);

  NetworkOptions options;
  /// Before the credentials, which tell it what they find.
  KnownSecrets secrets;
  /// Before the credentials: tokens of apps are made over it.
  std::unique_ptr<http::Http> http;
  std::unique_ptr<Credentials> credentials;
};

/// Errors: bad_config for what is no URL.
Result<std::unique_ptr<Reconciler>> open_argocd_at(std::string_view url, Network::Body& network,
                                                   std::vector<std::string> insecure);

}  // namespace samebits
