#include "json/credential_json.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace samebits {
namespace {

/// Goes into a header as it is: visible ASCII, no blanks.
bool is_token(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
}

}  // namespace

std::string fault_of(const Credential& credential) {
  const auto given = std::count_if(secret_members.begin(), secret_members.end(),
                                   [&](const auto& one) { return !(credential.*one.member).empty(); });
  if (given == 0) return "there is neither a 'token' nor a 'username' and its 'password'";
  if (given > 1) return "there is more than one of 'password', 'token', 'identityToken' and 'registryToken'";
  if (!credential.password.empty() && credential.username.empty()) return "the 'password' has no 'username'";
  if (!credential.username.empty() && credential.password.empty() && credential.identity_token.empty())
    return "the 'username' has no 'password'";
  if (credential.username.find(':') != std::string::npos || has_control(credential.username))
    return "the 'username' has a ':' or a control character";
  if (has_control(credential.password.reveal())) return "the 'password' has a control character";
  for (const auto& [name, member] : secret_members)
    if (name != "password" && !is_token((credential.*member).reveal()))
      return fmt::format("'{}' has blanks or characters that no token has", name);
  return {};
}

}  // namespace samebits
