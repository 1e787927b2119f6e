#include "crypto/sha1.hpp"

#include "crypto/libcrypto.hpp"

namespace samebits {

std::string sha1_bytes(std::string_view head, std::string_view rest) {
  std::string hash(SHA_DIGEST_LENGTH, '\0');
  SHA_CTX state;
  sha().SHA1_Init(&state);
  sha().SHA1_Update(&state, head.data(), head.size());
  sha().SHA1_Update(&state, rest.data(), rest.size());
  sha().SHA1_Final(reinterpret_cast<unsigned char*>(hash.data()), &state);
  return hash;
}

}  // namespace samebits
