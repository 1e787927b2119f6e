#include <limits>
#include <sstream>

#include <doctest/doctest.h>

#include <samebits/image_tag.hpp>

#include "core/tag_pattern.hpp"
#include "support/must.hpp"

namespace samebits::test {
namespace {

const std::string sha(40, 'a');
const std::string sha256(64, 'b');

Result<TagPatterns> patterns_with(std::string_view key, std::string_view text) {
  TagPatterns::Texts texts;
  if (key == "pull-request") texts.pull_request = text;
  if (key == "snapshot") texts.snapshot = text;
  if (key == "release") texts.release = text;
  if (key == "git") texts.git = text;
  return TagPatterns::parse(texts);
}

}  // namespace

TEST_CASE("the OCI grammar of tags is 128 of letters, digits, _, . and -, and begins with a word character") {
  for (const std::string& text :
       {std::string("a"), std::string("_"), std::string("v1.2.3-rc.1_x"), std::string(128, 'a')})
    CHECK(is_tag(text));
  for (const std::string& text :
       {std::string(), std::string(".a"), std::string("-a"), std::string("a+b"), std::string("a/b"), std::string("a b"),
        std::string("a\n"), std::string("\xC3\xA9"), std::string(129, 'a')})
    CHECK_FALSE(is_tag(text));
}

TEST_CASE("each track has its spelling, and the tag says what was put in") {
  const TagPatterns patterns;
  const ImageTag pull = must(patterns.parse_tag("pr-42-" + sha));
  CHECK(pull.track() == Track::pull_request);
  CHECK(pull.number() == 42);
  CHECK(pull.commit()->str() == sha);
  CHECK_FALSE(pull.version());
  CHECK(pull == must(patterns.pull_request(42, commit_id(sha))));
  const ImageTag main = must(patterns.parse_tag("main-" + sha256));
  CHECK(main.track() == Track::snapshot);
  CHECK(main.commit()->str() == sha256);
  CHECK(main.number() == 0);
  CHECK(main == patterns.snapshot(commit_id(sha256)));
  const ImageTag release = must(patterns.parse_tag("v1.2.3-rc.1"));
  CHECK(release.track() == Track::release);
  CHECK(release.version()->str() == "1.2.3-rc.1");
  CHECK_FALSE(release.commit());
  CHECK(release == must(patterns.release(*release.version())));
  std::ostringstream out;
  out << release;
  CHECK(out.str() == "v1.2.3-rc.1");
}

TEST_CASE("what fits no track is refused by its code") {
  const TagPatterns patterns;
  for (const char* text : {"", "latest", "main", "main-", "v1", "v1.2", "1.2.3", "vv1.2.3", "v01.2.3", "v1.2.3+b",
                           "pr-42", "V1.2.3", "main-xyz", "sha256-0000", "a b", "v1.2.3\n"})
    CHECK(code_of(patterns.parse_tag(text)) == "bad_tag");
  for (const std::string& number : {std::string("0"), std::string("042"), std::string("18446744073709551616")})
    CHECK(code_of(patterns.parse_tag("pr-" + number + "-" + sha)) == "bad_tag");
  for (const std::string& text :
       {std::string("main-4f9d"), std::string("pr-42-abc1234"), "main-" + std::string(41, 'a')})
    CHECK(code_of(patterns.parse_tag(text)) == "bad_commit_id");
}

TEST_CASE("a pull request's number is any of 64 bits but 0") {
  const TagPatterns patterns;
  const auto largest = std::numeric_limits<std::uint64_t>::max();
  CHECK(must(patterns.parse_tag("pr-18446744073709551615-" + sha)).number() == largest);
  CHECK(must(patterns.pull_request(largest, commit_id(sha256))).str().size() <= 128);
  CHECK(code_of(patterns.pull_request(0, commit_id(sha))) == "bad_request");
}

TEST_CASE("a version whose tag would leave the grammar is refused") {
  const TagPatterns patterns;
  CHECK(must(patterns.release(must(Version::parse("1.2.3-" + std::string(121, 'a'))))).str().size() == 128);
  CHECK(code_of(patterns.release(must(Version::parse("1.2.3-" + std::string(122, 'a'))))) == "bad_version");
  CHECK(code_of(patterns.release(must(Version::parse("1.2.3-a.lock")))) == "bad_version");
}

TEST_CASE("tags are ordered by track, then by precedence, number or text") {
  const TagPatterns patterns;
  const char* ascending[] = {"pr-2-", "pr-10-", "main-", "v1.0.0-rc.2", "v1.0.0-rc.10", "v1.0.0", "v1.9.0", "v1.10.0"};
  std::vector<ImageTag> tags;
  for (const std::string text : ascending)
    tags.push_back(must(patterns.parse_tag(text.back() == '-' ? text + sha : text)));
  for (std::size_t i = 0; i + 1 < tags.size(); ++i) CHECK(tags[i] < tags[i + 1]);
  CHECK(patterns.snapshot(commit_id(sha)) < patterns.snapshot(commit_id(std::string(40, 'b'))));
}

TEST_CASE("tracks are spelled in one way") {
  for (const Track track : {Track::pull_request, Track::snapshot, Track::release})
    CHECK(track_from(to_string(track)) == track);
  CHECK_FALSE(track_from("Release"));
}

TEST_CASE("patterns that can be read back are taken") {
  const std::pair<std::string_view, std::string_view> good[] = {{"pull-request", "pull.{number}.{sha}"},
                                                                {"pull-request", "{number}-{sha}"},
                                                                {"pull-request", "{sha}_{number}"},
                                                                {"snapshot", "{sha}"},
                                                                {"snapshot", "sha-{sha}"},
                                                                {"snapshot", "{sha}-snapshot"},
                                                                {"release", "{version}"},
                                                                {"release", "release-{version}"},
                                                                {"git", "{version}"},
                                                                {"git", "{service}/v{version}"},
                                                                {"git", "releases/{service}/{version}"},
                                                                {"git", "{service}_v{version}"}};
  for (const auto& [key, text] : good) {
    CAPTURE(text);
    const auto parsed = patterns_with(key, text);
    CHECK(code_of(parsed) == "none");
  }
}

TEST_CASE("a pattern that cannot be read back is refused") {
  const std::pair<std::string_view, std::string_view> bad[] = {{"pull-request", "pr-{number}"},
                                                               {"pull-request", "pr-{sha}"},
                                                               {"pull-request", "pr-{number}{sha}"},
                                                               {"pull-request", "pr-{number}-{number}-{sha}"},
                                                               {"pull-request", "pr-{sha}a{number}"},
                                                               {"pull-request", "pr-{number}1{sha}"},
                                                               {"pull-request", "pr-{number}-{sha}-{version}"},
                                                               {"snapshot", "main"},
                                                               {"snapshot", "main-{sha}{sha}"},
                                                               {"snapshot", "main-{sha"},
                                                               {"snapshot", "main-{SHA}"},
                                                               {"snapshot", "main-{}"},
                                                               {"snapshot", "{sha}f"},
                                                               {"release", "v"},
                                                               {"release", "{version}-final"},
                                                               {"release", "v{version}{version}"},
                                                               {"git", "v"},
                                                               {"git", "{service}v{version}"},
                                                               {"git", "{service}-{version}"},
                                                               {"git", "{version}/{service}"},
                                                               {"git", "{service}{version}"}};
  for (const auto& [key, text] : bad) {
    CAPTURE(text);
    CHECK(code_of(patterns_with(key, text)) == "bad_config");
  }
}

TEST_CASE("a pattern that can leave the grammar of tags is refused") {
  for (const char* text : {"-{sha}", ".{sha}", "ma in-{sha}", "main/{sha}", "m\xC3\xA4in-{sha}", "main+{sha}"})
    CHECK(code_of(patterns_with("snapshot", text)) == "bad_config");
  CHECK(code_of(patterns_with("snapshot", std::string(64, 'm') + "{sha}")) == "none");
  const auto long_one = patterns_with("snapshot", std::string(65, 'm') + "{sha}");
  REQUIRE_FALSE(long_one);
  CHECK(long_one.error().message.find("129 characters, and 128 are legal") != std::string::npos);
  CHECK(code_of(patterns_with("pull-request", std::string(43, 'p') + "{number}-{sha}")) == "none");
  CHECK(code_of(patterns_with("pull-request", std::string(44, 'p') + "{number}-{sha}")) == "bad_config");
}

TEST_CASE("a Git tag's pattern gives a name that Git allows") {
  for (const char* text :
       {"/v{version}", "a//v{version}", ".a/v{version}", "a./v{version}", "a.lock/v{version}", "-v{version}",
        "v {version}", "v~{version}", "v^{version}", "v:{version}", "v?{version}", "v*{version}", "v[{version}",
        "v\\{version}", "v..{version}", "v@{{version}", "v\x7f{version}"})
    CHECK(code_of(patterns_with("git", text)) == "bad_config");
}

TEST_CASE("two patterns that one text fits are refused") {
  const auto overlap = [](std::string pull, std::string snapshot, std::string release) {
    const auto parsed = TagPatterns::parse(
        {.pull_request = std::move(pull), .snapshot = std::move(snapshot), .release = std::move(release)});
    return !parsed && parsed.error().message.find("one text may fit both") != std::string::npos;
  };
  CHECK(overlap("x-{sha}-{number}", "x-{sha}-1", "v{version}"));
  CHECK(overlap("{sha}.{number}.0", "main-{sha}", "{version}"));
  CHECK(overlap("pr-{number}-{sha}", "v1.2.3-{sha}", "v{version}"));
  CHECK(overlap("pr-{number}-{sha}", "1{sha}", "{version}") == false);
  CHECK(overlap("{number}-{sha}", "{sha}", "{version}") == false);
  CHECK(overlap("{number}-{sha}", "0-{sha}", "v{version}") == false);
  CHECK(overlap("pr-{number}-{sha}", "v-{sha}", "v{version}") == false);
}

TEST_CASE("a text that only looks like one track is read as the other that it is") {
  const TagPatterns patterns = must(TagPatterns::parse({.pull_request = "{number}-{sha}", .snapshot = "0-{sha}"}));
  CHECK(must(patterns.parse_tag("0-" + sha)).track() == Track::snapshot);
  CHECK(must(patterns.parse_tag("7-" + sha)).track() == Track::pull_request);
  CHECK(code_of(patterns.parse_tag("00-" + sha)) == "bad_tag");
}

TEST_CASE("everything that is wrong with the patterns is found at once, under its key") {
  std::string keys;
  for (const auto& [key, error] :
       check_tag_patterns({.pull_request = "pr", .snapshot = "v1.2.3-{sha}", .release = "v{version}", .git = "v"})) {
    keys += std::string(key) + " ";
    CHECK(error.code == ErrorCode::bad_config);
    CHECK_FALSE(error.hint.empty());
  }
  CHECK(keys == "pull-request release git ");
}

TEST_CASE("a Git tag is read back for its own service only") {
  const TagPatterns patterns = must(patterns_with("git", "{service}/v{version}"));
  const Version version = must(Version::parse("1.2.3"));
  CHECK(patterns.git_tag("api", version) == "api/v1.2.3");
  CHECK(patterns.version_of_git_tag("api", "api/v1.2.3") == version);
  for (const char* name : {"web/v1.2.3", "v1.2.3", "api/vv1.2.3", "api/v1.2", "api/v", "api/v1.2.3/x", ""})
    CHECK_FALSE(patterns.version_of_git_tag("api", name));
  CHECK(TagPatterns().version_of_git_tag("api", "v1.2.3") == version);
  CHECK_FALSE(must(patterns_with("git", "{version}")).version_of_git_tag("api", "v1.2.3"));
}

}  // namespace samebits::test
