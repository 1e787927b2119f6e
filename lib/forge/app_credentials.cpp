#include "forge/app_credentials.hpp"

#include <map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/jwt.hpp"
#include "forge/address.hpp"
#include "forge/api.hpp"
#include "system/files.hpp"

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

/// Longest file that is taken for a key.
constexpr std::size_t max_key_file = 64 << 10;

/// What a request asks for of the repositories that an app acts for.
struct Asked {
  forge::Address repository;
  /// Below the repository, at the API; empty for Git.
  std::string path = {};
};

/// The next part of a path that begins with '/'; taken off.
std::string_view take_part(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

/// `path` is `/OWNER/REPOSITORY`, and what comes below it; nothing where the app does not act for that.
Result<std::optional<Asked>> asked_of(const http::Url& scope, std::string_view path, std::string_view suffix) {
  const std::string owner(take_part(path));
  std::string name(take_part(path));
  if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  if (owner.empty() || name.empty()) return std::optional<Asked>();
  const std::string whole = "/" + owner + "/" + name;
  std::string wanted(scope.path());
  while (wanted.ends_with('/')) wanted.pop_back();
  if (wanted.ends_with(".git")) wanted.resize(wanted.size() - 4);
  if (!whole.starts_with(wanted) || (whole.size() > wanted.size() && whole[wanted.size()] != '/'))
    return std::optional<Asked>();
  SB_TRY(auto address, forge::address_of({.url = scope.origin() + whole, .forge = "github"}));
  return std::optional(Asked{.repository = std::move(address), .path = std::string(path)});
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
      SB_TRY(const auto asked, asked_of(app, request));
      if (!asked) continue;
      SB_TRY(Secret token, token_for(context, app, *asked, request));
      return std::optional(Credential{.token = std::move(token)});
    }
    return std::optional<Credential>();
  }

 private:
  static Result<std::optional<Asked>> asked_of(const AppCredential& app, const CredentialRequest& request) {
    const auto scope = http::Url::parse(app.repository);
    const auto url = http::Url::parse(request.url);
    if (!scope) return bad_scope(app);
    if (!url) return std::optional<Asked>();
    if (request.is_git && url->origin() == scope->origin()) return github::asked_of(*scope, url->path(), ".git");
    SB_TRY(const auto any, forge::address_of({.url = scope->origin() + "/owner/name", .forge = "github"}));
    std::string root(any.api.path() == "/" ? "" : any.api.path());
    root += "/repos";
    if (request.is_git || url->origin() != any.api.origin() || !url->path().starts_with(root + "/"))
      return std::optional<Asked>();
    return github::asked_of(*scope, url->path().substr(root.size()), "");
  }

  static Error bad_scope(const AppCredential& app) {
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("'{}' is no address that an app acts for", printable(app.repository)),
                 .hint = "give https://HOST, https://HOST/OWNER or https://HOST/OWNER/REPOSITORY"};
  }

  Result<Secret> token_for(Context& context, const AppCredential& app, const Asked& asked,
                           const CredentialRequest& request) {
    const forge::Address& target = asked.repository;
    const Json permissions = permissions_of(asked.path, request.use == CredentialRequest::Use::write);
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
    SB_TRY(const Secret key, key_of(app));
    return sign_jwt(write_json(claims), key);
  }

  static Result<Secret> key_of(const AppCredential& app) {
    if (!app.private_key.empty()) return app.private_key;
    if (app.private_key_file.empty())
      return Error{.code = ErrorCode::bad_option,
                   .message = fmt::format("the GitHub App {} is named without its private key", printable(app.app)),
                   .hint = "name the file that holds it (the command line: SAMEBITS_GITHUB_APP_KEY)"};
    SB_TRY(auto bytes, read_file(app.private_key_file, max_key_file));
    if (bytes) return Secret(*std::move(bytes));
    return Error{
        .code = ErrorCode::bad_option,
        .message = fmt::format("there is no file '{}' with the key of the GitHub App", printable(app.private_key_file)),
        .hint = "give the path of the PEM file that GitHub made for the app"};
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
