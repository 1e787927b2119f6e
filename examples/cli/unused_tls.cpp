// libcurl brings GnuTLS (for RTMP and LDAP), which tests its algorithms as it is loaded, and is held to HTTP here, by
// OpenSSL. The dynamic linker finds this function before that of the library. A library must not do this to the
// programs that it is linked into; a program may.

/// What <gnutls/gnutls.h> calls GNUTLS_SKIP_GLOBAL_INIT: whoever uses it later starts it.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): GnuTLS names it
extern "C" int _gnutls_global_init_skip() { return 1; }
