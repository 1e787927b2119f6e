#include "crypto/libcrypto.hpp"

namespace samebits {

const Sha& linked_sha() noexcept {
  static constexpr Sha functions{
#define SB_LINKED(name) .name = &::name,
      SB_SHA(SB_LINKED)
#undef SB_LINKED
  };
  return functions;
}

}  // namespace samebits
