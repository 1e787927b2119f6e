#define DOCTEST_CONFIG_IMPLEMENT
#include "contracts/ported.h"

#include <string>

#include <doctest/doctest.h>

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

TEST_CASE("registry") {
  ask("test_reset");
  const auto put = [](const std::string& bytes, const std::string& media_type) {
    ask("test_put", Json(Json::Object{{"mediaType", media_type}, {"digest", sha256_digest(bytes).str()}}), {bytes});
  };
  RegistryContract({.open = [] { return bridge::make_registry(port_call, "api", "port:registry"); }, .put = put}).run();
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
