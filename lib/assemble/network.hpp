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
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<http::Http> http;
};

}  // namespace samebits
