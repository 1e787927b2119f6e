#pragma once

#include <string>

#include <curl/curl.h>

#include "http/http.hpp"

namespace samebits::http {

/// What a transfer that gave no whole answer means. `was_sent`: bytes of the request went out. `detail`: libcurl's own
/// words, may be empty.
Error curl_error(CURLcode code, const Request& request, bool was_sent, const std::string& detail);

}  // namespace samebits::http
