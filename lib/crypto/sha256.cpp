#include "crypto/sha256.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace samebits {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

Digest sha256_digest(std::string_view bytes) { return *Digest::parse("sha256:" + sha256_hex(bytes)); }

std::string crypto_library_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace samebits
