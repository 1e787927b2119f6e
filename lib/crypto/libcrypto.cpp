#include "crypto/libcrypto.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "system/shared_library.hpp"

namespace samebits {
namespace {

/// `find` is given the library and the functions that it has to find.
template <class Functions, class Find>
Functions load(Find find) {
  Functions functions;
  SharedLibrary library("libcrypto.so.3");
  find(library, functions);
  if (!library.failure().empty())
    throw std::runtime_error(
        fmt::format("OpenSSL cannot be loaded: {}; install it (Debian: libssl3)", library.failure()));
  return functions;
}

}  // namespace

#define SB_FIND(name) library.find(functions.name, #name);

const Libcrypto& libcrypto() {
  static const Libcrypto loaded =
      load<Libcrypto>([](SharedLibrary& library, Libcrypto& functions) { SB_LIBCRYPTO(SB_FIND) });
  return loaded;
}

const Sha& sha() {
  if (linked_sha != nullptr) return linked_sha();
  static const Sha loaded = load<Sha>([](SharedLibrary& library, Sha& functions) { SB_SHA(SB_FIND) });
  return loaded;
}

#undef SB_FIND

}  // namespace samebits
