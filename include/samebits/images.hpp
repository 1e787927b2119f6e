#pragma once

#include <optional>
#include <string>

#include <samebits/image_ref.hpp>
#include <samebits/plan.hpp>
#include <samebits/registry.hpp>
#include <samebits/reports.hpp>
#include <samebits/requests.hpp>

namespace samebits {

struct ImageShowRequest {
  /// `oci:PATH:TAG`, or with a digest.
  std::string ref;
  Timeout timeout = {};
};

/// Gives an image another tag.
struct ImageTagRequest {
  /// The image: a reference with a tag or a digest.
  std::string source;
  std::string tag;
  bool dry_run = false;
  Timeout timeout = {};
};

struct ImageListRequest {
  std::string repository;
  /// Nothing: of every track and of none.
  std::optional<Track> track = {};
  Timeout timeout = {};
};

// The same with the registry of the repository given. Errors: bad_request without tag and digest; image_missing.
Result<ImageReport> show_image(Context& context, Registry& registry, const ImageRef& ref);
/// Errors: also bad_tag, tag_exists.
Result<Receipt> tag_image(Context& context, Registry& registry, const ImageRef& source, const std::string& tag);
/// What `tag_image` would do.
Result<Plan> plan_tag_image(Context& context, Registry& registry, const ImageRef& source, const std::string& tag);
Result<ImagesReport> list_images(Context& context, Registry& registry, const ImageRepo& repository,
                                 const std::optional<Track>& track);

}  // namespace samebits
