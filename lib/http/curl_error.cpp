#include "http/curl_error.hpp"

#include "core/text.hpp"

namespace samebits::http {
namespace {

struct Meaning {
  ErrorCode code;
  std::string message;
  std::string hint = {};
};

Meaning meaning_of(CURLcode code, const std::string& host, bool has_proxy, const std::string& detail) {
  const std::string reach_hint = "check the address, the network and the proxy";
  // TLS 1.3 says so only after the request went out.
  if (detail.find("alert certificate required") != std::string::npos)
    return {ErrorCode::unauthenticated, fmt::format("{} wants a client certificate", host),
            "give one that it knows, and its key (PEM)"};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::unreachable, fmt::format("the name of {} is not known", host), reach_hint};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorCode::unreachable, fmt::format("the name of the proxy for {} is not known", host), reach_hint};
    case CURLE_COULDNT_CONNECT:
      return {ErrorCode::unreachable,
              fmt::format("nothing answers at {}{}", host, has_proxy ? ", or at the proxy before it" : ""), reach_hint};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::unreachable, fmt::format("{} stays silent", host), reach_hint};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorCode::bad_answer, fmt::format("the certificate of {} is not trusted: {}", host, detail),
              "give the certificate authority that signed it; certificates are always checked"};
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
      return {ErrorCode::bad_config, fmt::format("a certificate for {} cannot be read: {}", host, detail),
              "check the files of the certificate authority and of the client certificate (PEM)"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
      return {ErrorCode::unreachable, fmt::format("there is no TLS connection to {}: {}", host, detail),
              "check that the port speaks TLS"};
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {ErrorCode::unreachable, fmt::format("the answer of {} was cut off", host), "run it again"};
    case CURLE_OUT_OF_MEMORY:
      return {ErrorCode::out_of_memory, "there is no memory left"};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
      return {ErrorCode::bad_answer, fmt::format("what {} answers is no HTTP", host), "check the address and its port"};
    default:
      return {ErrorCode::unreachable, fmt::format("the request to {} ended: {}", host, detail), reach_hint};
  }
}

}  // namespace

Error curl_error(CURLcode code, const Request& request, bool was_sent, bool has_proxy, const std::string& detail) {
  const std::string words = printable(detail.empty() ? libcurl().easy_strerror(code) : detail);
  Meaning meaning = meaning_of(code, request.url.authority(), has_proxy, words);
  const bool unknown = was_sent && request.is_write() && meaning.code != ErrorCode::unauthenticated;
  if (unknown && meaning.code == ErrorCode::unreachable) {
    meaning.code = ErrorCode::outcome_unknown;
    meaning.hint = "it may have happened: run it again, which looks first";
  }
  return Error{.code = meaning.code,
               .message = std::move(meaning.message),
               .hint = std::move(meaning.hint),
               .remote = request.url.authority(),
               .operation = request.shown(),
               .outcome_unknown = unknown};
}

Error proxy_error(int status, const Request& request) {
  const bool wants_password = status == 401 || status == 407;
  return Error{.code = wants_password ? ErrorCode::unauthenticated : ErrorCode::unreachable,
               .message = fmt::format("the proxy gives no way to {}", request.url.authority()),
               .hint = wants_password ? "give the proxy's name and password in its URL"
                                      : "check the proxy and its rules, or list the host among those without a proxy",
               .remote = request.url.authority(),
               .operation = request.shown(),
               .http_status = status};
}

}  // namespace samebits::http
