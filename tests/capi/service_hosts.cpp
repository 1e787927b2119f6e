// Its world uses what doctest checks with, and there is no test case here.
#define DOCTEST_CONFIG_IMPLEMENT
#include "capi/service_hosts.h"

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "forge/forge_world.hpp"
#include "servers/front_servers.hpp"
#include "servers/git_http_server.hpp"
#include "servers/registry_server.hpp"
#include "servers/ssh_server.hpp"

namespace samebits::test {
namespace {

struct Host {
  virtual ~Host() = default;
  std::map<std::string, std::string, std::less<>> facts = {};
};

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct ForgeHost final : Host {
  ForgeHost() {
    const std::string key = folder.path() / "key.pem";
    run_command({"openssl", "genrsa", "-out", key, "2048"});
    facts = {{"gitops", world.options().gitops},
             {"repository", world.forge.url()},
             {"commit", world.second},
             {"app", std::to_string(GithubDouble::own_app)},
             {"key", text_of_file(key)}};
  }
  TempFolder folder;
  ForgeWorld world;
};

struct CertificateHost final : Host {
  CertificateHost() {
    const auto place = folder.path();
    make_certificate(place);
    seed_registry(place / "data", place / "work");
    behind = std::make_unique<RegistryServer>(RegistryMode::open, place / "data", place / "work");
    server = std::make_unique<ClientCertificateServer>(place, behind->port());
    facts = {{"ref", server->authority() + "/app:main-1"},
             {"ca", place / "ca.pem"},
             {"certificate", place / "client.pem"},
             {"client-key", place / "client.key"}};
  }
  TempFolder folder;
  std::unique_ptr<RegistryServer> behind;
  std::unique_ptr<ClientCertificateServer> server;
};

struct GitHost final : Host {
  explicit GitHost(const std::string& folder) : http(folder) {
    Json::Array command;
    for (const std::string& word : ssh.command(SshServer::Mode::open)) command.emplace_back(word);
    std::string url = http.url("auth", "");
    url.pop_back();
    facts = {{"ssh", write_json(command)}, {"http", url}, {"username", "ada"}, {"password", "secret-of-ada"}};
  }
  SshServer ssh;
  GitHttpServer http;
};

std::unique_ptr<Host> make_host(std::string_view kind, const char* folder) {
  if (kind == "forge") return std::make_unique<ForgeHost>();
  if (kind == "certificate") return std::make_unique<CertificateHost>();
  if (kind == "git") return std::make_unique<GitHost>(folder);
  throw std::runtime_error("there is no such service");
}

std::unique_ptr<Host> running;

}  // namespace
}  // namespace samebits::test

int service_host_start(const char* kind, const char* folder) {
  using namespace samebits::test;
  try {
    running.reset();
    running = make_host(kind, folder);
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "the service '%s' does not run: %s\n", kind, failure.what());
    return 1;
  }
}

const char* service_host_fact(const char* name) {
  const auto& facts = samebits::test::running->facts;
  const auto found = facts.find(name);
  return found == facts.end() ? nullptr : found->second.c_str();
}

void service_host_stop(void) { samebits::test::running.reset(); }
