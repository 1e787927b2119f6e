#include "http/redirect.hpp"

#include "core/text.hpp"

namespace samebits::http {
namespace {

bool is_followed(const Request& request, int status) {
  if (status == 307 || status == 308) return true;
  return (status == 301 || status == 302 || status == 303) && request.is_get_or_head();
}

Error bad_redirect(const Request& request, const Response& response, std::string message, std::string hint) {
  return Error{.code = ErrorCode::bad_answer,
               .message = std::move(message),
               .hint = std::move(hint),
               .remote = request.url.authority(),
               .operation = request.shown(),
               .http_status = response.status,
               .request_id = response.request_id()};
}

}  // namespace

Result<std::optional<Request>> next_hop(const Request& request, const Response& response) {
  const std::string_view location = response.headers.get("location");
  if (!request.follow || location.empty() || !is_followed(request, response.status)) return std::optional<Request>();
  auto target = request.url.resolve(location);
  if (!target)
    return bad_redirect(request, response,
                        fmt::format("{} redirects to an address that is none", request.url.authority()),
                        "ask whoever runs that server");
  if (request.url.is_https() && !target->is_https())
    return bad_redirect(request, response,
                        fmt::format("{} redirects to {} without TLS", request.url.authority(), target->authority()),
                        "ask whoever runs that server; TLS is never left");
  Request next = request;
  next.url = *std::move(target);
  if (next.url.origin() != request.url.origin()) next.headers.remove_secret();
  return std::optional(std::move(next));
}

}  // namespace samebits::http
