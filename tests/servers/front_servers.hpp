#pragma once

#include <filesystem>
#include <string>

#include "servers/process.hpp"

namespace samebits::test {

/// nginx on loopback that speaks TLS for a server without it, and wants a client certificate.
class ClientCertificateServer {
 public:
  /// `folder` has what make_certificate() makes.
  ClientCertificateServer(const std::filesystem::path& folder, int port_behind);
  /// `localhost:PORT`.
  std::string authority() const { return "localhost:" + process_.line_of("port ").substr(5); }

 private:
  Process process_;
};

/// tinyproxy on loopback. Where `user` is given, it wants that and the password.
class ProxyServer {
 public:
  static constexpr const char* password = "proxy-0123";
  explicit ProxyServer(const std::filesystem::path& folder, const std::string& user = "");
  /// `127.0.0.1:PORT`.
  std::string authority() const { return "127.0.0.1:" + process_.line_of("port ").substr(5); }

 private:
  Process process_;
};

}  // namespace samebits::test
