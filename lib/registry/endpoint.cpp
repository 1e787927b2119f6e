#include "registry/endpoint.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/curl_http.hpp"
#include "http/retry.hpp"
#include "http/status_error.hpp"
#include "registry/manifest.hpp"

namespace samebits::registry {
namespace {

using http::Request;
using http::Response;
using http::Url;

/// The host that answers for a name. Source: distribution, "registry-1.docker.io" of Docker's Hub.
std::string serving_host(const std::string& host) { return host == "docker.io" ? "registry-1.docker.io" : host; }

}  // namespace

Endpoint::Endpoint(const ImageRepo& repo, http::Http& http, Credentials& credentials, std::vector<std::string> insecure)
    : repo_(repo), http_(http), authorizer_(http, credentials, repo_), insecure_(std::move(insecure)) {
  auto plain = Url::parse("http://" + serving_host(repo.host()));
  auto safe = Url::parse("https://" + serving_host(repo.host()));
  if (!plain || !safe) {
    broken_ = plain ? safe.error() : plain.error();
    return;
  }
  scheme_known_ = !http::require_tls(*plain, insecure_);
  // Loopback seldom has TLS, and a listed host should.
  base_ = plain->is_loopback() ? *std::move(plain) : *std::move(safe);
}

Request Endpoint::request_for(const RegistryRequest& request) const {
  // A page of a list is a target of its own already.
  const std::string target =
      request.target.starts_with('/') ? request.target : fmt::format("/v2/{}/{}", repo_.path(), request.target);
  Request made{.method = request.method,
               .url = base_.with_target(target),
               .headers = request.headers,
               .body = request.body,
               .max_body = max_manifest_bytes,
               .insecure = insecure_};
  // distribution 2.8 on a file system answers 500 to whoever reads a manifest while somebody puts it.
  made.look_again = made.is_get_or_head();
  // Putting the same bytes twice does no harm, but whether it is needed is for the reader of the tag to say.
  if (request.method == http::Method::put) {
    made.retry = http::RetryClass::guarded;
    made.once = true;
  }
  // Digests are over the bytes that were pushed.
  made.headers.set("Accept-Encoding", "identity");
  return made;
}

/// Asks once, without credentials, how the host is spoken to. Only for hosts that may go without TLS.
Result<void> Endpoint::find_scheme(Context& context) {
  if (broken_) return *broken_;
  if (scheme_known_) return {};
  const auto ask = [&](const Url& base) {
    return http_.send(context, {.url = base.with_target("/v2/"), .once = true, .follow = false, .insecure = insecure_});
  };
  const auto first = ask(base_);
  const bool plain_refused = first && first->status == 400 && !base_.is_https();
  if (first && !plain_refused) {
    scheme_known_ = true;
    return {};
  }
  SB_CHECK(context.check());
  // A certificate that is not trusted, or an authority that cannot be read, is no reason to do without one.
  const auto speaks_tls = [](const Error& error) {
    return error.code == ErrorCode::bad_answer || error.code == ErrorCode::bad_config;
  };
  const bool no_tls = !first && base_.is_https() && speaks_tls(first.error());
  const Url other = base_.with_scheme(!base_.is_https());
  if (!no_tls) {
    // It speaks TLS, and a certificate is wrong, theirs or ours: that is what people must hear of.
    const auto is_about_tls = [&](const Error& error) {
      return other.is_https() && error.kind() != ErrorKind::transient;
    };
    if (const auto second = ask(other); second || is_about_tls(second.error())) {
      base_ = other;
      scheme_known_ = true;
      return {};
    }
  }
  if (first) scheme_known_ = true;
  return first ? Result<void>() : Result<void>(first.error());
}

/// Each once, whatever the number of requests that it comes with.
void Endpoint::note_warnings(const Context& context, const Response& response) {
  for (const std::string_view warning : response.headers.all("warning"))
    if (warnings_.emplace(warning).second)
      context.note(LogLevel::warn, fmt::format("{}: {}", authority(), printable(warning)));
}

std::vector<Result<Response>> Endpoint::authorized(Context& context, std::vector<Request> requests, Access access) {
  std::vector<Result<Response>> responses(requests.size(), Error{});
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < requests.size(); ++i) open.push_back(i);
  // What was given and is refused, stale or short of a scope, is replaced once: a token server that gives less than it
  // is asked for gives the same again.
  bool was_replaced = false;
  while (true) {
    std::vector<Request> batch;
    for (const std::size_t i : open) {
      authorizer_.authorize(requests[i], access);
      batch.push_back(requests[i]);
    }
    auto answers = http_.send_all(context, batch);
    if (!scheme_known_)
      scheme_known_ = std::all_of(answers.begin(), answers.end(), [&](const Result<Response>& answer) {
        return answer && (base_.is_https() || answer->status != 400);
      });
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (answers[i]) note_warnings(context, *answers[i]);
      responses[open[i]] = std::move(answers[i]);
    }
    std::erase_if(open, [&](std::size_t i) { return !responses[i] || responses[i]->status != 401; });
    if (open.empty()) return responses;
    const std::size_t first = open.front();
    if (requests[first].headers.has("authorization") && std::exchange(was_replaced, true)) return responses;
    auto renewed = authorizer_.renew(context, requests[first], *responses[first], access);
    if (!renewed)
      for (const std::size_t i : open) responses[i] = renewed.error();
    if (!renewed || !*renewed) return responses;
  }
}

std::vector<Result<Response>> Endpoint::send_once(Context& context, std::vector<Request> requests, Access access) {
  for (Request& request : requests) request.once = true;
  return authorized(context, std::move(requests), access);
}

std::vector<Result<Response>> Endpoint::send_all(Context& context, const std::vector<RegistryRequest>& requests,
                                                 Access access) {
  const auto make = [&] {
    std::vector<Request> made;
    made.reserve(requests.size());
    for (const RegistryRequest& request : requests) made.push_back(request_for(request));
    return made;
  };
  if (!scheme_known_ && !broken_) {
    // Most hosts are what they look like: the first requests find it out.
    const auto made = make();
    auto responses = send_once(context, made, access);
    bool good = scheme_known_;
    for (std::size_t i = 0; i < made.size(); ++i) good = good && !http::may_repeat(made[i], responses[i]);
    if (good) return responses;
  }
  if (auto known = find_scheme(context); !known)
    return std::vector<Result<Response>>(requests.size(), std::move(known).error());
  return authorized(context, make(), access);
}

Result<Response> Endpoint::send(Context& context, const RegistryRequest& request, Access access) {
  return std::move(send_all(context, {request}, access).front());
}

Error Endpoint::error_of(const RegistryRequest& request, const Response& response, ErrorCode not_found) const {
  Error error = http::status_error(request_for(request), response,
                                   {.not_found = not_found, .conflict = ErrorCode::refused_by_server});
  if (error.code == ErrorCode::unauthenticated)
    error.hint = fmt::format(
        "give credentials for {} (docker login {}); registries also answer so for repositories that do not exist",
        repo_.host(), repo_.host());
  if (error.code == ErrorCode::permission_missing)
    error.hint = fmt::format("the credentials for {} may not do this to {}: check their permissions", repo_.host(),
                             repo_.path());
  return error;
}

}  // namespace samebits::registry
