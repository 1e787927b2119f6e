#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <samebits/image_tag.hpp>

#include "core/text.hpp"

namespace {

using namespace samebits;

void require(bool good) {
  if (!good) std::abort();
}

/// What patterns give is a tag, is read as the track that it was made for, and as no other value.
void require_inverse(const TagPatterns& patterns) {
  for (const std::size_t length : {40U, 64U}) {
    const auto commit = CommitId::parse(std::string(length, 'f'));
    const auto pull = patterns.pull_request(18446744073709551615U, *commit);
    const auto read = patterns.parse_tag(pull->str());
    require(is_tag(pull->str()) && read && *read == *pull && read->track() == Track::pull_request);
    require(read->number() == pull->number() && read->commit() == *commit);
    const auto snapshot = patterns.parse_tag(patterns.snapshot(*commit).str());
    require(snapshot && snapshot->track() == Track::snapshot && snapshot->commit() == *commit);
  }
  const auto version = Version::parse("10.20.30-rc.1");
  if (const auto release = patterns.release(*version)) {
    const auto read = patterns.parse_tag(release->str());
    require(read && read->track() == Track::release && read->version() == *version);
  }
  require(patterns.version_of_git_tag("api", patterns.git_tag("api", *version)) == *version);
}

}  // namespace

/// Four patterns and a tag, one a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto lines = split(bytes, '\n');
  if (lines.size() < 5) return 0;
  const auto patterns = TagPatterns::parse({.pull_request = std::string(lines[0]),
                                            .snapshot = std::string(lines[1]),
                                            .release = std::string(lines[2]),
                                            .git = std::string(lines[3])});
  if (!patterns) return 0;
  require_inverse(*patterns);
  if (const auto tag = patterns->parse_tag(lines[4])) require(is_tag(tag->str()) && tag->str() == lines[4]);
  return 0;
}
