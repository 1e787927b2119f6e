#pragma once

#include <cstdint>

namespace samebits {

/// For names that nobody else chooses. Thread-safe.
std::uint64_t random_number();

}  // namespace samebits
