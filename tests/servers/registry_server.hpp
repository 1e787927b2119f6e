#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "servers/process.hpp"

namespace samebits::test {

/// How a real registry lets people in.
enum class RegistryMode { open, htpasswd, tls, token };

/// Debian's docker-registry (or another build of distribution) on loopback, at a free port.
class RegistryServer {
 public:
  /// `data` keeps its images; `work` holds its configuration, certificates and passwords. `program`: `docker-registry`,
  /// or distribution's `registry`.
  RegistryServer(RegistryMode mode, const std::filesystem::path& data, const std::filesystem::path& work,
                 const std::string& program = "docker-registry");

  int port() const noexcept { return port_; }
  /// `localhost:PORT`.
  std::string authority() const { return "localhost:" + std::to_string(port_); }
  /// PEM of the authority that signed its certificate.
  std::filesystem::path ca() const { return work_ / "ca.pem"; }

  static constexpr const char* username = "ci";
  static constexpr const char* password = "secret-0123";

 private:
  std::filesystem::path work_;
  std::unique_ptr<Process> token_server_;
  std::unique_ptr<Process> process_;
  int port_ = 0;
};

/// Fills `data` with the repository `app`; see seed_repository().
void seed_registry(const std::filesystem::path& data, const std::filesystem::path& work,
                   const std::string& program = "docker-registry");
/// Pushes to `host/path`: `main-1` is an index, `main-2` another one, `single` a manifest. `credentials`:
/// `USER:PASSWORD`.
void seed_repository(const std::string& repository, const std::filesystem::path& work,
                     const std::string& credentials = "");

/// Makes `ca.pem` and, signed by it, `server.pem` and `server.key` for localhost, 127.0.0.1 and 0.0.0.0, and
/// `client.pem` and `client.key`.
void make_certificate(const std::filesystem::path& folder);

}  // namespace samebits::test
