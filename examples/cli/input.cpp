#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

/// Closes what it opened.
class Opened {
 public:
  explicit Opened(const std::string& file)
      : owns_(file != "-"), number_(owns_ ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (owns_ && number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }

 private:
  bool owns_;
  int number_;
};

/// While it lives, SIGINT and SIGTERM come only where `ppoll` waits: none is missed between a look and a wait.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  /// Waits until there is something to read, or a signal comes.
  void wait_for(int number) const {
    pollfd waited{.fd = number, .events = POLLIN, .revents = 0};
    ::ppoll(&waited, 1, nullptr, &before_);
  }

 private:
  sigset_t before_{};
};

Error unreadable(const std::string& file, int reason) {
  return {.code = ErrorCode::file_missing,
          .message = std::string("the file cannot be read: ") + std::strerror(reason),
          .hint = "check the path",
          .where = {.file = file == "-" ? "standard input" : file}};
}

}  // namespace

Result<std::string> read_input(const std::string& file) {
  const Opened opened(file);
  if (opened.number() < 0) return unreadable(file, errno);
  const HeldSignals held;
  std::string bytes;
  char part[65536];
  while (true) {
    if (!cancel_token().fired()) held.wait_for(opened.number());
    if (cancel_token().fired())
      return Error{.code = ErrorCode::cancelled, .message = "cancelled while the input was read"};
    const ssize_t count = ::read(opened.number(), part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(file, errno);
    if (count == 0) return bytes;
    bytes.append(part, static_cast<std::size_t>(count));
  }
}

}  // namespace samebits::cli
