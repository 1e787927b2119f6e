#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "http/http.hpp"
#include "servers/process.hpp"

namespace samebits::test {

/// Gitea on loopback: a forge with Git over HTTP, an API and a container registry. Only for programs that
/// samebits_built_server_test() makes with NEEDS gitea.
class GiteaServer {
 public:
  /// `folder`, new or empty, holds all that it keeps. With PEM files it speaks TLS.
  explicit GiteaServer(const std::filesystem::path& folder, const std::filesystem::path& certificate = {},
                       const std::filesystem::path& key = {});

  /// `http://localhost:PORT`, without a slash at its end.
  const std::string& url() const noexcept { return url_; }
  /// `localhost:PORT`.
  std::string authority() const { return url_.substr(url_.find("//") + 2); }
  /// May do all; the password of `user` in Git and at the registry too.
  const std::string& token() const noexcept { return token_; }
  /// An administrator.
  static constexpr const char* user = "bot";

  /// A token of `user` that may no more than this: `read:repository`.
  std::string make_token(const std::string& scope) const;
  /// A new and empty repository of `user`; gives its URL, without credentials.
  std::string make_repository(const std::string& name, bool is_private = false) const;
  /// `target` comes behind `/api/v1`; `json` is the body, if any. Throws where there was no answer.
  http::Response api(http::Method method, const std::string& target, const std::string& json = "") const;

 private:
  http::Response ask(http::Method method, const std::string& target, const std::string& json,
                     const std::string& authorization) const;

  Process process_;
  std::string url_;
  std::string token_;
  std::string ca_;
};

}  // namespace samebits::test
