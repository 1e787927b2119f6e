#include "crypto/sha1.hpp"

#include "crypto/libcrypto.hpp"

namespace samebits {

std::string sha1_bytes(std::string_view bytes) {
  std::string hash(SHA_DIGEST_LENGTH, '\0');
  libcrypto().SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                   reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

}  // namespace samebits
