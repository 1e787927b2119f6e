#include "crypto/base64.hpp"

#include "crypto/libcrypto.hpp"

namespace samebits {

std::string base64_encode(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      libcrypto().EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                  reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string packed;
  for (const char c : text)
    if (c != '\n' && c != '\r') packed += c;
  while (packed.ends_with('=')) packed.pop_back();
  const std::size_t bytes = packed.size() * 3 / 4;
  // OpenSSL passes over blanks and takes '=' inside; neither is base64 here.
  if (packed.size() % 4 == 1 || packed.find_first_of("= \t") != std::string::npos) return std::nullopt;
  packed.resize((packed.size() + 3) / 4 * 4, '=');
  std::string decoded(packed.size() / 4 * 3 + 1, '\0');
  const int size = libcrypto().EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                               reinterpret_cast<const unsigned char*>(packed.data()),
                                               static_cast<int>(packed.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(bytes);
  return decoded;
}

Secret basic_authorization(std::string_view username, const Secret& password) {
  return Secret("Basic " + base64_encode(std::string(username) + ":" + password.reveal()));
}

}  // namespace samebits
