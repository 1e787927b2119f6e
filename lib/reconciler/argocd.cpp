#include "reconciler/argocd.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/text.hpp"
#include "core/try.hpp"
#include "reconciler/application_json.hpp"
#include "reconciler/argocd_error.hpp"
#include "reconciler/watch_stream.hpp"

namespace samebits {
namespace {

using argocd::answer_error;
using http::Flow;
using http::Method;
using http::Request;
using http::Response;
using http::Url;

/// How long a refresh is waited for; the answer comes when the controller has done it, and it may be stopped.
constexpr std::chrono::seconds refresh_patience{20};
/// Argo CD sends a comment every 15 s.
constexpr std::chrono::seconds stream_silence{50};
constexpr std::string_view read_right = "applications, get";
constexpr std::string_view sync_right = "applications, sync";
/// Where applications are that name no project.
constexpr std::string_view usual_project = "default";

class ArgoReconciler final : public Reconciler {
 public:
  ArgoReconciler(Url url, http::Http& http, Credentials& credentials, std::vector<std::string> insecure)
      : base_(std::move(url)), http_(http), credentials_(credentials), insecure_(std::move(insecure)) {}

  std::string location() const override { return base_.shown(); }

  Result<std::optional<ApplicationFacts>> application(Context& context, std::string_view name,
                                                      Refresh refresh) override {
    if (refresh != Refresh::none) {
      Context patience = context;
      const auto until = Context::Clock::now() + refresh_patience;
      if (!patience.deadline || until < *patience.deadline) patience.deadline = until;
      auto found = read(patience, name, refresh == Refresh::hard ? "hard" : "normal");
      if (found || found.error().code != ErrorCode::timed_out) return found;
      SB_CHECK(context.check());
    }
    return read(context, name, "");
  }

  Result<void> watch(Context& context, std::string_view name, const Take& take) override {
    Request request =
        request_for(Method::get, with_project(at("/api/v1/stream/applications").with_query("name", name), name));
    request.headers.set("Accept", "text/event-stream");
    request.stall = stream_silence;
    request.once = true;
    request.sink = argocd::by_events([&](const Json& result) { return take_event(result, name, take); },
                                     [request, name = std::string(name)](const Json& error) {
                                       return argocd::stream_error(request, error, read_right, name);
                                     });
    SB_TRY(const Response response, authorized(context, std::move(request), CredentialRequest::Use::read));
    if (response.status == 404) {
      take(std::nullopt);
      return {};
    }
    if (!response.ok()) return answer_error(request_for(Method::get, response.url), response, read_right, name);
    return {};
  }

  Result<void> request_sync(Context& context, std::string_view name, const SyncRequest& sync) override {
    SB_TRY(const auto found, read(context, name, ""));
    if (!found)
      return Error{.code = ErrorCode::application_missing,
                   .message = fmt::format("there is no application '{}'", printable(name)),
                   .hint = "check reconciler.application of samebits.yaml",
                   .remote = base_.authority()};
    Request request = request_for(Method::post, application_url(name, "/sync"));
    request.headers.set("Content-Type", "application/json");
    request.body = write_json(sync_body(*found, sync));
    const Request shown = request;
    SB_TRY(const Response response, authorized(context, std::move(request), CredentialRequest::Use::write));
    if (!response.ok()) return answer_error(shown, response, sync_right, name);
    return {};
  }

 private:
  Url at(std::string_view path) const {
    std::string_view prefix = base_.path();
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    return base_.with_target(std::string(prefix) + std::string(path));
  }

  Url application_url(std::string_view name, std::string_view below = "") const {
    return at(fmt::format("/api/v1/applications/{}{}", http::percent_encode(name), below));
  }

  /// With its project a missing application is told from one that we may not see.
  Url with_project(const Url& url, std::string_view name) const {
    const auto known = projects_.find(name);
    return known == projects_.end() ? url : url.with_query("project", known->second);
  }

  Request request_for(Method method, Url url) const {
    Request request{.method = method, .url = std::move(url), .headers = {{"Accept", "application/json"}}};
    request.max_body = argocd::max_event;
    // A login page in front is no answer.
    request.follow = false;
    request.insecure = insecure_;
    return request;
  }

  Result<std::optional<ApplicationFacts>> read(Context& context, std::string_view name, std::string_view refresh) {
    Url url = with_project(application_url(name), name);
    if (!refresh.empty()) url = url.with_query("refresh", refresh);
    Request request = request_for(Method::get, url);
    if (!refresh.empty()) request.stall = refresh_patience * 2;
    SB_TRY(const Response response, authorized(context, request, CredentialRequest::Use::read));
    if (response.status == 404) return std::optional<ApplicationFacts>();
    if (response.status == 403 && !projects_.contains(name))
      return missing_or_forbidden(context, name, request, response);
    if (!response.ok()) return answer_error(request, response, read_right, name);
    SB_TRY(auto facts, facts_of(response, name));
    add_window(context, facts);
    return std::optional(std::move(facts));
  }

  /// Without a project a missing application is answered like a forbidden one; with one it is not.
  Result<std::optional<ApplicationFacts>> missing_or_forbidden(Context& context, std::string_view name,
                                                               const Request& asked, const Response& refusal) {
    SB_TRY(const Response again,
           authorized(context, request_for(Method::get, application_url(name).with_query("project", usual_project)),
                      CredentialRequest::Use::read));
    if (again.status == 404) return std::optional<ApplicationFacts>();
    return answer_error(asked, refusal, read_right, name);
  }

  Result<ApplicationFacts> facts_of(const Response& response, std::string_view name) {
    auto json = parse_json(response.body, "the application", argocd::max_event);
    auto facts = json ? argocd::read_application(*json) : Result<ApplicationFacts>(json.error());
    if (facts && facts->name == name) {
      if (!facts->project.empty()) projects_.insert_or_assign(std::string(name), facts->project);
      return facts;
    }
    Error error{.code = ErrorCode::bad_answer,
                .message = facts ? fmt::format("the reconciler answers for '{}' with '{}'", printable(name),
                                               printable(facts->name))
                                 : facts.error().message,
                .hint = "check that reconciler.url is the address of Argo CD",
                .remote = base_.authority(),
                .http_status = response.status,
                .request_id = response.request_id()};
    return error;
  }

  /// Whether a sync window holds it, asked only where that can be the reason. Not to know it is no error.
  void add_window(Context& context, ApplicationFacts& facts) {
    blocked_.erase(facts.name);
    if (!may_be_blocked(facts)) return;
    Request request = request_for(Method::get, with_project(application_url(facts.name, "/syncwindows"), facts.name));
    request.once = true;
    const auto response = authorized(context, std::move(request), CredentialRequest::Use::read);
    if (!response || !response->ok()) return;
    const auto json = parse_json(response->body, "the sync windows", argocd::max_event);
    const Json* windows = json ? json->find("assignedWindows") : nullptr;
    const Json* can_sync = json ? json->find("canSync") : nullptr;
    const bool allowed = can_sync != nullptr && can_sync->boolean() != nullptr && *can_sync->boolean();
    facts.blocked = !argocd::items_of(windows).empty() && !allowed;
    if (facts.blocked) blocked_.insert(facts.name);
  }

  static bool may_be_blocked(const ApplicationFacts& facts) {
    if (facts.sync != SyncStatus::out_of_sync || !facts.automatic || facts.requested) return false;
    return !facts.operation || facts.operation->phase != OperationPhase::running;
  }

  Result<Flow> take_event(const Json& result, std::string_view name, const Take& take) {
    const Json* application = result.find("application");
    if (application == nullptr) return Flow::more;
    SB_TRY(auto facts, argocd::read_application(*application));
    if (facts.name != name) return Flow::more;
    // Events do not tell of windows.
    facts.blocked = blocked_.contains(facts.name) && may_be_blocked(facts);
    if (result.text("type") == "DELETED") return take(std::nullopt) ? Flow::more : Flow::stop;
    return take(std::move(facts)) ? Flow::more : Flow::stop;
  }

  static Json sync_body(const ApplicationFacts& facts, const SyncRequest& sync) {
    Json body;
    if (!facts.project.empty()) body.add("project", facts.project);
    if (facts.sources.size() <= 1) {
      if (!sync.revisions.empty()) body.add("revision", sync.revisions.front());
    } else {
      Json::Array revisions;
      Json::Array positions;
      for (std::size_t i = 0; i < sync.revisions.size(); ++i) {
        if (sync.revisions[i].empty()) continue;
        revisions.emplace_back(sync.revisions[i]);
        // Counted from 1. Numbers, though protobuf's JSON has 64-bit ones as texts: the server refuses those.
        positions.emplace_back(static_cast<std::int64_t>(i + 1));
      }
      body.add("revisions", std::move(revisions));
      body.add("sourcePositions", std::move(positions));
    }
    body.add("prune", false);
    body.add("dryRun", false);
    if (!sync.promotion_id.empty())
      body.add("infos", Json::Array{Json::Object{{"name", "Promotion-Id"}, {"value", sync.promotion_id}}});
    return body;
  }

  /// Sends with the token; one that is refused is asked for anew, once.
  Result<Response> authorized(Context& context, Request request, CredentialRequest::Use use) {
    std::optional<Response> refused;
    for (const bool refresh : {false, true}) {
      SB_TRY(const auto found,
             credentials_.find(context, {.url = base_.origin() + base_.target(), .use = use, .refresh = refresh}));
      const Secret token = !found ? Secret() : found->token.empty() ? found->password : found->token;
      const std::string value = "Bearer " + token.reveal();
      // The same once more cannot help.
      if (refresh && (token.empty() || request.headers.get("authorization") == value)) break;
      if (!token.empty()) {
        request.headers.set("Authorization", value, true);
        request.secrets.push_back(token.reveal());
      }
      auto answer = http_.send(context, request);
      if (!answer || answer->status != 401 || refresh) return answer;
      refused = *std::move(answer);
    }
    return *std::move(refused);
  }

  Url base_;
  http::Http& http_;
  Credentials& credentials_;
  std::vector<std::string> insecure_;
  /// By application.
  std::map<std::string, std::string, std::less<>> projects_;
  /// Applications that a sync window held when they were read.
  std::set<std::string, std::less<>> blocked_;
};

}  // namespace

std::unique_ptr<Reconciler> open_argocd_reconciler(http::Url url, http::Http& http, Credentials& credentials,
                                                   std::vector<std::string> insecure) {
  return std::make_unique<ArgoReconciler>(std::move(url), http, credentials, std::move(insecure));
}

}  // namespace samebits
