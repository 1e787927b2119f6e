#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/digest.hpp>
#include <samebits/source.hpp>

namespace samebits {

/// What the annotation of a release's Git tag says: whose the version is.
struct ReleaseTagText {
  std::string service;
  Digest digest;
  std::string promotion_id;
};

/// The annotation: a title, then one trailer a member.
std::string format_release_tag(const ReleaseTagText& text, std::string_view version);
/// Nothing if the tag was not made by a release.
std::optional<ReleaseTagText> read_release_tag(const GitTag& tag);
/// The value of `name: value` on a line of `message`; nothing if there is no such line.
std::optional<std::string> find_trailer(std::string_view message, std::string_view name);

}  // namespace samebits
