#pragma once

#include <string>
#include <string_view>

namespace samebits {

/// As `printable`, but shortened in its middle: what a server passes on of a program ends with the reason.
std::string printable_ends(std::string_view text, std::size_t max_bytes);

}  // namespace samebits
