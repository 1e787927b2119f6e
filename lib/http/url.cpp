#include "http/url.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::http {
namespace {

constexpr std::size_t max_url_bytes = 16384;

Error bad_url(std::string_view text, std::string_view reason) {
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' is no URL: {}", printable(text.substr(0, text.find('?'))), reason),
               .hint = "write https://HOST/PATH"};
}

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string_view without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

std::optional<std::uint32_t> ipv4(std::string_view host) {
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(host).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

bool is_private_ipv4(std::uint32_t address) {
  const auto within = [&](std::uint32_t network, unsigned bits) { return (address ^ network) >> (32U - bits) == 0; };
  return within(0x7F000000, 8) || within(0x0A000000, 8) || within(0xAC100000, 12) || within(0xC0A80000, 16) ||
         within(0xA9FE0000, 16) || within(0x64400000, 10) || within(0, 8);
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    in6_addr address{};
    return host.ends_with(']') && ::inet_pton(AF_INET6, std::string(without_brackets(host)).c_str(), &address) == 1;
  }
  return !host.empty() && host.size() <= 253 &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

/// Without `.` and `..`. Source: RFC 3986, section 5.2.4.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto parts = split(path, '/');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const bool up = parts[i] == "..";
    if (up && !kept.empty()) kept.pop_back();
    if (!up && parts[i] != ".") kept.push_back(parts[i]);
    if (last && (up || parts[i] == ".")) kept.emplace_back();
  }
  return fmt::format("/{}", fmt::join(kept, "/"));
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  Url url;
  if (text.size() > max_url_bytes) return bad_url(printable(text, 60), "it is too long");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == 0x7F || c == '\\'; }))
    return bad_url(text, "it holds a blank, a backslash or a control character");
  const auto scheme_end = text.find("://");
  const std::string scheme = lower(text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
  if (scheme != "https" && scheme != "http") return bad_url(text, "it does not begin with https:// or http://");
  url.https_ = scheme == "https";
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto authority_end = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, authority_end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.user_ = authority.substr(0, at);
    authority = authority.substr(at + 1);
    if (url.user_.find(':') != std::string::npos)
      return Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("the URL of '{}' holds a password", printable(authority)),
                   .hint = "take it out of the URL and give it as a credential"};
  }
  url.port_ = url.https_ ? 443 : 80;
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port_);
    if (failure != std::errc() || end != digits.data() + digits.size() || url.port_ < 1 || url.port_ > 65535)
      return bad_url(text, "its port is no number from 1 to 65535");
    authority = authority.substr(0, colon);
  }
  url.host_ = lower(authority);
  if (!is_host(url.host_)) return bad_url(text, "its host is no host name");
  if (authority_end != std::string_view::npos) url.target_ = rest.substr(authority_end);
  if (!url.target_.starts_with('/')) url.target_.insert(0, "/");
  return url;
}

Result<Url> Url::resolve(std::string_view reference) const {
  reference = reference.substr(0, reference.find('#'));
  if (reference.starts_with("//")) return parse((https_ ? "https:" : "http:") + std::string(reference));
  const auto colon = reference.find(':');
  if (colon != std::string_view::npos && reference.substr(0, colon).find_first_of("/?") == std::string_view::npos)
    return parse(reference);
  std::string target;
  if (reference.starts_with('/')) {
    target = reference;
  } else if (reference.empty() || reference.starts_with('?')) {
    target = std::string(path()) + std::string(reference);
  } else {
    target = std::string(path().substr(0, path().rfind('/') + 1)) + std::string(reference);
  }
  const auto query_at = std::min(target.find('?'), target.size());
  return parse(origin() + without_dots(std::string_view(target).substr(0, query_at)) + target.substr(query_at));
}

std::string_view Url::query() const noexcept {
  const auto at = target_.find('?');
  return at == std::string::npos ? std::string_view() : std::string_view(target_).substr(at + 1);
}

std::string Url::authority() const { return port_ == (https_ ? 443 : 80) ? host_ : fmt::format("{}:{}", host_, port_); }

std::string Url::origin() const { return (https_ ? "https://" : "http://") + authority(); }

bool Url::is_loopback() const noexcept { return is_loopback_host(host_); }

std::string Url::shown() const { return printable(origin() + std::string(path()), 500); }

Url Url::with_target(std::string_view target) const {
  Url url = *this;
  url.target_ = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

Url Url::with_scheme(bool https) const {
  Url url = *this;
  if (port_ == (https_ ? 443 : 80)) url.port_ = https ? 443 : 80;
  url.https_ = https;
  return url;
}

Url Url::with_query(std::string_view name, std::string_view value) const {
  Url url = *this;
  url.target_ += target_.find('?') == std::string::npos ? '?' : '&';
  url.target_ += percent_encode(name) + "=" + percent_encode(value);
  return url;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string encoded;
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || keep.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

bool is_loopback_host(std::string_view host) noexcept {
  host = without_brackets(host);
  if (host == "localhost" || host == "::1") return true;
  const auto address = ipv4(host);
  return address && (*address >> 24U) == 127;
}

bool is_private_address(std::string_view host) noexcept {
  host = without_brackets(host);
  if (const auto address = ipv4(host)) return is_private_ipv4(*address);
  in6_addr address{};
  if (::inet_pton(AF_INET6, std::string(host).c_str(), &address) != 1) return is_loopback_host(host);
  const std::uint8_t* bytes = address.s6_addr;
  const bool mapped = std::all_of(bytes, bytes + 10, [](auto b) { return b == 0; }) && bytes[10] == 0xFF;
  if (mapped) return is_private_ipv4((std::uint32_t{bytes[12]} << 24U) | (std::uint32_t{bytes[13]} << 16U));
  const bool low = std::all_of(bytes, bytes + 15, [](auto b) { return b == 0; }) && bytes[15] <= 1;
  return low || (bytes[0] & 0xFEU) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80);
}

}  // namespace samebits::http
