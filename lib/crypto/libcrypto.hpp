#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

namespace samebits {

// clang-format off
#define SB_LIBCRYPTO(X) \
  X(BIO_free) X(BIO_new_mem_buf) X(EVP_DecodeBlock) X(EVP_Digest) X(EVP_DigestSign) X(EVP_DigestSignInit) \
  X(EVP_EncodeBlock) X(EVP_MD_CTX_free) X(EVP_MD_CTX_new) X(EVP_MD_fetch) X(EVP_PKEY_free) X(EVP_PKEY_get_base_id) \
  X(EVP_sha256) X(OpenSSL_version) X(OSSL_LIB_CTX_new) X(PEM_read_bio_PrivateKey) X(SHA1)
// clang-format on

/// The functions of OpenSSL that are used.
struct Libcrypto {
#define SB_FUNCTION(name) decltype(&::name) name = nullptr;
  SB_LIBCRYPTO(SB_FUNCTION)
#undef SB_FUNCTION
};

/// Loads it, once; it starts itself. Throws std::runtime_error where this machine has none. Thread-safe.
const Libcrypto& libcrypto();

}  // namespace samebits
