#include "registry/authorizer.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/base64.hpp"
#include "http/status_error.hpp"
#include "json/json.hpp"

namespace samebits::registry {
namespace {

using http::Challenge;
using http::Method;
using http::Request;
using http::Response;
using http::Url;

constexpr std::size_t max_token_body = std::size_t{64} << 10;
/// What the specification says of a token that says nothing.
constexpr std::int64_t default_lifetime = 60;
constexpr std::int64_t longest_lifetime = 86400;
/// Registries that take a token as a password take it of anyone.
constexpr std::string_view any_username = "x-access-token";

Error untrusted_realm(const Url& registry, std::string message) {
  return Error{.code = ErrorCode::bad_answer,
               .message = std::move(message),
               .hint = "no credentials were sent; ask whoever runs the registry",
               .remote = registry.authority()};
}

/// As name and password: what a token server or a registry with Basic takes.
std::optional<Secret> as_basic(const Credential& credential) {
  if (!credential.password.empty() || !credential.username.empty())
    return basic_authorization(credential.username, credential.password);
  if (!credential.token.empty()) return basic_authorization(any_username, credential.token);
  return std::nullopt;
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string>>& members) {
  std::string form;
  for (const auto& [name, value] : members) {
    if (value.empty()) continue;
    form += (form.empty() ? "" : "&") + std::string(name) + "=" + http::percent_encode(value);
  }
  return form;
}

void set_authorization(Request& request, const Secret& value) {
  request.headers.set("Authorization", value.reveal(), true);
}

}  // namespace

Result<Url> trusted_realm(const Url& registry, const std::string& realm) {
  auto url = Url::parse(realm);
  if (!url)
    return untrusted_realm(registry, fmt::format("{} names a token server that is no URL", registry.authority()));
  if (registry.is_https() && !url->is_https())
    return untrusted_realm(
        registry, fmt::format("{} names a token server without TLS, {}", registry.authority(), url->authority()));
  const bool own = url->host() == registry.host() || (url->is_loopback() && registry.is_loopback());
  if (http::is_private_address(url->host()) && !own)
    return untrusted_realm(registry, fmt::format("{} names a token server at the private address {}",
                                                 registry.authority(), url->authority()));
  return url;
}

void Authorizer::authorize(Request& request, Access access) const {
  request.headers.remove("authorization");
  request.secrets.insert(request.secrets.end(), secrets_.begin(), secrets_.end());
  if (basic_) return set_authorization(request, *basic_);
  // The order of the map: for a pull a pull token is taken first, and a push token does as well.
  for (const auto& [granted, token] : tokens_)
    if (granted >= access && Context::Clock::now() < token.expires) {
      set_authorization(request, Secret("Bearer " + token.value.reveal()));
      return;
    }
}

Result<bool> Authorizer::renew(Context& context, const Request& refused, const Response& refusal, Access access) {
  const auto challenges = http::challenges_of(refusal);
  if (const Challenge* bearer = http::find_challenge(challenges, "bearer"))
    return renew_bearer(context, refused, *bearer, access);
  if (http::find_challenge(challenges, "basic") != nullptr) return renew_basic(context, refused, access);
  return false;
}

Result<std::optional<Credential>> Authorizer::find_credential(Context& context, const Request& refused, Access access) {
  const Url place = refused.url.with_target("/" + repo_.path());
  // Docker's Hub is known by its name, not by the host that answers for it.
  SB_TRY(auto found,
         credentials_.find(
             context, {.url = repo_.host() == "docker.io" ? "https://docker.io/" + repo_.path() : place.str(),
                       .use = access == Access::push ? CredentialRequest::Use::write : CredentialRequest::Use::read,
                       .refresh = refused.headers.has("authorization")}));
  if (found)
    for (const Secret* secret : {&found->password, &found->token, &found->identity_token, &found->registry_token})
      if (!secret->empty()) secrets_.push_back(secret->reveal());
  return found;
}

Result<bool> Authorizer::renew_basic(Context& context, const Request& refused, Access access) {
  SB_TRY(const auto credential, find_credential(context, refused, access));
  if (!credential) return false;
  const auto value = as_basic(*credential);
  if (!value)
    return Error{.code = ErrorCode::unauthenticated,
                 .message = fmt::format("{} wants a name and a password", refused.url.authority()),
                 .hint = "give those instead of a token that must be exchanged",
                 .remote = refused.url.authority()};
  // The same once more cannot help.
  if (refused.headers.get("authorization") == value->reveal()) return false;
  basic_ = *value;
  return true;
}

Result<bool> Authorizer::renew_bearer(Context& context, const Request& refused, const Challenge& challenge,
                                      Access access) {
  SB_TRY(const auto credential, find_credential(context, refused, access));
  const auto sent = refused.headers.get("authorization");
  const auto as_it_is = [&](const Secret& token) {
    if (token.empty() || sent == "Bearer " + token.reveal()) return false;
    keep(access, {.value = token, .expires = Context::Clock::time_point::max()});
    return true;
  };
  if (credential && !credential->registry_token.empty()) return as_it_is(credential->registry_token);
  auto token = exchange(context, refused, challenge, credential, access);
  if (token) {
    keep(access, *std::move(token));
    return true;
  }
  // A registry without a token server of its own takes the forge's token itself.
  if (token.error().kind() == ErrorKind::auth && credential && as_it_is(credential->token)) return true;
  return std::move(token).error();
}

std::vector<std::string> Authorizer::scopes_for(const Challenge& challenge, Access access) const {
  std::vector<std::string> scopes;
  // What a token lacked comes first, as the registry spells it.
  if (challenge.get("error") == "insufficient_scope" && !challenge.get("scope").empty())
    scopes.push_back(challenge.get("scope"));
  std::string own = fmt::format("repository:{}:{}", repo_.path(), access == Access::push ? "pull,push" : "pull");
  if (scopes.empty() || scopes.front() != own) scopes.push_back(std::move(own));
  return scopes;
}

Result<Response> Authorizer::ask_token_server(Context& context, const Request& refused, const Url& realm,
                                              const Challenge& challenge, const std::optional<Credential>& credential,
                                              const std::vector<std::string>& scopes) {
  const std::string service = challenge.get("service");
  if (credential && !credential->identity_token.empty()) {
    SB_TRY(auto response,
           http_.send(context, {.method = Method::post,
                                .url = realm,
                                .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                .body = form_of({{"grant_type", "refresh_token"},
                                                 {"service", service},
                                                 {"client_id", "samebits"},
                                                 {"scope", fmt::format("{}", fmt::join(scopes, " "))},
                                                 {"refresh_token", credential->identity_token.reveal()}}),
                                .retry = http::RetryClass::safe,
                                .max_body = max_token_body,
                                .secrets = secrets_}));
    // Older token servers know GET alone.
    if (response.status != 404 && response.status != 405) return response;
  }
  Request request{.url = realm, .max_body = max_token_body, .insecure = refused.insecure, .secrets = secrets_};
  if (!service.empty()) request.url = request.url.with_query("service", service);
  for (const std::string& scope : scopes) request.url = request.url.with_query("scope", scope);
  if (credential && !credential->identity_token.empty())
    set_authorization(request, basic_authorization(credential->username, credential->identity_token));
  else if (const auto basic = credential ? as_basic(*credential) : std::nullopt)
    set_authorization(request, *basic);
  return http_.send(context, request);
}

Result<Authorizer::Token> Authorizer::exchange(Context& context, const Request& refused, const Challenge& challenge,
                                               const std::optional<Credential>& credential, Access access) {
  SB_TRY(const Url realm, trusted_realm(refused.url, challenge.get("realm")));
  SB_TRY(const Response response,
         ask_token_server(context, refused, realm, challenge, credential, scopes_for(challenge, access)));
  if (!response.ok()) {
    Error error = http::status_error({.url = realm}, response);
    if (error.kind() == ErrorKind::auth)
      error.hint = credential ? "the credentials for that registry are not good for this: renew them"
                              : fmt::format("give credentials for {} (docker login {})", repo_.host(), repo_.host());
    return error;
  }
  const auto json = parse_json(response.body, "the token server's answer", max_token_body);
  std::string token = json ? json->text("token") : "";
  if (json && token.empty()) token = json->text("access_token");
  const bool printable_token = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (token.empty() || !printable_token)
    return Error{.code = ErrorCode::bad_answer,
                 .message = fmt::format("the token server {} answers without a token", realm.authority()),
                 .hint = "ask whoever runs the registry",
                 .remote = realm.authority(),
                 .request_id = response.request_id()};
  const Json* lifetime = json->find("expires_in");
  const std::int64_t seconds = lifetime != nullptr && lifetime->integer() != nullptr ? *lifetime->integer() : 0;
  const std::int64_t good_for = std::clamp<std::int64_t>(seconds, default_lifetime, longest_lifetime);
  // Not to the last second: the request must still get there.
  return Token{.value = Secret(std::move(token)),
               .expires = Context::Clock::now() + std::chrono::seconds(good_for - good_for / 10)};
}

void Authorizer::keep(Access access, Token token) {
  secrets_.push_back(token.value.reveal());
  tokens_.insert_or_assign(access, std::move(token));
}

}  // namespace samebits::registry
