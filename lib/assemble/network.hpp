#pragma once

#include <memory>
#include <mutex>

#include <samebits/client.hpp>

#include "http/http.hpp"

namespace samebits {

/// What is behind `Network`.
struct Network::Body {
  explicit Body(NetworkOptions options);

  NetworkOptions options;
  // Tokens of apps are made over it.
  std::unique_ptr<http::Http> http;
  std::unique_ptr<Credentials> credentials;
};

}  // namespace samebits
