#include <map>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/base64.hpp"
#include "git/transport.hpp"
#include "http/status_error.hpp"

namespace samebits::git {
namespace {

using http::Request;
using http::Response;
using Use = CredentialRequest::Use;

constexpr std::string_view upload = "git-upload-pack";
constexpr std::string_view receive = "git-receive-pack";
constexpr std::size_t max_report = std::size_t{16} << 20;

class HttpTransport final : public Transport {
 public:
  HttpTransport(http::Url base, http::Http& http, Credentials& credentials)
      : base_(std::move(base)), location_(base_.shown()), http_(http), credentials_(credentials) {}

  std::string location() const override { return location_; }

  Result<Answer> capabilities(Context& context) override {
    const auto make = [this] { return get(upload); };
    SB_TRY(auto answer, send(context, make, Use::read, fmt::format("application/x-{}-advertisement", upload)));
    return answer;
  }

  Result<Answer> upload_pack(Context& context, const std::string& command, std::size_t max_bytes) override {
    const auto make = [&] {
      Request request = post(upload, command);
      request.headers.add("Git-Protocol", "version=2");
      request.retry = http::RetryClass::safe;
      request.max_body = max_bytes;
      return request;
    };
    return send(context, make, Use::read, fmt::format("application/x-{}-result", upload));
  }

  Result<Answer> receive_pack(Context& context, const std::string& push) override {
    const auto make = [&] {
      Request request = post(receive, push);
      // A second one would be refused where the first was taken: then nobody could say whose the commit is.
      request.retry = http::RetryClass::create;
      request.max_body = max_report;
      return request;
    };
    return send(context, make, Use::write, fmt::format("application/x-{}-result", receive));
  }

 private:
  Request get(std::string_view service) const {
    Request request{.url = base_.with_target(fmt::format("{}/info/refs?service={}", path(), service))};
    request.headers.add("Git-Protocol", "version=2");
    return request;
  }

  Request post(std::string_view service, const std::string& body) const {
    return {.method = http::Method::post,
            .url = base_.with_target(fmt::format("{}/{}", path(), service)),
            .headers = {{.name = "Content-Type", .value = fmt::format("application/x-{}-request", service)},
                        {.name = "Accept", .value = fmt::format("application/x-{}-result", service)}},
            .body = body};
  }

  std::string path() const {
    std::string path(base_.path());
    while (!path.empty() && path.back() == '/') path.pop_back();
    return path;
  }

  template <class Make>
  Result<Answer> send(Context& context, const Make& make, Use use, const std::string& wanted_type) {
    bool renewed = false;
    bool moved = false;
    SB_CHECK(find_credential(context, use, false));
    while (true) {
      Request request = make();
      Answer answer;
      collect(request, answer);
      authorize(request, use);
      SB_TRY(const Response response, http_.send(context, request));
      if (response.status == 401 && !std::exchange(renewed, true)) {
        SB_TRY(const bool found, renew(context, use));
        if (found) continue;
      }
      if (is_redirect(response.status) && !request.is_get_or_head() && !std::exchange(moved, true)) {
        SB_CHECK(follow(context, use));
        continue;
      }
      if (!response.ok()) return http::status_error(request, response);
      if (response.media_type() != wanted_type) return no_git(request, response);
      return answer;
    }
  }

  static void collect(Request& request, Answer& answer) {
    request.sink = [&answer, max = request.max_body](std::string_view chunk) -> Result<http::Flow> {
      const std::size_t room = max - answer.body.size();
      answer.body += chunk.substr(0, room);
      answer.too_long = chunk.size() > room;
      return answer.too_long ? http::Flow::stop : http::Flow::more;
    };
  }

  static bool is_redirect(int status) { return status == 301 || status == 302 || status == 303; }

  /// A POST is not sent elsewhere by those: the GET of the same repository tells where it is now.
  Result<void> follow(Context& context, Use use) {
    Request request = get(upload);
    authorize(request, use);
    SB_TRY(const Response response, http_.send(context, request));
    if (!response.ok()) return http::status_error(request, response);
    const std::string_view path = split(response.url.target(), '?').front();
    constexpr std::string_view suffix = "/info/refs";
    if (!path.ends_with(suffix)) return no_git(request, response);
    const http::Url found = response.url.with_target(path.substr(0, path.size() - suffix.size()));
    if (found.origin() != base_.origin()) basic_.clear();
    base_ = found;
    context.note(LogLevel::info, fmt::format("{} is at {} now", location_, base_.shown()));
    return find_credential(context, use, false);
  }

  /// Asks once for each use, before the first request: being asked for it by the server would be one more.
  Result<void> find_credential(Context& context, Use use, bool refresh) {
    if (basic_.contains(use) && !refresh) return {};
    SB_TRY(const auto found, credentials_.find(context, {.url = base_.origin() + path(),
                                                         .use = use,
                                                         .refresh = refresh,
                                                         .username = base_.user(),
                                                         .is_git = true}));
    basic_[use] = found ? authorization_of(*found) : Secret();
    return {};
  }

  Secret authorization_of(const Credential& credential) const {
    if (!credential.password.empty()) return basic_authorization(credential.username, credential.password);
    if (credential.token.empty()) return {};
    // Forges take a token as the password of any name.
    return basic_authorization(base_.user().empty() ? "x-access-token" : base_.user(), credential.token);
  }

  /// False if there is nothing else to try.
  Result<bool> renew(Context& context, Use use) {
    const Secret before = basic_[use];
    SB_CHECK(find_credential(context, use, true));
    return !basic_[use].empty() && !(basic_[use] == before);
  }

  void authorize(Request& request, Use use) {
    const Secret& value = basic_[use];
    if (value.empty()) return;
    request.headers.set("Authorization", value.reveal(), true);
    request.secrets.push_back(value.reveal());
  }

  static Error no_git(const Request& request, const Response& response) {
    return Error{.code = ErrorCode::bad_answer,
                 .message = fmt::format("{} answers '{}', which is not Git's protocol", request.url.authority(),
                                        printable(response.media_type())),
                 .hint = "give the address that `git clone` takes over HTTP",
                 .remote = request.url.authority(),
                 .operation = request.shown(),
                 .http_status = response.status,
                 .request_id = response.request_id()};
  }

  http::Url base_;
  std::string location_;
  http::Http& http_;
  Credentials& credentials_;
  std::map<Use, Secret> basic_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_http_transport(std::string_view url, http::Http& http,
                                                       Credentials& credentials) {
  auto parsed = http::Url::parse(url);
  if (!parsed) {
    Error error = std::move(parsed).error();
    error.code = ErrorCode::bad_option;
    return error;
  }
  if (!parsed->query().empty())
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("the address of a Git repository has no query: {}", parsed->shown()),
                 .hint = "leave out what follows the '?'; credentials are given apart from the address",
                 .remote = parsed->shown()};
  return std::unique_ptr<Transport>(std::make_unique<HttpTransport>(*std::move(parsed), http, credentials));
}

}  // namespace samebits::git
