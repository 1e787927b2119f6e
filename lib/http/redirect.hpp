#pragma once

#include <optional>

#include "http/http.hpp"

namespace samebits::http {

/// Redirects that one request may take.
inline constexpr int max_redirects = 5;

/// What to send next for an answer that redirects; nothing where the answer stands: no redirect, or one that the method
/// may not follow. 307 and 308 keep method and body; 301, 302 and 303 are followed by GET and HEAD alone; what is
/// secret stays behind where scheme, host or port change. Errors: bad_answer for a broken target, and for one that
/// leaves TLS.
Result<std::optional<Request>> next_hop(const Request& request, const Response& response);

}  // namespace samebits::http
