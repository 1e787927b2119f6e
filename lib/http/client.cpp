#include "http/client.hpp"

#include "http/redact.hpp"

namespace samebits::http {

std::unique_ptr<Http> open_http(CurlOptions options, Clock& clock, RetryPolicy policy) {
  return with_redaction(with_retries(open_curl(std::move(options)), clock, policy));
}

}  // namespace samebits::http
