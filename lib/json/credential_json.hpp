#pragma once

#include <array>
#include <string>
#include <string_view>

#include <samebits/credentials.hpp>

namespace samebits {

/// A secret of a credential as documents spell it.
struct SecretMember {
  std::string_view name;
  Secret Credential::*member;
};
inline constexpr std::array<SecretMember, 4> secret_members = {{{"password", &Credential::password},
                                                                {"token", &Credential::token},
                                                                {"identityToken", &Credential::identity_token},
                                                                {"registryToken", &Credential::registry_token}}};

/// What is wrong with a credential that somebody gave, without its secrets; empty where it can prove who asks.
std::string fault_of(const Credential& credential);

}  // namespace samebits
