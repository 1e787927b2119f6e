#pragma once

#include <chrono>
#include <memory>

#include <samebits/clock.hpp>

#include "http/http.hpp"

namespace samebits::http {

struct RetryPolicy {
  int tries = 3;
  /// Before the second try; three times as long before each further one, with jitter.
  std::chrono::milliseconds base{1000};
  /// Longest wait that a server may ask for where the context has no deadline.
  std::chrono::seconds patience{60};
};

/// What the server asks us to wait: `Retry-After` in seconds or as a date (by the server's own `Date`, else `now`), or
/// the reset of a rate limit that is used up. Source: RFC 9110, section 10.2.3; GitHub's REST API, "Rate limits".
std::optional<std::chrono::seconds> retry_after_of(const Response& response, Time now);

/// Whether another try may be made, by what the request says of itself and by what came of it.
bool may_repeat(const Request& request, const Result<Response>& result);

/// Repeats what may be repeated; waits as the server asks, else longer each time, and never past the deadline: then the
/// answer is given as it is. Fills in `Response::retry_after`. `clock` is borrowed.
std::unique_ptr<Http> with_retries(std::unique_ptr<Http> inner, Clock& clock, RetryPolicy policy = {});

}  // namespace samebits::http
