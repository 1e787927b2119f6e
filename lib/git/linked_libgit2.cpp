#include "git/libgit2.hpp"

namespace samebits::git {

const Libgit2& linked_libgit2() noexcept {
  static constexpr Libgit2 functions{
#define SB_LINKED(name) .name = &::git_##name,
      SB_LIBGIT2(SB_LINKED)
#undef SB_LINKED
  };
  return functions;
}

}  // namespace samebits::git

// What libgit2 1.5 has for the network brings mbedTLS, libssh2 and Kerberos. Here it reads and writes local folders
// only, so the linker finds these functions in the place of those: the two that begin something have nothing to begin,
// and the others fail. Source: libgit2's src/libgit2/streams/mbedtls.h, transports/ssh.h and
// transports/auth_negotiate.h.
extern "C" {

int git_mbedtls_stream_global_init() { return 0; }
// NOLINTNEXTLINE(bugprone-reserved-identifier): libgit2 names it
int git_mbedtls__set_cert_location(const char* /*file*/, const char* /*path*/) { return -1; }
int git_mbedtls_stream_new(void** /*stream*/, const char* /*host*/, const char* /*port*/) { return -1; }
int git_mbedtls_stream_wrap(void** /*stream*/, void* /*inner*/, const char* /*host*/) { return -1; }

int git_transport_ssh_global_init() { return 0; }
int git_transport_ssh_with_paths(void** /*transport*/, void* /*owner*/, void* /*paths*/) { return -1; }
int git_smart_subtransport_ssh(void** /*transport*/, void* /*owner*/, void* /*argument*/) { return -1; }

int git_http_auth_negotiate(void** /*context*/, const void* /*url*/) { return -1; }

}  // extern "C"
