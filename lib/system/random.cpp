#include "system/random.hpp"

#include <random>
#include <unistd.h>

namespace samebits {

std::uint64_t random_number() {
  std::uint64_t number = 0;
  // std::random_device first asks the processor what it can, which takes a virtual machine tens of microseconds.
  if (::getentropy(&number, sizeof number) == 0) return number;
  return std::random_device()();
}

}  // namespace samebits
