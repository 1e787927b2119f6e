#pragma once

#include <string>
#include <string_view>

namespace samebits {

/// 20 bytes, of `head` and `rest` as one. Only for what Git itself checks by SHA-1; identities of ours are SHA-256.
std::string sha1_bytes(std::string_view head, std::string_view rest = {});

}  // namespace samebits
