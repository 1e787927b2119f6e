#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "contracts/registry_contract.hpp"
#include "servers/front_servers.hpp"
#include "servers/loopback_server.hpp"
#include "servers/registry_server.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::unique_ptr<Registry> open(const std::string& repository, Network& network) {
  return open_registry(must(ImageRepo::parse(repository)), network);
}

Error error_of(const std::string& repository, const NetworkOptions& options) {
  Network network(options);
  Context context;
  const auto found = open(repository, network)->resolve(context, "main-1");
  REQUIRE_FALSE(found.has_value());
  return found.error();
}

}  // namespace

TEST_CASE("a registry that wants a client certificate keeps the contract, and says what is missing") {
  const TempFolder folder;
  make_certificate(folder.path());
  seed_registry(folder.path() / "data", folder.path() / "work");
  const RegistryServer behind(RegistryMode::open, folder.path() / "data", folder.path() / "work");
  const ClientCertificateServer server(folder.path(), behind.port());
  const std::string repository = server.authority() + "/app";
  const NetworkOptions trusting{.ca_file = folder.path() / "ca.pem"};
  NetworkOptions known = trusting;
  known.client_certificate = folder.path() / "client.pem";
  known.client_key = folder.path() / "client.key";
  Network network(known);
  RegistryContract([&] { return open(repository, network); }).run();

  const Error anonymous = error_of(repository, trusting);
  CHECK(to_string(anonymous.code) == "unauthenticated");
  CHECK(anonymous.message.find("certificate") != std::string::npos);

  // Other servers end the connection instead of answering.
  const ServerTls strict{.certificate = folder.path() / "server.pem",
                         .key = folder.path() / "server.key",
                         .client_ca = folder.path() / "ca.pem"};
  const LoopbackServer silent([](const Asked&) { return Answer{.body = "{}"}; }, &strict);
  const Error ended = error_of(silent.authority() + "/app", trusting);
  CHECK(to_string(ended.code) == "unauthenticated");
  CHECK(ended.message.find("certificate") != std::string::npos);

  NetworkOptions unreadable = known;
  unreadable.client_key = folder.path() / "absent.key";
  CHECK(to_string(error_of(repository, unreadable).code) == "bad_config");
}

TEST_CASE("a certificate that nobody vouches for is refused, with the remedy") {
  const TempFolder folder;
  seed_registry(folder.path() / "data", folder.path() / "work");
  const RegistryServer server(RegistryMode::tls, folder.path() / "data", folder.path() / "work");
  const Error error = error_of(server.authority() + "/app", {});
  CHECK(to_string(error.code) == "bad_answer");
  CHECK(error.message.find("is not trusted") != std::string::npos);
  CHECK(error.hint.find("certificate authority") != std::string::npos);
  CHECK(error.remote == server.authority());
  CHECK(to_string(error_of(server.authority() + "/app", {.ca_file = folder.path() / "absent.pem"}).code) ==
        "bad_config");
}
