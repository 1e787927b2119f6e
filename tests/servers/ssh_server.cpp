#include "servers/ssh_server.hpp"

#include <fstream>
#include <unistd.h>

#include "servers/process.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string line_of(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

void make_key(const fs::path& path) {
  run_command({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path});
}

}  // namespace

SshServer::SshServer() {
  const fs::path place = folder_.path();
  for (const char* name : {"host", "user", "stranger"}) make_key(place / name);
  if (::geteuid() == 0) fs::create_directories("/run/sshd");
  const std::string forced = "restrict,command=\"git-shell -c \\\"$SSH_ORIGINAL_COMMAND\\\"\" ";
  write(place / "open.keys", forced + line_of(place / "user.pub") + "\n");
  write(place / "known", "git " + line_of(place / "host.pub") + "\n");
  const std::string server = "HostKey " + (place / "host").string() + "\nUsePAM no\nStrictModes no\nPidFile none\n" +
                             "PasswordAuthentication no\nAuthorizedKeysFile " + (place / "open.keys").string() + "\n";
  write(place / "open.sshd", server + "AcceptEnv GIT_PROTOCOL\n");
  write(place / "old.sshd", server);
  const auto client = [&](const std::string& name, const std::string& key, const std::string& reaches) {
    write(place / (name + ".ssh"), "Host git\n  ProxyCommand " + reaches + "\n  IdentityFile " +
                                       (place / key).string() + "\n  IdentitiesOnly yes\n  UserKnownHostsFile " +
                                       (place / "known").string() + "\n  GlobalKnownHostsFile none\n");
  };
  client("open", "user", "/usr/sbin/sshd -i -f " + (place / "open.sshd").string());
  client("old", "user", "/usr/sbin/sshd -i -f " + (place / "old.sshd").string());
  client("foreign", "stranger", "/usr/sbin/sshd -i -f " + (place / "open.sshd").string());
  client("dead", "user", "/bin/false");
}

std::vector<std::string> SshServer::command(Mode mode) const {
  constexpr const char* names[] = {"open", "old", "foreign", "dead"};
  return {"ssh", "-F", folder_.path() / (std::string(names[static_cast<int>(mode)]) + ".ssh")};
}

}  // namespace samebits::test
