#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include <samebits/context.hpp>

namespace samebits::git {

/// What a file of the cache holds behind its first line, which is `magic` and the text's SHA-256; nothing where the
/// file is of another kind or damaged.
std::optional<std::string_view> cached_text(std::string_view bytes, std::string_view magic);

/// Replaces such a file, for its owner alone, and removes what killed writers left beside it. Where that cannot be
/// done, the log says so.
void keep_text(const Context& context, const std::filesystem::path& file, std::string_view magic,
               std::string_view text);

}  // namespace samebits::git
