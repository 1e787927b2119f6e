#include "capi/registry_host.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "servers/registry_server.hpp"
#include "support/temp_folder.hpp"

namespace {

using samebits::test::RegistryMode;
using samebits::test::RegistryServer;

struct Host {
  explicit Host(RegistryMode mode) {
    samebits::test::seed_registry(folder.path() / "data", folder.path() / "work");
    server.emplace(mode, folder.path() / "data", folder.path() / "work");
    authority = server->authority();
    ca = server->ca();
  }

  samebits::test::TempFolder folder;
  std::optional<RegistryServer> server;
  std::string authority;
  std::string ca;
};

std::unique_ptr<Host> running;

}  // namespace

const char* registry_host_start(const char* mode) {
  try {
    running.reset();
    running = std::make_unique<Host>(std::string_view(mode) == "tls" ? RegistryMode::tls : RegistryMode::htpasswd);
    return running->authority.c_str();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "the registry does not run: %s\n", failure.what());
    return nullptr;
  }
}

const char* registry_host_ca(void) { return running->ca.c_str(); }

int registry_host_push(const char* layout, const char* tag, const char* repository) {
  try {
    samebits::test::run_command({"skopeo", "copy", "-q", "--all", "--dest-tls-verify=false", "--dest-creds",
                                 std::string(RegistryServer::username) + ":" + RegistryServer::password,
                                 std::string("oci:") + layout + ":" + tag,
                                 "docker://" + running->authority + "/" + repository + ":" + tag});
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "the image is not pushed: %s\n", failure.what());
    return 1;
  }
}

void registry_host_stop(void) { running.reset(); }
