#pragma once

#include <memory>
#include <string>
#include <vector>

#include <samebits/adapters.hpp>
#include <samebits/credentials.hpp>

#include "git/remote.hpp"
#include "http/client.hpp"

namespace samebits::test {

/// Counts and keeps the requests that go through.
class CountingHttp final : public http::Http {
 public:
  explicit CountingHttp(http::CurlOptions options = {})
      : inner_(http::open_http(std::move(options), system_clock(), {.tries = 1})) {}

  std::vector<Result<http::Response>> send_all(Context& context, std::span<const http::Request> requests) override {
    for (const http::Request& request : requests) lines.push_back(request.shown());
    return inner_->send_all(context, requests);
  }
  /// How many since this was called last.
  std::size_t count() { return std::exchange(lines, {}).size(); }

  std::vector<std::string> lines;

 private:
  std::unique_ptr<http::Http> inner_;
};

/// What is given to whoever asks; nothing where both are empty.
class FixedCredentials final : public Credentials {
 public:
  explicit FixedCredentials(std::string user = {}, std::string password = {})
      : user_(std::move(user)), password_(std::move(password)) {}
  Result<std::optional<Credential>> find(Context& /*context*/, const CredentialRequest& request) override {
    asked.push_back(request);
    if (user_.empty()) return std::optional<Credential>();
    return std::optional(Credential{.username = user_, .password = Secret(password_)});
  }

  std::vector<CredentialRequest> asked;

 private:
  std::string user_;
  std::string password_;
};

/// A way to one remote repository over HTTP.
struct RemoteGit {
  explicit RemoteGit(std::string at, http::CurlOptions options = {}) : url(std::move(at)), http(std::move(options)) {}

  std::unique_ptr<git::Transport> transport() {
    return std::move(git::open_http_transport(url, http, credentials)).value();
  }
  std::unique_ptr<GitOps> gitops(std::string_view branch = "main") { return open_remote_gitops(transport(), branch); }
  std::unique_ptr<Source> source() { return open_remote_source(transport()); }

  std::string url;
  CountingHttp http;
  FixedCredentials credentials;
};

}  // namespace samebits::test
