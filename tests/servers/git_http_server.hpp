#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace samebits::test {

/// Git's own `git http-backend` behind nginx, on 127.0.0.1 at a free port, over the repositories of a folder. Which
/// server it is like stands first in the path:
/// ```
/// open      all filters; pushes are taken from everyone
/// plain     only the filters `blob:none` and `tree:0`, as GitHub
/// bare      no filters
/// strict    like open, and checks what is pushed (fsck)
/// readonly  no pushes
/// auth      like open, behind Basic: ada, secret-of-ada
/// old       does not get the header Git-Protocol
/// moved     302 to open
/// nothing   404
/// ```
class GitHttpServer {
 public:
  explicit GitHttpServer(const std::filesystem::path& repositories, bool tls = false);
  ~GitHttpServer();

  int port() const;
  /// `http://localhost:PORT/LIKE/NAME`.
  std::string url(std::string_view like, std::string_view name) const;
  /// PEM file of the authority behind its certificate.
  std::string ca_file() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace samebits::test
