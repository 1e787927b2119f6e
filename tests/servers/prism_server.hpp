#pragma once

#include <filesystem>
#include <string>

#include "servers/process.hpp"

namespace samebits::test {

/// Prism on loopback, before GitHub's double: each request and each answer is held against GitHub's own description of
/// its API. What breaks it is answered with 422 (a request) or 500 (an answer), and says where. Only for programs that
/// samebits_built_server_test() makes with `prism`.
class PrismServer {
 public:
  /// `target`: `http://host:port`.
  explicit PrismServer(const std::string& target);

  /// `http://127.0.0.1:PORT`.
  const std::string& origin() const noexcept { return origin_; }

 private:
  Process process_;
  std::string origin_;
};

}  // namespace samebits::test
