#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <samebits/network.hpp>

#include "http/http.hpp"

namespace samebits::http {

/// How a client reaches its servers; nothing comes from the environment.
struct CurlOptions {
  ProxyOptions proxy = {};
  std::string ca_file = {};
  std::string client_certificate = {};
  std::string client_key = {};
  /// `host[:port]`, besides loopback.
  std::vector<std::string> insecure = {};
  std::chrono::seconds connect_timeout{10};
  /// Longest silence.
  std::chrono::seconds stall_timeout{60};
};

/// Whether `url` may be spoken to: TLS, loopback, or listed. Errors: bad_config.
Result<void> require_tls(const Url& url, const std::vector<std::string>& insecure);

/// The client over libcurl. Follows redirects by our rules; TLS is always verified. Each `send` in progress has
/// connections of its own, which are kept for the next one.
/// Process-wide effect: initialises libcurl, once, when first used; it is never cleaned up.
/// Source: libcurl 7.88 manual pages.
std::unique_ptr<Http> open_curl(CurlOptions options);

}  // namespace samebits::http
