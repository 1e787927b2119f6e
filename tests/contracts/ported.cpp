#define DOCTEST_CONFIG_IMPLEMENT
#include "contracts/ported.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "bridge/bridge.hpp"
#include "callback_port.hpp"
#include "contracts/application_json.hpp"
#include "contracts/changes_contract.hpp"
#include "contracts/clock_contract.hpp"
#include "contracts/credentials_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/gitops_contract.hpp"
#include "contracts/reconciler_contract.hpp"
#include "contracts/registry_contract.hpp"
#include "contracts/releases_contract.hpp"
#include "contracts/source_contract.hpp"
#include "json/credential_json.hpp"

namespace samebits::test {
namespace {

std::string port_name;
PortCall port_call;
/// Whether the port was asked anything: of a name that no suite has nothing is.
bool was_asked = false;

/// A question that only tests ask.
bridge::Answer ask(std::string_view operation, const Json& members = Json(Json::Object{}),
                   std::vector<std::string_view> inputs = {}) {
  Context context;
  was_asked = true;
  return must(bridge::Questions(port_name, "", port_call).ask(context, operation, members, std::move(inputs)));
}

TEST_CASE("gitops") {
  ask("test_reset");
  GitOpsContract([] { return bridge::make_gitops(port_call, "port:gitops", "main"); }).run();
}

TEST_CASE("source") {
  ask("test_reset");
  const auto commit = [](const std::string& branch, const std::optional<CommitId>& parent) {
    Json members;
    members.add("branch", branch);
    if (parent) members.add("parent", parent->str());
    return *must(ask("test_commit", members).value<CommitId>("commit"));
  };
  SourceContract({.open = [] { return bridge::make_source(port_call, "api", "port:source"); }, .commit = commit}).run();
}

std::string manifest_text(const std::string& name) {
  return R"({"schemaVersion": 2,  "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": )"
         R"({"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": )"
         R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}, "layers": [], )"
         R"("annotations": {"name": ")" +
         name + "\"}}\n";
}

TEST_CASE("registry") {
  ask("test_reset");
  const auto open = [] { return bridge::make_registry(port_call, "api", "port:registry"); };
  const auto put = [&](const std::string& bytes, const std::string& kind) {
    const Digest digest = sha256_digest(bytes);
    const std::string media_type = "application/vnd.oci.image." + kind + ".v1+json";
    ask("test_put", Json(Json::Object{{"mediaType", media_type}, {"digest", digest.str()}}), {bytes});
    return digest;
  };
  Context context;
  const auto tag = [&](const std::string& name, const Digest& digest) {
    must(open()->create_tag(context, name, digest));
  };
  tag("single", put(manifest_text("single"), "manifest"));
  for (const std::string name : {"main-1", "main-2"}) {
    std::string index =
        R"({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [)";
    for (const std::string architecture : {"amd64", "arm64"}) {
      const std::string bytes = manifest_text(name + architecture);
      index +=
          fmt::format(R"({}{{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "{}", )"
                      R"("size": {}, "platform": {{"os": "linux", "architecture": "{}"}}}})",
                      architecture == "amd64" ? "" : ", ", put(bytes, "manifest").str(), bytes.size(), architecture);
    }
    tag(name, put(index + "]}", "index"));
  }
  RegistryContract(open).run();
}

TEST_CASE("evidence") {
  ask("test_reset");
  EvidenceContract([] { return bridge::make_evidence(port_call, "api", "port:evidence"); }).run();
}

TEST_CASE("changes") {
  ask("test_reset");
  const std::string open_head(40, 'a');
  const std::string head(40, 'b');
  const std::string merge(40, 'c');
  const auto review = [&](const std::string& reviewer, const std::string& state) {
    return Json::Object{
        {"id", reviewer + "-1"}, {"reviewer", reviewer}, {"state", state}, {"commit", head}, {"mayDecide", true}};
  };
  const auto put = [](Json::Object change, Json::Array reviews) {
    change.insert(change.end(), {{"base", "main"}, {"author", "ada"}});
    ask("test_put", Json(Json::Object{{"change", std::move(change)}, {"reviews", std::move(reviews)}}));
  };
  put({{"number", 1}, {"state", "open"}, {"head", open_head}}, {});
  put({{"number", 2}, {"state", "merged"}, {"head", head}, {"mergeCommit", merge}},
      {review("linus", "approved"), review("ken", "changes_requested")});
  ChangesContract({.open = [] { return bridge::make_changes(port_call, "api", "port:changes"); },
                   .open_head = commit_id(open_head),
                   .merged_head = commit_id(head),
                   .merge = commit_id(merge),
                   .approver = "linus"})
      .run();
}

TEST_CASE("releases") {
  ask("test_reset");
  ReleasesContract({.open = [] { return bridge::make_releases(port_call, "api", "port:releases"); },
                    .commit = commit_id(std::string(40, 'a')),
                    .tag =
                        [](const std::string& name) {
                          ask("test_put", Json(Json::Object{{"tag", name}}));
                        }})
      .run();
}

TEST_CASE("reconciler") {
  ask("test_reset");
  const auto put = [](std::string_view operation) {
    return [operation](const ArgoApp& app) {
      ask(operation, Json(Json::Object{{"application", application_json(app)}}));
    };
  };
  ReconcilerContract({.open = [] { return bridge::make_reconciler(port_call, "port:reconciler"); },
                      .set = put("test_put"),
                      .set_on_refresh = put("test_refresh"),
                      .last_sync = [] { return must(ask("test_sync").text("sync")).value_or(""); }})
      .run();
}

TEST_CASE("clock") {
  ask("test_reset");
  const auto clock = bridge::make_clock(port_call);
  ClockContract(*clock).run();
}

TEST_CASE("credentials") {
  ask("test_reset");
  const auto put = [](const std::string& target, const Credential& credential) {
    Json answer;
    if (!credential.username.empty()) answer.add("username", credential.username);
    for (const auto& [name, member] : secret_members)
      if (const Secret& secret = credential.*member; !secret.empty()) answer.add(name, secret.reveal());
    ask("test_put", Json(Json::Object{{"for", target}, {"answer", std::move(answer)}}));
  };
  const auto lose = [](const std::string& target) { ask("test_lose", Json(Json::Object{{"for", target}})); };
  const auto open = [] { return credential_callback(bridge::make_credentials(port_call)); };
  CredentialsContract({.open = open, .put = put, .lose = lose}).run();
}

}  // namespace
}  // namespace samebits::test

int samebits_run_contract(const char* port, sb_port_fn call, void* userdata) {
  samebits::test::port_name = port;
  samebits::test::was_asked = false;
  samebits::test::port_call = samebits::capi::CallbackPort(call, samebits::capi::own(userdata, nullptr));
  doctest::Context context;
  context.setOption("test-case", port);
  context.setOption("no-version", true);
  const int outcome = context.run();
  samebits::test::port_call = {};
  return samebits::test::was_asked ? outcome : 1;
}
