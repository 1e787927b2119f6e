#include "forge/api.hpp"

#include <algorithm>
#include <set>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/base64.hpp"
#include "http/link.hpp"

namespace samebits::forge {
namespace {

constexpr std::size_t max_pages = 1000;
constexpr std::string_view github_api_version = "2022-11-28";

/// `checks=write,contents=read; issues=read`: alternatives by ';'. As a workflow file says it.
std::string permissions_text(std::string_view header) {
  std::string text;
  for (const char c : header) {
    if (c == '=') {
      text += ": ";
    } else if (c == ';') {
      text += " or";
    } else if (c == ',') {
      text += ", ";
    } else if (c != ' ' || !text.ends_with(' ')) {
      text += c;
    }
  }
  return printable(text);
}

/// The scopes that Gitea says a token needs one of. Words: `required scope(s): [write:repository]`, later
/// `required scope(s), required=[write:repository], token scope=read:issue`.
std::string wanted_scopes(std::string_view body) {
  const auto words = body.find("required scope(s)");
  const auto begin = words == std::string_view::npos ? words : body.find('[', words);
  const auto end = begin == std::string_view::npos ? begin : body.find(']', begin);
  return end == std::string_view::npos ? std::string() : printable(body.substr(begin + 1, end - begin - 1));
}

std::string url_without_query(const http::Url& url) { return url.origin() + std::string(url.path()); }

bool says(const http::Response& response, std::string_view words) {
  return response.body.find(words) != std::string::npos;
}

}  // namespace

Api::Api(Address address, http::Http& http, Credentials& credentials)
    : address_(std::move(address)), http_(http), credentials_(credentials) {}

http::Request Api::request_of(const Ask& ask) const {
  const std::string base(address_.api.path() == "/" ? "" : address_.api.path());
  http::Request request{.method = ask.method,
                        .url = address_.api.with_target(base + (ask.at_root ? "" : address_.path()) + ask.target)};
  request.headers.set("User-Agent", "samebits");
  if (address_.kind == Kind::github) {
    request.headers.set("Accept", "application/vnd.github+json");
    request.headers.set("X-GitHub-Api-Version", github_api_version);
  } else {
    request.headers.set("Accept", "application/json");
  }
  if (!request.is_get_or_head()) {
    request.retry = ask.retry;
    request.body = write_json(ask.body);
    request.headers.set("Content-Type", "application/json");
  }
  return request;
}

Result<void> Api::authorize(Context& context, http::Request& request, const std::string& what, bool refresh) {
  const auto use = request.is_get_or_head() ? CredentialRequest::Use::read : CredentialRequest::Use::write;
  // The forge's API and Git over HTTP may have tokens of their own on one host: the API's comes first.
  SB_TRY(auto credential, credentials_.find(context, {.url = what, .use = use, .refresh = refresh}));
  if (!credential) {
    SB_TRY(credential, credentials_.find(context, {.url = address_.web.str(), .use = use, .refresh = refresh}));
  }
  if (!credential) return {};
  if (!credential->token.empty()) {
    const bool gitea = address_.kind == Kind::gitea;
    request.headers.set("Authorization", (gitea ? "token " : "Bearer ") + credential->token.reveal());
    request.secrets.push_back(credential->token.reveal());
  } else if (!credential->password.empty()) {
    request.headers.set("Authorization",
                        "Basic " + base64_encode(credential->username + ":" + credential->password.reveal()));
    request.secrets.push_back(credential->password.reveal());
  }
  return {};
}

Result<Exchange> Api::exchange(Context& context, http::Request request, const std::string& what) {
  const std::string key = request.url.str();
  const auto kept = kept_.find(key);
  const bool reads = request.method == http::Method::get;
  if (reads && kept != kept_.end()) request.headers.set("If-None-Match", kept->second.etag);
  SB_CHECK(authorize(context, request, what, false));
  SB_TRY(auto response, http_.send(context, request));
  if (response.status == 401) {
    const std::string before(request.headers.get("Authorization"));
    SB_CHECK(authorize(context, request, what, true));
    if (request.headers.get("Authorization") != before) {
      SB_TRY(response, http_.send(context, request));
    }
  }
  if (response.status == 304 && kept != kept_.end()) response = kept->second.response;
  if (reads && response.ok())
    if (const std::string_view etag = response.headers.get("etag"); !etag.empty())
      kept_.insert_or_assign(key, Kept{.etag = std::string(etag), .response = response});
  return Exchange{.request = std::move(request), .response = std::move(response)};
}

Result<Exchange> Api::send(Context& context, const Ask& ask) {
  http::Request request = request_of(ask);
  const std::string what = url_without_query(request.url);
  return exchange(context, std::move(request), what);
}

Result<std::vector<Json>> Api::list(Context& context, std::string target, std::string_view member,
                                    const http::StatusMeaning& meaning) {
  std::vector<Json> items;
  std::set<std::string> seen;
  http::Request request = request_of({.target = std::move(target)});
  const std::string what = url_without_query(request.url);
  while (seen.insert(request.url.str()).second && seen.size() <= max_pages) {
    SB_TRY(const auto page, exchange(context, request, what));
    if (!page.ok()) return error_of(page, meaning);
    SB_TRY(const Json answer, json(page));
    const Json* list = member.empty() ? &answer : answer.find(member);
    const bool is_nothing = list != nullptr && list->is_null();
    if (list == nullptr || (!is_nothing && list->array() == nullptr)) return bad_answer(page, "with no list");
    if (!is_nothing) items.insert(items.end(), list->array()->begin(), list->array()->end());
    // GitHub's pages name the repository by its number: the link is followed, never built.
    SB_TRY(const auto next, http::next_page(page.response));
    if (!next) return items;
    request.url = *next;
  }
  return Error{.code = ErrorCode::bad_answer,
               .message = "the list has no end",
               .hint = "ask whoever runs the forge",
               .remote = address_.api.authority(),
               .operation = request.shown()};
}

Result<void> Api::may_write(Context& context, std::string target) {
  SB_TRY(const auto refused, send(context, {.method = http::Method::post,
                                            .target = std::move(target),
                                            .body = Json(Json::Object()),
                                            .retry = http::RetryClass::safe}));
  // 409 is a repository without any commit.
  if (refused.status() == 400 || refused.status() == 409 || refused.status() == 422) return {};
  // Whoever may not write may not know that there is something to be written.
  return error_of(refused, {.not_found = ErrorCode::permission_missing});
}

Result<Json> Api::json(const Exchange& exchange) const {
  auto answer = parse_json(exchange.response.body, "the answer");
  if (answer) return answer;
  return bad_answer(exchange, "with something that is no JSON");
}

Error Api::bad_answer(const Exchange& exchange, std::string_view what) const {
  return Error{.code = ErrorCode::bad_answer,
               .message = fmt::format("{} answers {}", address_.api.authority(), what),
               .hint = "check that the forge's API is at that address",
               .remote = address_.api.authority(),
               .operation = exchange.request.shown(),
               .http_status = exchange.response.status,
               .request_id = exchange.response.request_id()};
}

Error Api::error_of(const Exchange& exchange, const http::StatusMeaning& meaning) const {
  const http::Response& response = exchange.response;
  Error error = http::status_error(exchange.request, response, meaning);
  if (response.status == 422) {
    if (const std::string reasons = reasons_of(response.body); !reasons.empty())
      error.message = fmt::format("{} answers 422: {}", address_.api.authority(), reasons);
    if (says(response, "rule violations") || says(response, "restricted") || says(response, "protected"))
      error.code = ErrorCode::refused_by_server;
  }
  if (error.code == ErrorCode::refused_by_server && error.hint.empty())
    error.hint = "a rule of the forge forbids it: look at its rules for branches and tags";
  if (error.code == ErrorCode::lost_race && error.hint.empty()) error.hint = "somebody was faster: run it again";
  if (error.code == ErrorCode::commit_missing) error.hint = "push the commit first, or check its id";
  if (response.status >= 300 && response.status < 400)
    error.hint = "the repository has moved: give its new address in services.*.source";
  if (response.status == 404 && error.code == ErrorCode::repository_missing)
    error.hint = "check services.*.source and the token: a forge also says so to those who may not see it";
  if (error.code != ErrorCode::permission_missing) return error;
  if (const auto accepted = response.headers.get("x-accepted-github-permissions"); !accepted.empty()) {
    const std::string permissions = permissions_text(accepted);
    error.message += fmt::format(" (needed: {})", permissions);
    error.hint = fmt::format("give the token {}: `permissions:` of the workflow, or the app's settings", permissions);
  } else if (response.headers.has("x-github-sso")) {
    error.hint = "authorize the token for the organization's single sign-on";
  } else if (const auto scopes = response.headers.get("x-accepted-oauth-scopes"); !scopes.empty()) {
    error.hint = fmt::format("give the token one of these scopes: {}", printable(scopes));
  } else if (const auto wanted = wanted_scopes(response.body); !wanted.empty()) {
    error.hint = fmt::format("give the token one of these scopes: {}", wanted);
  }
  return error;
}

std::string text_of(const Json& json, std::string_view pointer) {
  const Json* found = json.at_pointer(pointer);
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

std::int64_t number_of(const Json& json, std::string_view pointer) {
  const Json* found = json.at_pointer(pointer);
  return found != nullptr && found->integer() != nullptr ? *found->integer() : 0;
}

bool flag_of(const Json& json, std::string_view pointer) {
  const Json* found = json.at_pointer(pointer);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

std::optional<CommitId> commit_of(const Json& json, std::string_view pointer) {
  auto commit = CommitId::parse(text_of(json, pointer));
  return commit ? std::optional(*std::move(commit)) : std::nullopt;
}

std::optional<Time> time_of(const Json& json, std::string_view pointer) {
  const auto time = parse_time(text_of(json, pointer));
  return time ? std::optional(*time) : std::nullopt;
}

std::string reasons_of(std::string_view body) {
  const auto json = parse_json(body, "the answer");
  if (!json) return {};
  std::string reasons = json->text("message");
  const Json* errors = json->find("errors");
  if (errors == nullptr || errors->array() == nullptr) return printable(reasons);
  for (const Json& one : *errors->array()) {
    std::string words = one.string() != nullptr ? *one.string() : one.text("message");
    if (words.empty() && !one.text("code").empty()) words = one.text("field") + " " + one.text("code");
    if (!words.empty()) reasons += (reasons.empty() ? "" : "; ") + words;
  }
  return printable(reasons);
}

}  // namespace samebits::forge
