#pragma once

#include <functional>
#include <memory>

#include <doctest/doctest.h>

#include <samebits/credentials.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// How to make what a `Credentials` knows.
struct CredentialsSetup {
  std::function<std::unique_ptr<Credentials>()> open;
  /// `target` is proved by `credential`.
  std::function<void(const std::string& target, const Credential& credential)> put;
  /// There should be one for `target`, and it cannot be had.
  std::function<void(const std::string& target)> lose;
};

/// What every `Credentials` must do.
class CredentialsContract {
 public:
  explicit CredentialsContract(CredentialsSetup setup) : setup_(std::move(setup)) {}

  void run() {
    const Credential person{.username = "ci", .password = Secret("pass\"word\\")};
    const Credential robot{.token = Secret("token-0123")};
    setup_.put("https://registry.example.com", person);
    setup_.put("https://registry.example.com/acme", robot);
    setup_.lose("https://lost.example.com");
    const auto port = setup_.open();
    SUBCASE("what lies below a target has its credential") {
      CHECK(find(*port, "https://registry.example.com/other/app") == person);
      CHECK(find(*port, "https://registry.example.com/acmeish/app") == person);
    }
    SUBCASE("the longest target decides") {
      CHECK(find(*port, "https://registry.example.com/acme/app") == robot);
      CHECK(find(*port, "https://registry.example.com/acme") == robot);
    }
    SUBCASE("another host has none") {
      CHECK_FALSE(find(*port, "https://registry.example.com.evil.example/acme"));
      CHECK_FALSE(find(*port, "https://registry.example.com:8443/acme"));
    }
    SUBCASE("it is the same for writing, and when it is asked for again") {
      const CredentialRequest write{
          .url = "https://registry.example.com/acme/app", .use = CredentialRequest::Use::write, .refresh = true};
      CHECK(must(port->find(context_, write)) == robot);
      CHECK(must(port->find(context_, write)) == robot);
    }
    SUBCASE("one that cannot be had is an error, never nobody") {
      CHECK(code_of(port->find(context_, {.url = "https://lost.example.com/app"})) == "unauthenticated");
    }
  }

 private:
  std::optional<Credential> find(Credentials& port, const std::string& url) {
    return must(port.find(context_, {.url = url}));
  }

  CredentialsSetup setup_;
  Context context_;
};

}  // namespace samebits::test
