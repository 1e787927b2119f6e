#pragma once

// SHA-1 and SHA-256 by their own functions, which every libcrypto.so.3 has: those that replace them set up the
// providers first, as a file says that the environment names, which takes a millisecond and may leave a process without
// either.
#define OPENSSL_API_COMPAT 0x10101000L

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

namespace samebits {

// clang-format off
#define SB_LIBCRYPTO(X) \
  X(BIO_free) X(BIO_new_mem_buf) X(EVP_DecodeBlock) X(EVP_DigestSign) X(EVP_DigestSignInit) X(EVP_EncodeBlock) \
  X(EVP_MD_CTX_free) X(EVP_MD_CTX_new) X(EVP_PKEY_free) X(EVP_PKEY_get_base_id) X(EVP_sha256) X(OpenSSL_version) \
  X(PEM_read_bio_PrivateKey)
#define SB_SHA(X) X(SHA1_Final) X(SHA1_Init) X(SHA1_Update) X(SHA256_Final) X(SHA256_Init) X(SHA256_Update)
// clang-format on

#define SB_FUNCTION(name) decltype(&::name) name = nullptr;
/// The functions of OpenSSL that hash, which is all that nearly every command wants of it.
struct Sha {
  SB_SHA(SB_FUNCTION)
};
/// The others that are used.
struct Libcrypto {
  SB_LIBCRYPTO(SB_FUNCTION)
};
#undef SB_FUNCTION

/// Both load it, once; it starts itself. They throw std::runtime_error where this machine has none. Thread-safe.
const Libcrypto& libcrypto();
const Sha& sha();

/// As they are linked into this program, where the program has `samebits_linked`; null where it has not.
[[gnu::weak, gnu::visibility("hidden")]] const Sha& linked_sha() noexcept;

}  // namespace samebits
