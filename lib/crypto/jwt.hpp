#pragma once

#include <string>
#include <string_view>

#include <samebits/result.hpp>
#include <samebits/secret.hpp>

namespace samebits {

/// `claims` (JSON) as a token that the RSA key (PEM, PKCS#1 or PKCS#8, without a password) signs.
/// Errors: bad_option if it is no such key. Source: RFC 7519; RFC 7518, section 3.3 (RS256).
Result<Secret> sign_jwt(std::string_view claims, const Secret& private_key);

/// Without padding, for URLs. Source: RFC 4648, section 5.
std::string base64_url(std::string_view bytes);

}  // namespace samebits
