#include "git/cache_file.hpp"

#include <chrono>

#include <fmt/format.h>

#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "system/files.hpp"

namespace samebits::git {
namespace {

/// Temporary files of that age have nobody who writes them.
constexpr std::chrono::seconds dead_after{3600};

}  // namespace

std::optional<std::string_view> cached_text(std::string_view bytes, std::string_view magic) {
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos || end < magic.size() || !bytes.starts_with(magic)) return std::nullopt;
  const std::string_view text = bytes.substr(end + 1);
  if (sha256_hex(text) != bytes.substr(magic.size(), end - magic.size())) return std::nullopt;
  return text;
}

void keep_text(const Context& context, const std::filesystem::path& file, std::string_view magic,
               std::string_view text) {
  const auto write = [&]() -> Result<void> {
    SB_CHECK(make_private_folder(file.parent_path()));
    remove_leftovers(file, dead_after);
    return replace_private_file(file, fmt::format("{}{}\n{}", magic, sha256_hex(text), text));
  };
  if (const auto written = write(); !written)
    context.note(LogLevel::info, "the cache is not written: " + written.error().message);
}

}  // namespace samebits::git
