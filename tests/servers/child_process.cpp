#include "servers/child_process.hpp"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace samebits::test {
namespace {

constexpr int backlog = 512;
/// Descriptors are moved out of each other's way first.
constexpr int first_free = 100;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

void listen_or_throw(int descriptor, const sockaddr* address, socklen_t size) {
  if (descriptor < 0 || ::bind(descriptor, address, size) != 0 || ::listen(descriptor, backlog) != 0)
    throw std::runtime_error("no socket to listen on");
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> command, std::vector<std::string> environment,
                           std::vector<std::pair<int, int>> descriptors) {
  const std::vector<char*> arguments = pointers(command);
  const std::vector<char*> variables = pointers(environment);
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("no process");
  if (id_ > 0) {
    ::setpgid(id_, id_);
    return;
  }
  ::setpgid(0, 0);
  // Not even a killed test leaves it behind.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (auto& [ours, theirs] : descriptors) ours = ::fcntl(ours, F_DUPFD_CLOEXEC, first_free);
  for (const auto& [ours, theirs] : descriptors) ::dup2(ours, theirs);
  ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
  ::execve(arguments.front(), arguments.data(), variables.data());
  ::_exit(127);
}

ChildProcess::~ChildProcess() {
  if (id_ < 0) return;
  ::kill(-id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

ListeningSocket ListeningSocket::on_loopback() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listen_or_throw(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return {descriptor, ntohs(address.sin_port)};
}

ListeningSocket ListeningSocket::on_path(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  listen_or_throw(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return {descriptor, 0};
}

ListeningSocket::~ListeningSocket() {
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace samebits::test
