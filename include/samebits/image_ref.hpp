#pragma once

#include <compare>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include <samebits/digest.hpp>

namespace samebits {

/// Where an image's tags live: `host[:port]/path`, or `oci:PATH`, an OCI image layout in a folder.
class ImageRepo {
 public:
  /// `docker.io` and `library/` are filled in as Docker does. Errors: bad_request.
  /// Source: distribution/reference, "Grammar".
  static Result<ImageRepo> parse(std::string_view text);

  bool is_layout() const noexcept { return host_.empty(); }
  /// `host[:port]`; empty for a layout.
  const std::string& host() const noexcept { return host_; }
  /// The repository's path at its host, or the folder of the layout.
  const std::string& path() const noexcept { return path_; }
  std::string str() const { return is_layout() ? "oci:" + path_ : host_ + "/" + path_; }
  /// The same layout, with a relative folder taken as relative to `folder`; a host's repository is unchanged.
  ImageRepo relative_to(const std::string& folder) const;
  auto operator<=>(const ImageRepo&) const = default;

 private:
  friend class ImageRef;
  std::string host_;
  std::string path_;
};

std::ostream& operator<<(std::ostream& out, const ImageRepo& repo);

/// A repository with a tag, a digest or both: `ghcr.io/acme/api:v1.2.3`, `oci:images:v1.2.3`, `...@sha256:...`.
class ImageRef {
 public:
  /// Without tag and digest the tag is `latest` for a host, as everywhere, and absent for a layout.
  /// Errors: bad_request, bad_tag.
  static Result<ImageRef> parse(std::string_view text);

  const ImageRepo& repo() const noexcept { return repo_; }
  const std::string& tag() const noexcept { return tag_; }
  const std::optional<Digest>& digest() const noexcept { return digest_; }
  std::string str() const;
  bool operator==(const ImageRef&) const = default;

 private:
  ImageRepo repo_;
  std::string tag_;
  std::optional<Digest> digest_;
};

std::ostream& operator<<(std::ostream& out, const ImageRef& ref);

}  // namespace samebits
