#include "crypto/jwt.hpp"

#include <memory>

#include "crypto/base64.hpp"
#include "crypto/libcrypto.hpp"

namespace samebits {
namespace {

constexpr std::string_view header = R"({"alg":"RS256","typ":"JWT"})";

struct Free {
  void operator()(BIO* bio) const noexcept { libcrypto().BIO_free(bio); }
  void operator()(EVP_PKEY* key) const noexcept { libcrypto().EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { libcrypto().EVP_MD_CTX_free(context); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

/// Nobody is asked for a password.
int no_password(char*, int, int, void*) { return -1; }

Error no_key() {
  return Error{.code = ErrorCode::bad_option,
               .message = "the private key of the app is no RSA key in PEM form without a password",
               .hint = "give the whole file that the forge made, with its BEGIN and END lines"};
}

}  // namespace

std::string base64_url(std::string_view bytes) {
  std::string text = base64_encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

Result<Secret> sign_jwt(std::string_view claims, const Secret& private_key) {
  const std::string& pem = private_key.reveal();
  const Handle<BIO> source(libcrypto().BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Handle<EVP_PKEY> key(
      source == nullptr ? nullptr : libcrypto().PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, nullptr));
  if (key == nullptr || libcrypto().EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return no_key();
  const std::string signed_part = base64_url(header) + "." + base64_url(claims);
  const Handle<EVP_MD_CTX> context(libcrypto().EVP_MD_CTX_new());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(signed_part.data());
  std::size_t size = 0;
  if (context == nullptr ||
      libcrypto().EVP_DigestSignInit(context.get(), nullptr, libcrypto().EVP_sha256(), nullptr, key.get()) != 1 ||
      libcrypto().EVP_DigestSign(context.get(), nullptr, &size, bytes, signed_part.size()) != 1)
    return no_key();
  std::string signature(size, '\0');
  if (libcrypto().EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                                 signed_part.size()) != 1)
    return no_key();
  signature.resize(size);
  return Secret(signed_part + "." + base64_url(signature));
}

}  // namespace samebits
