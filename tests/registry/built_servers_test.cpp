// The contract on registries that no Debian package has.
#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "contracts/registry_contract.hpp"
#include "servers/built_server.hpp"
#include "servers/gitea_server.hpp"
#include "servers/registry_server.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

NetworkOptions known_to(const std::string& origin, const std::string& username, const std::string& password) {
  return {.credentials = {{.target = origin, .credential = {.username = username, .password = Secret(password)}}}};
}

void run_contract(const std::string& repository, const NetworkOptions& options) {
  Network network(options);
  RegistryContract([&] { return open_registry(must(ImageRepo::parse(repository)), network); }).run();
}

void run_distribution(RegistryMode mode) {
  const TempFolder folder;
  const std::string program = built_server("distribution") / "registry";
  seed_registry(folder.path() / "data", folder.path() / "work", program);
  const RegistryServer server(mode, folder.path() / "data", folder.path() / "work", program);
  NetworkOptions options =
      known_to("http://" + server.authority(), RegistryServer::username, RegistryServer::password);
  if (mode == RegistryMode::tls) options = {.ca_file = server.ca()};
  run_contract(server.authority() + "/app", options);
}

}  // namespace

TEST_CASE("distribution 3 keeps the contract of a registry") { run_distribution(RegistryMode::open); }

TEST_CASE("distribution 3 with passwords keeps the contract of a registry") {
  run_distribution(RegistryMode::htpasswd);
}

TEST_CASE("distribution 3 with TLS keeps the contract of a registry") { run_distribution(RegistryMode::tls); }

TEST_CASE("distribution 3 with a token server keeps the contract of a registry") {
  run_distribution(RegistryMode::token);
}

TEST_CASE("Gitea's registry keeps the contract of a registry") {
  const TempFolder folder;
  const GiteaServer server(folder.path() / "gitea");
  const std::string repository = server.authority() + "/" + GiteaServer::user + "/app";
  seed_repository(repository, folder.path() / "work", std::string(GiteaServer::user) + ":" + server.token());
  run_contract(repository, known_to(server.url(), GiteaServer::user, server.token()));
}

TEST_CASE("Gitea gives a repository over HTTP, plain and with TLS") {
  const TempFolder folder;
  make_certificate(folder.path());
  for (const bool has_tls : {false, true}) {
    CAPTURE(has_tls);
    const auto work = folder.path() / (has_tls ? "tls" : "plain");
    const GiteaServer server =
        has_tls ? GiteaServer(work, folder.path() / "server.pem", folder.path() / "server.key") : GiteaServer(work);
    const std::string url = server.make_repository("gitops", true);
    CHECK(url == server.url() + "/bot/gitops.git");
    const std::string refused = server.api(http::Method::post, "/user/repos", R"({"name": "gitops"})").body;
    CHECK(refused.find("exist") != std::string::npos);
    CHECK(server.api(http::Method::get, "/repos/bot/gitops").status == 200);
  }
}
