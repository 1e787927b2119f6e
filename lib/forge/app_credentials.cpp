#include "forge/app_credentials.hpp"

#include <map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/jwt.hpp"
#include "forge/address.hpp"
#include "forge/api.hpp"

namespace samebits::github {
namespace {

using std::chrono::seconds;

/// Clocks differ: a token from the future is refused, and so is one for longer than ten minutes.
constexpr seconds backdated{60};
constexpr seconds jwt_life{540};
/// A token that ends sooner is made anew.
constexpr seconds least_left{120};

struct Token {
  Secret text;
  Time ends;
};

/// What a request needs, by what it asks for: `checks`, `statuses`, `actions`, `pull_requests`, else `contents`.
Json permissions_of(std::string_view path, bool writes) {
  const auto names = [&](std::string_view part) { return path.find(part) != std::string_view::npos; };
  Json permissions;
  const char* const level = writes ? "write" : "read";
  if (names("/check-runs")) {
    permissions.add("checks", level);
  } else if (names("/statuses")) {
    permissions.add("statuses", level);
  } else if (names("/actions/")) {
    permissions.add("actions", level);
  } else if (names("/pulls")) {
    permissions.add("pull_requests", level);
  } else {
    permissions.add("contents", level);
  }
  return permissions;
}

/// Answers with the one token that it is given.
class OneToken final : public Credentials {
 public:
  explicit OneToken(Secret token) : token_(std::move(token)) {}
  Result<std::optional<Credential>> find(Context&, const CredentialRequest&) override {
    return std::optional(Credential{.token = token_});
  }

 private:
  Secret token_;
};

class AppCredentials final : public Credentials {
 public:
  AppCredentials(std::vector<AppCredential> apps, http::Http& http, Clock& clock)
      : apps_(std::move(apps)), http_(http), clock_(clock) {}

  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    for (const AppCredential& app : apps_) {
      const auto target = forge::address_of({.url = app.repository, .forge = "github"});
      if (!target) return target.error();
      const std::string base =
          target->api.origin() + std::string(target->api.path() == "/" ? "" : target->api.path()) + target->path();
      const std::string_view url = request.url;
      if (!url.starts_with(base) || (url.size() > base.size() && url[base.size()] != '/')) continue;
      SB_TRY(Secret token, token_for(context, app, *target, url.substr(base.size()), request));
      return std::optional(Credential{.token = std::move(token)});
    }
    return std::optional<Credential>();
  }

 private:
  Result<Secret> token_for(Context& context, const AppCredential& app, const forge::Address& target,
                           std::string_view path, const CredentialRequest& request) {
    const Json permissions = permissions_of(path, request.use == CredentialRequest::Use::write);
    const std::string key = target.path() + " " + write_json(permissions);
    const auto known = tokens_.find(key);
    if (!request.refresh && known != tokens_.end() && known->second.ends - clock_.now() > least_left)
      return known->second.text;
    SB_TRY(Secret jwt, new_jwt(app));
    OneToken as_app(std::move(jwt));
    forge::Api api(target, http_, as_app);
    std::string installation = app.installation;
    if (installation.empty()) {
      SB_TRY(installation, installation_of(context, api));
    }
    SB_TRY(Token token, new_token(context, api, installation, target, permissions));
    return tokens_.insert_or_assign(key, std::move(token)).first->second.text;
  }

  Result<Secret> new_jwt(const AppCredential& app) {
    const auto now = clock_.now().time_since_epoch();
    Json claims;
    claims.add("iat", std::int64_t{(now - backdated).count()});
    claims.add("exp", std::int64_t{(now + jwt_life).count()});
    claims.add("iss", app.app);
    return sign_jwt(write_json(claims), app.private_key);
  }

  Result<std::string> installation_of(Context& context, forge::Api& api) {
    auto& known = installations_[api.address().path()];
    if (!known.empty()) return known;
    SB_TRY(const auto found, api.get(context, "/installation"));
    if (!found.ok()) return refusal(api, found);
    SB_TRY(const Json json, api.json(found));
    known = std::to_string(forge::number_of(json, "/id"));
    return known;
  }

  static Result<Token> new_token(Context& context, forge::Api& api, const std::string& installation,
                                 const forge::Address& target, const Json& permissions) {
    Json body;
    body.add("repositories", Json::Array{target.repository});
    body.add("permissions", permissions);
    // A second token is no harm.
    SB_TRY(const auto made,
           api.send(context, {.method = http::Method::post,
                              .target = "/app/installations/" + http::percent_encode(installation) + "/access_tokens",
                              .body = std::move(body),
                              .retry = http::RetryClass::safe,
                              .at_root = true}));
    if (!made.ok()) return refusal(api, made);
    SB_TRY(const Json json, api.json(made));
    const auto ends = forge::time_of(json, "/expires_at");
    std::string token = json.text("token");
    if (token.empty() || !ends) return api.bad_answer(made, "without a token");
    return Token{.text = Secret(std::move(token)), .ends = *ends};
  }

  static Error refusal(const forge::Api& api, const forge::Exchange& exchange) {
    Error error =
        api.error_of(exchange, {.not_found = ErrorCode::unauthenticated, .conflict = ErrorCode::permission_missing});
    if (exchange.status() == 404) error.hint = "install the app for that repository";
    if (exchange.status() == 422) error.hint = "give the app that permission, and accept it where it is installed";
    if (exchange.status() == 401) error.hint = "check the app's number and its private key, and this machine's clock";
    return error;
  }

  std::vector<AppCredential> apps_;
  http::Http& http_;
  Clock& clock_;
  std::map<std::string, Token> tokens_;
  std::map<std::string, std::string> installations_;
};

}  // namespace

std::unique_ptr<Credentials> app_credentials(std::vector<AppCredential> apps, http::Http& http, Clock& clock) {
  return std::make_unique<AppCredentials>(std::move(apps), http, clock);
}

}  // namespace samebits::github
