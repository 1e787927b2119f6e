#pragma once

#include <string>
#include <string_view>

namespace samebits {

/// Unified diff with three lines of context; empty where the texts are equal. An absent side is `/dev/null`.
/// As `patch -p1` and `git apply` take it: an absolute path stands without its first slash.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after,
                         bool before_exists = true, bool after_exists = true);

}  // namespace samebits
