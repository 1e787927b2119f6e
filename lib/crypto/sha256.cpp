#include "crypto/sha256.hpp"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "crypto/libcrypto.hpp"

namespace samebits {

namespace {

/// From a context of our own: the process's one is set up by a file that the environment names, which may leave it
/// without SHA-256. Never freed: hashes are made until the process ends.
const EVP_MD* sha256() {
  static OSSL_LIB_CTX* const context = libcrypto().OSSL_LIB_CTX_new();
  static const EVP_MD* const algorithm = libcrypto().EVP_MD_fetch(context, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> hash{};
  unsigned int size = 0;
  if (sha256() == nullptr ||
      libcrypto().EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, sha256(), nullptr) != 1 ||
      size != hash.size())
    throw std::runtime_error("OpenSSL gives no SHA-256");
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

Digest sha256_digest(std::string_view bytes) { return *Digest::parse("sha256:" + sha256_hex(bytes)); }

std::string crypto_library_version() { return libcrypto().OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace samebits
