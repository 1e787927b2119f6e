#define DOCTEST_CONFIG_IMPLEMENT
#include "contracts/ported.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "bridge/bridge.hpp"
#include "callback_port.hpp"
#include "contracts/clock_contract.hpp"
#include "contracts/credentials_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/gitops_contract.hpp"
#include "contracts/registry_contract.hpp"
#include "contracts/source_contract.hpp"
#include "json/credential_json.hpp"

namespace samebits::test {
namespace {

std::string port_name;
PortCall port_call;

/// A question that only tests ask.
bridge::Answer ask(std::string_view operation, const Json& members = Json(Json::Object{}),
                   std::vector<std::string_view> inputs = {}) {
  Context context;
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
  samebits::test::port_call = samebits::capi::CallbackPort(call, samebits::capi::own(userdata, nullptr));
  doctest::Context context;
  context.setOption("test-case", port);
  context.setOption("no-version", true);
  const int outcome = context.run();
  samebits::test::port_call = {};
  return outcome;
}
