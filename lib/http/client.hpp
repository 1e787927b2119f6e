#pragma once

#include <memory>

#include <samebits/clock.hpp>

#include "http/curl_http.hpp"
#include "http/retry.hpp"

namespace samebits::http {

/// The client that adapters share: libcurl, with retries, and with redaction around both. `clock` is borrowed.
std::unique_ptr<Http> open_http(CurlOptions options, Clock& clock, RetryPolicy policy = {});

}  // namespace samebits::http
