#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/context.hpp>

#include "http/headers.hpp"
#include "http/url.hpp"

namespace samebits::http {

// How an adapter speaks HTTP. It is given an `Http&` (one per client: connections are reused across requests and
// adapters; retries, redirects, limits and redaction are behind it) and never sleeps or loops for the network's sake:
//
//   Request request{.url = base.with_target("/api/v1/version"), .headers = {{"Accept", "application/json"}}};
//   request.headers.set("Authorization", "Bearer " + token.reveal());
//   request.secrets.push_back(token.reveal());
//   SB_TRY(const auto response, http.send(context, request));
//   if (response.status == 404) return std::optional<Version>();          // what the adapter expects is a fact
//   if (!response.ok()) return status_error(request, response);          // the rest is one table (status_error.hpp)
//
// Every status is an answer; an error is where there was no whole answer. `Request::retry` says what a repeated request
// may do. A long answer is taken as it comes by `Request::sink` (by_lines() of lines.hpp for a watch), a long body is
// given by `Request::upload`. Deadline and cancellation come from the context and end a request within 100 ms.
// An error with `outcome_unknown` means that a write may have happened: read back.

enum class Method { get, head, post, put, patch, del };
std::string_view to_string(Method method) noexcept;

/// What another attempt after a lost answer may do.
enum class RetryClass {
  /// Repeats nothing: GET, HEAD, a token.
  safe,
  /// The request has a compare step of its own, or writes the same again.
  guarded,
  /// Would make a second one: repeated only if the first did not reach the server; the caller looks first.
  create,
};

/// Whether a stream goes on.
enum class Flow { more, stop };

/// Receives the body as it comes. An error ends the request and is what `send` gives; `stop` ends it well.
using Sink = std::function<Result<Flow>(std::string_view chunk)>;

/// A body that is produced as it is sent.
struct Upload {
  /// Fills the buffer and gives the number of bytes; 0 is the end.
  std::function<Result<std::size_t>(std::span<char> buffer)> read = {};
  /// Back to the beginning, for a redirect or another attempt; without it there is none.
  std::function<bool()> rewind = {};
  std::optional<std::uint64_t> size = {};
};

struct Request {
  Method method = Method::get;
  Url url;
  Headers headers = {};
  std::string body = {};
  /// Instead of `body`, where it has a `read`.
  Upload upload = {};
  /// Default: GET and HEAD are safe, all others create.
  std::optional<RetryClass> retry = {};
  /// Of a 2xx answer; more is an error. Other answers are cut at 64 KiB, since they are for people.
  std::size_t max_body = std::size_t{16} << 20;
  /// Receives the body of a 2xx answer instead of `Response::body`, without `max_body`.
  Sink sink = {};
  /// A 500 may be the server's own race with a write: there are two tries more, some dozen milliseconds apart.
  bool look_again = false;
  /// Never sent again by the client, whatever becomes of it.
  bool once = false;
  /// False: a redirect is an answer.
  bool follow = true;
  /// Longest silence; default: the client's.
  std::optional<std::chrono::seconds> stall = {};
  /// Hosts that may be spoken to without TLS, besides loopback and the client's own list.
  std::vector<std::string> insecure = {};
  /// Further texts that must not surface, such as the password inside an Authorization.
  std::vector<std::string> secrets = {};

  bool is_get_or_head() const noexcept { return method == Method::get || method == Method::head; }
  RetryClass retry_class() const noexcept {
    return retry.value_or(is_get_or_head() ? RetryClass::safe : RetryClass::create);
  }
  /// Whether a lost answer leaves open what happened.
  bool is_write() const noexcept { return retry_class() != RetryClass::safe; }
  /// `GET host/path` without the query.
  std::string shown() const;
};

struct Response {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  /// Where the answer came from, after redirects.
  Url url;
  /// How long the server asks us to wait, from `Retry-After` or a rate limit's reset.
  std::optional<std::chrono::seconds> retry_after = {};

  bool ok() const noexcept { return status >= 200 && status < 300; }
  /// The media type of `Content-Type`, lower case, without parameters.
  std::string media_type() const;
  /// What the server calls this request; empty where it does not.
  std::string request_id() const;
};

/// Port: requests over HTTP/1.1 and 2.
/// Errors: unreachable, outcome_unknown (a write whose answer was lost), timed_out, cancelled, bad_answer (too long, no
/// HTTP, a certificate that is not trusted), bad_config (no TLS to a host that is not listed).
/// Thread: safe.
class Http {
 public:
  virtual ~Http() = default;
  /// All at once; the results are in the order of the requests.
  virtual std::vector<Result<Response>> send_all(Context& context, std::span<const Request> requests) = 0;

  Result<Response> send(Context& context, const Request& request) {
    auto responses = send_all(context, {&request, 1});
    return std::move(responses.front());
  }
};

}  // namespace samebits::http
