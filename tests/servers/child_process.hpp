#pragma once

#include <string>
#include <utility>
#include <vector>

namespace samebits::test {

/// A program that runs until the object goes; it and its children are killed then.
class ChildProcess {
 public:
  /// `descriptors`: pairs of ours and what it is there. Its standard error goes nowhere.
  ChildProcess(std::vector<std::string> command, std::vector<std::string> environment,
               std::vector<std::pair<int, int>> descriptors);
  ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ~ChildProcess();

 private:
  int id_ = -1;
};

/// A socket that listens already, so that nobody need wait for the server that gets it.
struct ListeningSocket {
  /// On 127.0.0.1, at a free port.
  static ListeningSocket on_loopback();
  static ListeningSocket on_path(const std::string& path);
  ListeningSocket(ListeningSocket&& other) noexcept
      : descriptor(std::exchange(other.descriptor, -1)), port(other.port) {}
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  int descriptor = -1;
  int port = 0;

 private:
  ListeningSocket(int opened, int at) : descriptor(opened), port(at) {}
};

}  // namespace samebits::test
