#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <samebits/image_tag.hpp>

namespace samebits {

struct TagParseRequest {
  std::string tag;
};

/// A tag to be made.
struct TagFormatRequest {
  Track track = Track::snapshot;
  /// Of the pull request.
  std::uint64_t number = 0;
  /// Full commit id; not for releases.
  std::string sha = {};
  /// For releases.
  std::string version = {};
};

struct TagSortRequest {
  std::vector<std::string> tags;
};

// By the default patterns.
/// Errors: bad_tag, bad_commit_id.
Result<ImageTag> parse_tag(const TagParseRequest& request);
/// Errors: bad_request, bad_commit_id, bad_version.
Result<ImageTag> format_tag(const TagFormatRequest& request);
/// Oldest first; releases by precedence. Errors: as `parse_tag`, of the first that is no tag.
Result<std::vector<ImageTag>> sort_tags(const TagSortRequest& request);

}  // namespace samebits
