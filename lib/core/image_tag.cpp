#include <algorithm>
#include <charconv>
#include <compare>
#include <ostream>

#include <samebits/image_tag.hpp>

#include "core/tag_pattern.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

std::string_view to_string(Track track) noexcept {
  switch (track) {
    case Track::pull_request:
      return "pull-request";
    case Track::snapshot:
      return "snapshot";
    case Track::release:
      return "release";
  }
  return "unknown";
}

std::optional<Track> track_from(std::string_view text) noexcept {
  for (const Track track : {Track::pull_request, Track::snapshot, Track::release})
    if (to_string(track) == text) return track;
  return std::nullopt;
}

bool is_tag(std::string_view text) noexcept {
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  return !text.empty() && text.size() <= 128 && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

Result<void> require_tag(std::string_view text) {
  if (is_tag(text)) return {};
  return Error{.code = ErrorCode::bad_tag,
               .message = fmt::format("'{}' is no image tag", printable(text)),
               .hint = "a tag is letters, digits, '_', '.' and '-', at most 128"};
}

std::strong_ordering ImageTag::operator<=>(const ImageTag& other) const noexcept {
  if (track_ != other.track_) return track_ <=> other.track_;
  if (number_ != other.number_) return number_ <=> other.number_;
  if (version_ && other.version_)
    if (const auto order = *version_ <=> *other.version_; std::is_neq(order)) return order;
  return text_ <=> other.text_;
}

std::ostream& operator<<(std::ostream& out, const ImageTag& tag) { return out << tag.str(); }

namespace {

Result<TagPattern> pull_request_pattern(const TagPatterns::Texts& texts) {
  return TagPattern::parse(texts.pull_request, {"number", "sha"});
}
Result<TagPattern> snapshot_pattern(const TagPatterns::Texts& texts) {
  return TagPattern::parse(texts.snapshot, {"sha"});
}
Result<TagPattern> release_pattern(const TagPatterns::Texts& texts) {
  return TagPattern::parse(texts.release, {"version"});
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number == 0 || digits.front() == '0')
    return std::nullopt;
  return number;
}

}  // namespace

TagPatterns::TagPatterns() = default;

Result<TagPatterns> TagPatterns::parse(const Texts& texts) {
  if (auto findings = check_tag_patterns(texts); !findings.empty()) return std::move(findings.front().error);
  TagPatterns patterns;
  patterns.texts_ = texts;
  return patterns;
}

Result<ImageTag> TagPatterns::parse_tag(std::string_view text) const {
  const auto bad = [&](std::string reason) {
    return Error{
        .code = ErrorCode::bad_tag,
        .message = fmt::format("'{}' is no tag of this pipeline: {}", printable(text), reason),
        .hint = fmt::format("a tag is '{}', '{}' or '{}'", texts_.pull_request, texts_.snapshot, texts_.release)};
  };
  if (!is_tag(text)) return bad("it breaks the tag grammar");
  // No legal text fits two patterns; of what is not legal the error of the first that has its shape is shown.
  std::optional<Error> nearest;
  SB_TRY(const auto release, release_pattern(texts_));
  if (const auto values = release.match(text)) {
    const std::string& said = values->at("version");
    if (auto version = Version::parse(said); version && !said.starts_with('v')) {
      ImageTag tag(Track::release, std::string(text));
      tag.version_ = *std::move(version);
      return tag;
    }
  }
  SB_TRY(const auto pull_request, pull_request_pattern(texts_));
  if (const auto values = pull_request.match(text)) {
    const auto number = parse_number(values->at("number"));
    auto commit = CommitId::parse(values->at("sha"));
    if (number && commit) {
      ImageTag tag(Track::pull_request, std::string(text));
      tag.number_ = *number;
      tag.commit_ = *std::move(commit);
      return tag;
    }
    nearest = number ? std::move(commit).error() : bad("its pull request is no number");
  }
  SB_TRY(const auto snapshot, snapshot_pattern(texts_));
  if (const auto values = snapshot.match(text)) {
    if (auto commit = CommitId::parse(values->at("sha"))) {
      ImageTag tag(Track::snapshot, std::string(text));
      tag.commit_ = *std::move(commit);
      return tag;
    } else if (!nearest) {
      nearest = std::move(commit).error();
    }
  }
  return nearest ? *std::move(nearest) : bad("no track fits");
}

Result<ImageTag> TagPatterns::pull_request(std::uint64_t number, const CommitId& commit) const {
  if (number == 0)
    return Error{.code = ErrorCode::bad_request,
                 .message = "a pull request's number is 1 or greater",
                 .hint = "give the number that the forge shows"};
  const std::string digits = std::to_string(number);
  const std::pair<std::string_view, std::string_view> values[] = {{"number", digits}, {"sha", commit.str()}};
  ImageTag tag(Track::pull_request, render(texts_.pull_request, values));
  tag.number_ = number;
  tag.commit_ = commit;
  return tag;
}

ImageTag TagPatterns::snapshot(const CommitId& commit) const {
  const std::pair<std::string_view, std::string_view> values[] = {{"sha", commit.str()}};
  ImageTag tag(Track::snapshot, render(texts_.snapshot, values));
  tag.commit_ = commit;
  return tag;
}

Result<ImageTag> TagPatterns::release(const Version& version) const {
  const std::pair<std::string_view, std::string_view> values[] = {{"version", version.str()}};
  ImageTag tag(Track::release, render(texts_.release, values));
  if (!is_tag(tag.text_))
    return Error{.code = ErrorCode::bad_version,
                 .message = fmt::format("'{}' makes a tag of {} characters, and 128 are legal",
                                        printable(version.str(), 40), tag.text_.size()),
                 .hint = "choose a shorter pre-release"};
  if (render(texts_.git, values).ends_with(".lock"))
    return Error{.code = ErrorCode::bad_version,
                 .message = fmt::format("'{}' makes a Git tag that ends in .lock", version),
                 .hint = "choose another pre-release; Git keeps that ending for itself"};
  tag.version_ = version;
  return tag;
}

std::string TagPatterns::git_tag(std::string_view service, const Version& version) const {
  const std::pair<std::string_view, std::string_view> values[] = {{"version", version.str()}, {"service", service}};
  return render(texts_.git, values);
}

std::optional<Version> TagPatterns::version_of_git_tag(std::string_view service, std::string_view name) const {
  const std::pair<std::string_view, std::string_view> values[] = {{"service", service}};
  const auto pattern = TagPattern::parse(render(texts_.git, values), {"version"});
  if (!pattern) return std::nullopt;
  const auto found = pattern->match(name);
  if (!found || found->at("version").starts_with('v')) return std::nullopt;
  auto version = Version::parse(found->at("version"));
  return version ? std::optional(*std::move(version)) : std::nullopt;
}

}  // namespace samebits
