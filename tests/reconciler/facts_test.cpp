#include <fmt/format.h>

#include "json/json.hpp"
#include "reconciler/application_json.hpp"
#include "reconciler/watch_stream.hpp"
#include "servers/argocd_double.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::argocd;
using namespace samebits::test;
using http::Flow;

namespace {

ApplicationFacts facts_of(const std::string& text) {
  return must(read_application(must(parse_json(text, "the application"))));
}

Error fail_event(const Json& error) { return {.code = ErrorCode::server_error, .message = error.text("message")}; }

}  // namespace

TEST_CASE("an application of two sources has its revisions in their order") {
  ArgoApp app{.two_sources = true, .compared = std::string(40, 'b'), .operation_revision = std::string(40, 'a')};
  const ApplicationFacts facts = facts_of(app.json());
  REQUIRE(facts.sources.size() == 2);
  CHECK(facts.sources[0].value_files.front() == "$values/values/preprod/api.yaml");
  CHECK(facts.sources[1].ref == "values");
  CHECK(facts.compared == std::vector{std::string(40, '1'), std::string(40, 'b')});
  CHECK(facts.operation->revisions[1] == std::string(40, 'a'));
}

TEST_CASE("while a sync runs its revisions are those that were asked for") {
  const ArgoApp app{
      .compared = std::string(40, 'b'), .phase = "Running", .operation_revision = std::string(40, 'b'), .retries = 2};
  const ApplicationFacts facts = facts_of(app.json());
  CHECK(facts.operation->phase == OperationPhase::running);
  CHECK(facts.operation->revisions == std::vector{std::string(40, 'b')});
  CHECK(facts.operation->retries == 2);
  CHECK_FALSE(facts.operation->finished);
}

TEST_CASE("a hook and a wave are named") {
  ArgoApp app{.compared = std::string(40, 'b'), .phase = "Running"};
  app.more_result = R"(,"resources":[{"kind":"Job","name":"migrate","hookType":"PreSync","hookPhase":"Running"}])";
  CHECK(facts_of(app.json()).operation->step == "PreSync hook migrate");
  app.more_result.clear();
  app.more_status = R"(,"resources":[{"kind":"Deployment","name":"api","status":"OutOfSync","syncWave":2},)"
                    R"({"kind":"Service","name":"api","status":"Synced","syncWave":1}])";
  CHECK(facts_of(app.json()).operation->step == "wave 2");
}

TEST_CASE("what failed comes before what is not healthy") {
  ArgoApp app{.compared = std::string(40, 'b'), .phase = "Failed"};
  app.more_result = R"(,"resources":[{"kind":"Service","name":"api","status":"Synced"},)"
                    R"({"kind":"Deployment","name":"api","status":"SyncFailed","message":"image: Required value"}])";
  app.more_status = R"(,"resources":[{"kind":"ReplicaSet","name":"r","health":{"status":"Progressing"}},)"
                    R"({"kind":"Pod","name":"p","health":{"status":"Degraded","message":"back-off"}},)"
                    R"({"kind":"Service","name":"api","health":{"status":"Healthy"}}])";
  const std::vector<ResourceFact> wanted = {
      {.kind = "Deployment", .name = "api", .status = "SyncFailed", .message = "image: Required value"},
      {.kind = "Pod", .name = "p", .status = "Degraded", .message = "back-off"},
      {.kind = "ReplicaSet", .name = "r", .status = "Progressing"}};
  CHECK(facts_of(app.json()).failing == wanted);
}

TEST_CASE("automatic is what says so and is not switched off") {
  const auto automatic = [](const std::string& policy) {
    return facts_of(R"({"metadata":{"name":"a"},"spec":{"syncPolicy":)" + policy + "}}").automatic;
  };
  CHECK(automatic(R"({"automated":{}})"));
  CHECK(automatic(R"({"automated":{"enabled":true}})"));
  CHECK_FALSE(automatic(R"({"automated":{"enabled":false}})"));
  CHECK_FALSE(automatic(R"({"automated":null})"));
  CHECK_FALSE(automatic("{}"));
}

TEST_CASE("what is no application is a bad answer, and members of another type say nothing") {
  for (const std::string text :
       {"{}", "[]", "null", R"({"metadata":{"name":"a"}})", R"({"metadata":{},"spec":{}})", R"({"items":[]})"})
    CHECK(code_of(read_application(must(parse_json(text, "")))) == "bad_answer");
  const ApplicationFacts facts = facts_of(
      R"({"metadata":{"name":"a","annotations":3},"spec":{"sources":{},"syncPolicy":[]},"status":{"sync":7,)"
      R"("health":[],"summary":{"images":[1,null]},"conditions":{},"operationState":{"phase":"Odd","retryCount":"x"}}})");
  CHECK(facts.sync == SyncStatus::unknown);
  CHECK(facts.health == HealthStatus::unknown);
  CHECK(facts.images.empty());
  CHECK(facts.operation->phase == OperationPhase::error);
}

TEST_CASE("of an answer only so much is kept") {
  ArgoApp app{.compared = std::string(40, 'b')};
  for (int i = 0; i < 5000; ++i) app.images.push_back(fmt::format("ghcr.io/acme/api:main-{}", i));
  for (int i = 0; i < 500; ++i) app.conditions.emplace_back("ComparisonError", std::string(5000, 'x'));
  const ApplicationFacts facts = facts_of(app.json());
  CHECK(facts.images.size() == 200);
  CHECK(facts.conditions.size() == 20);
  CHECK(facts.conditions.front().message.size() <= 510);
}

TEST_CASE("a long message keeps its end, where the reason is") {
  ArgoApp app{.compared = std::string(40, 'b')};
  app.conditions.emplace_back("ComparisonError", "failed to generate manifest: `helm template" +
                                                     std::string(5000, 'x') + "`: no \xC3\xBC in the values");
  const std::string message = facts_of(app.json()).conditions.front().message;
  CHECK(message.starts_with("failed to generate manifest: `helm template"));
  CHECK(message.ends_with("`: no \xC3\xBC in the values"));
  CHECK(message.size() <= 510);
  // Wherever it is cut, no half of a character is left.
  app.conditions = {{"ComparisonError", ""}};
  for (int i = 0; i < 2000; ++i) app.conditions.front().second += "\xC3\xBC";
  CHECK(facts_of(app.json()).conditions.front().message.find('?') == std::string::npos);
}

TEST_CASE("a message cannot move a terminal") {
  ArgoApp app{.compared = std::string(40, 'b'), .conditions = {{"ComparisonError", "a\x1b[2Jb\nc"}}};
  CHECK(facts_of(app.json()).conditions.front().message == "a?[2Jb?c");
}

TEST_CASE("events come from plain lines and from server-sent events, in any pieces") {
  const std::string plain = "{\"result\":{\"type\":\"ADDED\"}}\n\n{\"result\":{\"type\":\"MODIFIED\"}}\n";
  const std::string sent =
      ":\n\nevent: x\nid: 7\nretry: 1\ndata: {\"result\":{\"type\":\"ADDED\"}} \r\n\r\n:\ndata:{\"result\":{\"type\":"
      "\"MODIFIED\"}}\n\n";
  for (const std::string& text : {plain, sent})
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
      std::vector<std::string> types;
      const auto sink = by_events(
          [&](const Json& result) -> Result<Flow> {
            types.push_back(result.text("type"));
            return Flow::more;
          },
          fail_event);
      for (std::size_t at = 0; at < text.size(); at += piece) must(sink(std::string_view(text).substr(at, piece)));
      CHECK(types == std::vector<std::string>{"ADDED", "MODIFIED"});
    }
}

TEST_CASE("a stream ends with an error of its own, with what is no JSON, and with what is too long") {
  const auto take = [](const Json&) -> Result<Flow> { return Flow::more; };
  CHECK(code_of(by_events(take, fail_event)("{\"error\":{\"grpc_code\":14,\"message\":\"upstream\"}}\n")) ==
        "server_error");
  CHECK(code_of(by_events(take, fail_event)("<html>\n")) == "bad_answer");
  CHECK(code_of(by_events(take, fail_event)(std::string(max_event + 1, 'x'))) == "bad_answer");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += '[';
  CHECK(code_of(by_events(take, fail_event)(deep + "\n")) == "bad_answer");
}
