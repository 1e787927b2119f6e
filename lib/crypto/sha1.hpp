#pragma once

#include <string>
#include <string_view>

namespace samebits {

/// 20 bytes. Only for what Git itself checks by SHA-1; identities of ours are SHA-256.
std::string sha1_bytes(std::string_view bytes);

}  // namespace samebits
