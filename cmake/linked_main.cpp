// Is linked, as it would be in a program, to see whether the archives of this machine can be; never run.
#include "crypto/libcrypto.hpp"
#include "git/libgit2.hpp"

int main() {
  SHA256_CTX state;
  return samebits::git::linked_libgit2().libgit2_init() + samebits::linked_sha().SHA256_Init(&state);
}
