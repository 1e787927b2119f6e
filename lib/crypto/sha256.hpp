#pragma once

#include <string>
#include <string_view>

#include <samebits/digest.hpp>

namespace samebits {

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
Digest sha256_digest(std::string_view bytes);

/// The version of the OpenSSL that is running.
std::string crypto_library_version();

}  // namespace samebits
