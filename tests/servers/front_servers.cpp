#include "servers/front_servers.hpp"

namespace samebits::test {
namespace {

std::vector<std::string> proxy_command(const std::filesystem::path& folder, const std::string& user) {
  std::vector<std::string> command = {"/usr/bin/python3", SAMEBITS_SERVERS "/tinyproxy.py", folder};
  if (!user.empty()) command.insert(command.end(), {user, ProxyServer::password});
  return command;
}

}  // namespace

ClientCertificateServer::ClientCertificateServer(const std::filesystem::path& folder, int port_behind)
    : process_({"/usr/bin/python3", SAMEBITS_SERVERS "/nginx.py", folder, std::to_string(port_behind)}, "port ") {}

ProxyServer::ProxyServer(const std::filesystem::path& folder, const std::string& user)
    : process_(proxy_command(folder, user), "ccepting connections") {}

}  // namespace samebits::test
