#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/http.hpp"
#include "servers/loopback_server.hpp"

namespace samebits::test {

/// Stands before a real server and hands each request on to it, one at a time, so that a test may come between, as it
/// may with a double.
class RelayServer {
 public:
  /// `target`: `http://host:port`.
  explicit RelayServer(std::string target);

  LoopbackServer& server() { return server_; }
  const LoopbackServer& server() const { return server_; }
  /// Called for every request; an answer of its own goes out instead, and the real server sees nothing of it.
  void answer_first(std::function<std::optional<Answer>(const Asked&)> function);

 private:
  Answer answer(const Asked& asked);

  std::string target_;
  std::unique_ptr<http::Http> http_;
  std::mutex mutex_;
  std::function<std::optional<Answer>(const Asked&)> before_;
  // Last: it begins to answer when it is made.
  LoopbackServer server_;
};

}  // namespace samebits::test
