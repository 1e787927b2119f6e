#include <fmt/format.h>

#include <samebits/client.hpp>

#include "servers/argocd_double.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

constexpr const char* name = "api-preprod";

ArgoApp app() {
  return {.compared = std::string(40, 'a'),
          .images = {"ghcr.io/acme/api:main-1"},
          .operation_revision = std::string(40, 'a')};
}

NetworkOptions with_token(const ArgoDouble& twin, const std::string& token) {
  return {.credentials = {{.target = twin.url(), .credential = {.token = Secret(token)}}}};
}

/// The error of one reading that the server answers so.
Error error_of(const Answer& answer) {
  ArgoDouble twin;
  twin.set(app());
  twin.before = [&](const Asked&) { return answer; };
  Network network;
  // Too short for another try.
  Context context{.deadline = Context::Clock::now() + std::chrono::milliseconds(900)};
  const auto found = must(open_argocd(twin.url(), network))->application(context, name, Refresh::none);
  REQUIRE_FALSE(found);
  return found.error();
}

}  // namespace

TEST_CASE("the token is sent, and a missing or wrong one is said to be") {
  ArgoDouble twin;
  twin.token = "right-0123456789";
  twin.set(app());
  Context context;
  Network good(with_token(twin, twin.token));
  CHECK(must(must(open_argocd(twin.url(), good))->application(context, name, Refresh::none)));
  Network bad(with_token(twin, "wrong-0123456789"));
  Network none;
  for (Network* network : {&bad, &none}) {
    const auto found = must(open_argocd(twin.url(), *network))->application(context, name, Refresh::none);
    CHECK(code_of(found) == "unauthenticated");
    CHECK(text_of(found.error()).find("wrong-0123456789") == std::string::npos);
  }
}

TEST_CASE("a token that ended is asked for anew, once") {
  ArgoDouble twin;
  twin.token = "first-0123456789";
  twin.set(app());
  int refreshed = 0;
  Network network({.credential_callback = [&](Context&, const CredentialRequest& request) {
    refreshed += request.refresh ? 1 : 0;
    return std::optional(Credential{.token = Secret(refreshed > 0 ? "second-123456789" : "first-0123456789")});
  }});
  const auto reconciler = must(open_argocd(twin.url(), network));
  Context context;
  CHECK(must(reconciler->application(context, name, Refresh::none)));
  CHECK(refreshed == 0);
  twin.token = "second-123456789";
  CHECK(must(reconciler->application(context, name, Refresh::none)));
  CHECK(refreshed == 1);
}

TEST_CASE("403 is a missing application where the project says so, else a missing right") {
  ArgoDouble twin;
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  CHECK_FALSE(must(reconciler->application(context, "absent", Refresh::none)));
  ArgoApp forbidden = app();
  forbidden.project = "forbidden";
  twin.set(forbidden);
  const auto refused = reconciler->application(context, name, Refresh::none);
  CHECK(code_of(refused) == "permission_missing");
  CHECK(refused.error().hint.find("applications, get") != std::string::npos);
  CHECK(refused.error().hint.find(name) != std::string::npos);
}

TEST_CASE("an application that goes while its project is known is nothing") {
  ArgoDouble twin;
  twin.set(app());
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  CHECK(must(reconciler->application(context, name, Refresh::none)));
  twin.remove(name);
  twin.server().forget();
  CHECK_FALSE(must(reconciler->application(context, name, Refresh::none)));
  CHECK(twin.server().lines() == std::vector<std::string>{"GET /api/v1/applications/api-preprod?project=default"});
}

TEST_CASE("every failure has its code") {
  struct Row {
    Answer answer;
    std::string code;
  };
  for (const Row& row :
       {Row{argo_error(500, 13, "internal"), "server_error"}, Row{argo_error(503, 14, "unavailable"), "server_error"},
        Row{argo_error(429, 8, "slow down"), "rate_limited"},
        Row{argo_error(401, 16, "no session information"), "unauthenticated"},
        Row{{.status = 302, .fields = {{"Location", "https://sso.example.com/login"}}}, "unauthenticated"},
        Row{{.status = 200, .body = "<html>login</html>"}, "bad_answer"},
        Row{{.status = 200, .body = "{}"}, "bad_answer"},
        Row{{.status = 200, .body = "{\"metadata\":{\"name\":\"other\"},\"spec\":{}}"}, "bad_answer"},
        Row{{.status = 200, .body = std::string(std::size_t{5} << 20, ' ')}, "bad_answer"}}) {
    CAPTURE(row.answer.status);
    CAPTURE(row.answer.body.substr(0, 80));
    CHECK(to_string(error_of(row.answer).code) == row.code);
  }
}

TEST_CASE("what a sync is refused for is told apart") {
  ArgoDouble twin;
  twin.set(app());
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  const auto refused_by = [&](const Answer& answer) {
    twin.before = [&](const Asked& asked) { return asked.method == "POST" ? std::optional(answer) : std::nullopt; };
    const auto asked = reconciler->request_sync(context, name, {.revisions = {std::string(40, 'b')}});
    return code_of(asked) +
           (asked || asked.error().hint.find("applications, sync") == std::string::npos ? "" : " sync");
  };
  CHECK(refused_by(argo_error(400, 9, "another operation is already in progress")) == "lost_race");
  CHECK(refused_by(argo_error(403, 7, "cannot sync: blocked by sync window")) == "refused_by_server");
  CHECK(refused_by(argo_error(400, 9, "auto-sync currently set to HEAD")) == "refused_by_server");
  CHECK(refused_by(argo_error(403, 7, "permission denied")) == "permission_missing sync");
  CHECK(refused_by(argo_error(409, 10, "conflict")) == "lost_race");
}

TEST_CASE("a sync names all revisions, by position where there are several sources") {
  ArgoDouble twin;
  ArgoApp two = app();
  two.two_sources = true;
  twin.set(two);
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  must(reconciler->request_sync(context, name, {.revisions = {"1", "2"}, .promotion_id = "id"}));
  CHECK(twin.last_sync() ==
        R"({"project":"default","revisions":["1","2"],"sourcePositions":[1,2],"prune":false,"dryRun":false,)"
        R"("infos":[{"name":"Promotion-Id","value":"id"}]})");
  twin.set(app());
  must(reconciler->request_sync(context, name, {.revisions = {"2"}}));
  CHECK(twin.last_sync() == R"({"project":"default","revision":"2","prune":false,"dryRun":false})");
}

TEST_CASE("a sync window is seen where it can be the reason") {
  ArgoDouble twin;
  ArgoApp held = app();
  twin.window = true;
  twin.set(held);
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  CHECK_FALSE(must(reconciler->application(context, name, Refresh::none))->blocked);
  CHECK(twin.count("GET /api/v1/applications/api-preprod/syncwindows") == 0);
  held.sync = "OutOfSync";
  twin.set(held);
  CHECK(must(reconciler->application(context, name, Refresh::none))->blocked);
  twin.window = false;
  CHECK_FALSE(must(reconciler->application(context, name, Refresh::none))->blocked);
}

TEST_CASE("a watch gives every event, repeated and late ones too, until the stream drops") {
  ArgoDouble twin;
  twin.set(app());
  twin.events_per_stream = 4;
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  std::vector<std::string> seen;
  must(reconciler->watch(context, name, [&](const std::optional<ApplicationFacts>& facts) {
    seen.push_back(facts ? facts->compared.front().substr(0, 1) : "gone");
    ArgoApp next = app();
    if (seen.size() == 1) {
      next.compared = std::string(40, 'b');
      twin.set(next);
      twin.tell(next);
      twin.tell(app());
    }
    return true;
  }));
  CHECK(seen == std::vector<std::string>{"a", "b", "b", "a"});
}

TEST_CASE("a watch says that the application went, and what ends it") {
  ArgoDouble twin;
  twin.set(app());
  Network network;
  Context context;
  const auto reconciler = must(open_argocd(twin.url(), network));
  std::vector<bool> seen;
  must(reconciler->watch(context, name, [&](const std::optional<ApplicationFacts>& facts) {
    seen.push_back(facts.has_value());
    if (facts) twin.remove(name);
    return facts.has_value();
  }));
  CHECK(seen == std::vector<bool>{true, false});
  const auto watch_that_says = [&](const std::string& body) {
    twin.before = [body](const Asked&) { return Answer{.body = body}; };
    return code_of(reconciler->watch(context, name, [](const auto&) { return true; }));
  };
  CHECK(watch_that_says("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"upstream\"}}\n") ==
        "server_error");
  CHECK(watch_that_says("{\"error\":{\"grpc_code\":16,\"http_code\":401,\"message\":\"expired\"}}\n") ==
        "unauthenticated");
  CHECK(watch_that_says("{\"error\":{\"grpc_code\":7,\"message\":\"permission denied\"}}\n") == "permission_missing");
  CHECK(watch_that_says("{\"result\":{\"application\":{}}}\n") == "bad_answer");
  CHECK(watch_that_says("not json\n") == "bad_answer");
}

TEST_CASE("plain HTTP goes to loopback and to listed hosts alone, and the address must be one") {
  Network network;
  Context context;
  const auto reconciler = must(open_argocd("http://argocd.example.com", network));
  CHECK(code_of(reconciler->application(context, name, Refresh::none)) == "bad_config");
  CHECK(code_of(open_argocd("argocd.example.com", network)) == "bad_config");
}

TEST_CASE("the API may lie below a path") {
  ArgoDouble twin;
  twin.before = [](const Asked& asked) {
    CHECK(asked.target == "/cd/api/v1/applications/api-preprod");
    return Answer{.body = app().json()};
  };
  Network network;
  Context context;
  CHECK(must(must(open_argocd(twin.url() + "/cd/", network))->application(context, name, Refresh::none)));
}
