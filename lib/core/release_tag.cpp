#include "core/release_tag.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace samebits {

std::string format_release_tag(const ReleaseTagText& text, std::string_view version) {
  return fmt::format("Release {} {}\n\nService: {}\nImage-Digest: {}\nPromotion-Id: {}\n", text.service, version,
                     text.service, text.digest, text.promotion_id);
}

std::optional<std::string> find_trailer(std::string_view message, std::string_view name) {
  // The last one: people may write a title of many lines, and trailers stand below it.
  std::optional<std::string> found;
  for (const std::string_view line : split(message, '\n'))
    if (line.starts_with(name) && line.substr(name.size(), 2) == ": ") found = line.substr(name.size() + 2);
  return found;
}

std::optional<ReleaseTagText> read_release_tag(const GitTag& tag) {
  auto service = find_trailer(tag.message, "Service");
  const auto digest = find_trailer(tag.message, "Image-Digest");
  auto id = find_trailer(tag.message, "Promotion-Id");
  if (!service || !digest || !id) return std::nullopt;
  auto parsed = Digest::parse(*digest);
  if (!parsed) return std::nullopt;
  return ReleaseTagText{.service = *std::move(service), .digest = *std::move(parsed), .promotion_id = *std::move(id)};
}

}  // namespace samebits
