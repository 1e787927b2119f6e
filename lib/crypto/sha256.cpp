#include "crypto/sha256.hpp"

#include <array>

#include <fmt/format.h>

#include "crypto/libcrypto.hpp"

namespace samebits {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash;
  SHA256_CTX state;
  sha().SHA256_Init(&state);
  sha().SHA256_Update(&state, bytes.data(), bytes.size());
  sha().SHA256_Final(hash.data(), &state);
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

Digest sha256_digest(std::string_view bytes) { return *Digest::parse("sha256:" + sha256_hex(bytes)); }

std::string crypto_library_version() { return libcrypto().OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace samebits
