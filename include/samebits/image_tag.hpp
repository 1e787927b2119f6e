#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/object_id.hpp>
#include <samebits/version.hpp>

namespace samebits {

/// The kinds of tag. The patterns can be set, the kinds cannot.
enum class Track { pull_request, snapshot, release };

/// `pull-request`, `snapshot`, `release`.
std::string_view to_string(Track track) noexcept;
std::optional<Track> track_from(std::string_view text) noexcept;

/// True if `text` is a tag by the OCI grammar: `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`.
/// Source: OCI distribution-spec 1.1, "Pulling manifests".
bool is_tag(std::string_view text) noexcept;
/// Errors: bad_tag if the text is no tag.
Result<void> require_tag(std::string_view text);

/// A tag of one of the three tracks, and what its text says.
///
///     pr-42-4f9d...c1     main-4f9d...c1     v1.2.3
///        |  |                  |              |
///     number commit         commit          version
class ImageTag {
 public:
  Track track() const noexcept { return track_; }
  const std::string& str() const noexcept { return text_; }
  /// Where the track is `pull_request`; otherwise 0.
  std::uint64_t number() const noexcept { return number_; }
  /// Where the track is `pull_request` or `snapshot`.
  const std::optional<CommitId>& commit() const noexcept { return commit_; }
  /// Where the track is `release`.
  const std::optional<Version>& version() const noexcept { return version_; }
  bool operator==(const ImageTag& other) const noexcept { return text_ == other.text_; }
  /// By track; releases by precedence, pull requests by number, then by text.
  std::strong_ordering operator<=>(const ImageTag& other) const noexcept;

 private:
  friend class TagPatterns;
  ImageTag(Track track, std::string text) : track_(track), text_(std::move(text)) {}
  Track track_;
  std::string text_;
  std::uint64_t number_ = 0;
  std::optional<CommitId> commit_;
  std::optional<Version> version_;
};

std::ostream& operator<<(std::ostream& out, const ImageTag& tag);

/// The spelling of the three tracks and of the Git tag of a release.
/// A pattern is literal text and `{number}`, `{sha}`, `{version}`, `{service}`; it can be inverted, no text fits two
/// patterns, and every text it gives is an OCI tag.
class TagPatterns {
 public:
  struct Texts {
    std::string pull_request = "pr-{number}-{sha}";
    std::string snapshot = "main-{sha}";
    std::string release = "v{version}";
    std::string git = "v{version}";
  };
  /// The defaults.
  TagPatterns();
  /// Errors: bad_config, naming the pattern and what is wrong with it.
  static Result<TagPatterns> parse(const Texts& texts);

  /// Errors: bad_tag if no track or no legal value fits; bad_commit_id for a short id.
  Result<ImageTag> parse_tag(std::string_view text) const;
  /// Errors: bad_request if `number` is 0.
  Result<ImageTag> pull_request(std::uint64_t number, const CommitId& commit) const;
  ImageTag snapshot(const CommitId& commit) const;
  /// Errors: bad_version if the tag would be longer than 128 characters.
  Result<ImageTag> release(const Version& version) const;
  /// The Git tag of a release of `service`.
  std::string git_tag(std::string_view service, const Version& version) const;
  /// The version that the Git tag `name` of `service` says; nothing if it is no such tag.
  std::optional<Version> version_of_git_tag(std::string_view service, std::string_view name) const;

  const Texts& texts() const noexcept { return texts_; }

 private:
  Texts texts_;
};

}  // namespace samebits
