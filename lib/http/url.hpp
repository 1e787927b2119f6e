#pragma once

#include <compare>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits::http {

/// An absolute `http` or `https` URL. Holds no password, and its fragment is dropped.
/// ```
/// https://ghcr.io:443/v2/acme/api/tags/list?n=100
///         |---------||------------------------------|
///         authority  target
/// ```
class Url {
 public:
  /// Errors: bad_request if it is no such URL, or holds a password.
  static Result<Url> parse(std::string_view text);
  /// A reference by this URL, as `Location` and `Link` hold them: absolute, `//host/path`, `/path`, `?query`, `name`.
  /// Errors: bad_request. Source: RFC 3986, section 5.
  Result<Url> resolve(std::string_view reference) const;

  bool is_https() const noexcept { return https_; }
  /// Lower case; an IPv6 address has its brackets.
  const std::string& host() const noexcept { return host_; }
  int port() const noexcept { return port_; }
  /// The name before `@`; empty where there is none. Never part of `str()`.
  const std::string& user() const noexcept { return user_; }
  /// Path and query; begins with `/`.
  const std::string& target() const noexcept { return target_; }
  std::string_view path() const noexcept { return std::string_view(target_).substr(0, target_.find('?')); }
  /// Without its `?`; empty where there is none.
  std::string_view query() const noexcept;

  /// Host, and the port where it is not the scheme's own.
  std::string authority() const;
  /// What credentials are bound to: scheme, host and port.
  std::string origin() const;
  /// `localhost`, `127.0.0.0/8` or `[::1]`.
  bool is_loopback() const noexcept;
  std::string str() const { return origin() + target_; }
  /// Without the query, which may hold secrets: for messages and logs.
  std::string shown() const;

  /// The same place with another path and query.
  Url with_target(std::string_view target) const;
  Url with_scheme(bool https) const;
  /// With `name=value` added to the query, percent-encoded.
  Url with_query(std::string_view name, std::string_view value) const;

  auto operator<=>(const Url&) const = default;

 private:
  bool https_ = true;
  std::string host_;
  int port_ = 443;
  std::string user_;
  std::string target_ = "/";
};

/// Percent-encodes all but unreserved characters; `keep` are left as they are (such as `/` in a path).
std::string percent_encode(std::string_view text, std::string_view keep = "");

/// Whether `host` (no port) is this machine: `localhost`, `127.0.0.0/8` or `::1`.
bool is_loopback_host(std::string_view host) noexcept;
/// Whether `host` is the literal of an address that is no public one: loopback, private, link-local, unspecified.
bool is_private_address(std::string_view host) noexcept;

}  // namespace samebits::http
