#include <filesystem>

#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "contracts/registry_contract.hpp"
#include "servers/registry_double.hpp"
#include "servers/registry_server.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

ImageRepo repo(const std::string& text) { return must(ImageRepo::parse(text)); }

void seed_double(RegistryDouble& twin) {
  for (const std::string tag : {"main-1", "main-2"}) twin.put(std::string(oci_index_type), sample_index(tag), tag);
  twin.put(std::string(oci_manifest_type), sample_manifest("single"), "single");
}

NetworkOptions known_to(const std::string& authority, const std::string& username, const std::string& password) {
  return {.credentials = {
              {.target = "http://" + authority, .credential = {.username = username, .password = Secret(password)}}}};
}

/// Runs the contract against a real registry.
void run_against(RegistryMode mode) {
  const TempFolder folder;
  seed_registry(folder.path() / "data", folder.path() / "work");
  const RegistryServer server(mode, folder.path() / "data", folder.path() / "work");
  NetworkOptions options = known_to(server.authority(), RegistryServer::username, RegistryServer::password);
  if (mode == RegistryMode::tls) options = {.ca_file = server.ca()};
  Network network(options);
  RegistryContract([&] { return open_registry(repo(server.authority() + "/app"), network); }).run();
}

}  // namespace

TEST_CASE("an image layout keeps the contract of a registry") {
  const TempFolder folder;
  const std::string layout = folder.path() / "layout";
  for (const std::string tag : {"main-1", "main-2", "single"}) {
    std::vector<std::string> make = {"/usr/bin/python3", SAMEBITS_MAKE_IMAGE, layout, tag, "--content", tag};
    if (tag == "single") make.push_back("--single");
    run_command(make);
  }
  RegistryContract([&] { return open_image_layout(layout); }).run();
}

TEST_CASE("the double keeps the contract of a registry") {
  for (const auto auth : {RegistryDouble::Auth::none, RegistryDouble::Auth::basic, RegistryDouble::Auth::bearer}) {
    RegistryDouble twin(auth);
    seed_double(twin);
    Network network(known_to(twin.server().authority(), RegistryDouble::username, RegistryDouble::password));
    RegistryContract([&] { return open_registry(repo(twin.repository()), network); }).run();
  }
}

TEST_CASE("docker-registry keeps the contract of a registry") { run_against(RegistryMode::open); }

TEST_CASE("docker-registry with passwords keeps the contract of a registry") { run_against(RegistryMode::htpasswd); }

TEST_CASE("docker-registry with TLS keeps the contract of a registry") { run_against(RegistryMode::tls); }

TEST_CASE("docker-registry with a token server keeps the contract of a registry") { run_against(RegistryMode::token); }
