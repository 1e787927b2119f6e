// libgit2 and libcurl bring two libraries that prepare TLS of their own as they are loaded: mbedTLS reads every
// authority of the machine, 4 of the 18 ms that `promote` took, and GnuTLS (for RTMP and LDAP) tests its algorithms.
// This program speaks TLS by libcurl and OpenSSL only: libgit2 reads local repositories and libcurl is held to HTTP.
// The dynamic linker finds these two functions before those of the libraries. Should anything come to use such a TLS
// all the same, it trusts nobody, and says so. A library must not do this to the programs that it is linked into; a
// program may.

extern "C" {

/// What <gnutls/gnutls.h> calls GNUTLS_SKIP_GLOBAL_INIT: whoever uses it later starts it.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): GnuTLS names it
int _gnutls_global_init_skip() { return 1; }

/// As if the file held no certificate (mbedTLS 2.28, x509_crt.h: 0 is success).
int mbedtls_x509_crt_parse_file(void* /*chain*/, const char* /*path*/) { return 0; }

}  // extern "C"
