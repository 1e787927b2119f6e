#include <algorithm>

#include <samebits/tag_requests.hpp>

#include "core/try.hpp"

namespace samebits {

Result<ImageTag> parse_tag(const TagParseRequest& request) { return TagPatterns().parse_tag(request.tag); }

Result<ImageTag> format_tag(const TagFormatRequest& request) {
  const TagPatterns patterns;
  if (request.track == Track::release) {
    SB_TRY(const auto version, Version::parse(request.version));
    return patterns.release(version);
  }
  SB_TRY(const auto commit, CommitId::parse(request.sha));
  if (request.track == Track::snapshot) return patterns.snapshot(commit);
  return patterns.pull_request(request.number, commit);
}

Result<std::vector<ImageTag>> sort_tags(const TagSortRequest& request) {
  const TagPatterns patterns;
  std::vector<ImageTag> tags;
  for (const std::string& text : request.tags) {
    SB_TRY(auto tag, patterns.parse_tag(text));
    tags.push_back(std::move(tag));
  }
  std::sort(tags.begin(), tags.end());
  return tags;
}

}  // namespace samebits
