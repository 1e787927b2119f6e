#pragma once

#include <string>

#include "http/http.hpp"
#include "http/libcurl.hpp"

namespace samebits::http {

/// What a transfer that gave no whole answer means. `was_sent`: bytes of the request went out. `detail`: libcurl's own
/// words, may be empty. `has_proxy`: it may have been the proxy.
Error curl_error(CURLcode code, const Request& request, bool was_sent, bool has_proxy, const std::string& detail);
/// Where the proxy answers `status` instead of giving a way to the server. Nothing reached that.
Error proxy_error(int status, const Request& request);

}  // namespace samebits::http
