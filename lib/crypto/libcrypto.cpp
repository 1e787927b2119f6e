#include "crypto/libcrypto.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "system/shared_library.hpp"

namespace samebits {

const Libcrypto& libcrypto() {
  static const Libcrypto loaded = [] {
    Libcrypto crypto;
    SharedLibrary library("libcrypto.so.3");
#define SB_FIND(name) library.find(crypto.name, #name);
    SB_LIBCRYPTO(SB_FIND)
#undef SB_FIND
    if (!library.failure().empty())
      throw std::runtime_error(
          fmt::format("OpenSSL cannot be loaded: {}; install it (Debian: libssl3)", library.failure()));
    return crypto;
  }();
  return loaded;
}

}  // namespace samebits
