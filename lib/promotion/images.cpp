#include <samebits/image_ref.hpp>
#include <samebits/images.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

Error no_image(const ImageRef& ref) {
  return {.code = ErrorCode::image_missing,
          .message = fmt::format("no image is '{}'", printable(ref.str())),
          .hint = "samebits image list shows the tags that are there"};
}

Result<Digest> digest_of(Context& context, Registry& registry, const ImageRef& ref) {
  if (ref.digest()) return *ref.digest();
  SB_TRY(auto digest, registry.resolve(context, ref.tag()));
  if (!digest && ref.tag().empty())
    return Error{.code = ErrorCode::bad_request,
                 .message = "the reference names no tag, and the layout has not one image alone",
                 .hint = "add :TAG or @DIGEST"};
  if (!digest) return no_image(ref);
  return *std::move(digest);
}

Result<void> require_tag(const std::string& tag) {
  if (is_tag(tag)) return {};
  return Error{.code = ErrorCode::bad_tag,
               .message = fmt::format("'{}' is no image tag", printable(tag)),
               .hint = "a tag is letters, digits, '_', '.' and '-', at most 128"};
}

std::vector<PromotedImage> tagged(const ImageRef& source, const std::string& tag, const Digest& digest) {
  return {{.service = "", .repository = source.repo().str(), .snapshot = source.tag(), .tag = tag, .digest = digest}};
}

Result<Retagged> retag(Context& context, Registry& registry, const ImageRef& source, const std::string& tag) {
  if (!source.digest() && !source.tag().empty()) return registry.retag(context, source.tag(), tag);
  SB_TRY(const auto digest, digest_of(context, registry, source));
  SB_TRY(const auto outcome, registry.create_tag(context, tag, digest));
  return Retagged{.digest = digest, .outcome = outcome};
}

}  // namespace

Result<ImageReport> show_image(Context& context, Registry& registry, const ImageRef& ref) {
  SB_TRY(const auto digest, digest_of(context, registry, ref));
  SB_TRY(const auto manifest, registry.manifest(context, digest));
  if (!manifest) return no_image(ref);
  SB_TRY(auto platforms, platforms_of(*manifest));
  return ImageReport{.repository = ref.repo().str(),
                     .tag = ref.tag(),
                     .digest = digest,
                     .media_type = manifest->media_type,
                     .platforms = std::move(platforms)};
}

Result<Receipt> tag_image(Context& context, Registry& registry, const ImageRef& source, const std::string& tag) {
  SB_CHECK(require_tag(tag));
  SB_TRY(const auto retagged, retag(context, registry, source, tag));
  const bool done = retagged.outcome == TagCreated::created;
  return Receipt{.operation = "image-tag",
                 .changed = done,
                 .images = tagged(source, tag, retagged.digest),
                 .steps = {{.name = "image-tag", .outcome = done ? StepOutcome::done : StepOutcome::already}}};
}

Result<Plan> plan_tag_image(Context& context, Registry& registry, const ImageRef& source, const std::string& tag) {
  SB_CHECK(require_tag(tag));
  SB_TRY(const auto digest, digest_of(context, registry, source));
  SB_TRY(const auto there, registry.resolve(context, tag));
  if (there && *there != digest)
    return Error{.code = ErrorCode::tag_exists,
                 .message = fmt::format("the image tag {} is {} already, not {}", tag, *there, digest),
                 .hint = "a published tag is never moved: choose another one",
                 .remote = registry.location()};
  Json asked;
  asked.add("source", source.str());
  asked.add("tag", tag);
  // Member by member: gcc 12 destroys an aggregate's members twice where a later one cannot be made.
  Plan plan;
  plan.operation = "image-tag";
  plan.request = write_json(asked);
  plan.images = tagged(source, tag, digest);
  plan.basis.tags = {
      {.ref = source.repo().str() + ":" + tag, .id = there ? std::optional(there->str()) : std::nullopt}};
  plan.steps = {{.name = "image-tag",
                 .action = fmt::format("point {} at {}", tag, digest),
                 .reason = there ? "already there" : "absent"}};
  return plan;
}

Result<ImagesReport> list_images(Context& context, Registry& registry, const ImageRepo& repository,
                                 const std::optional<Track>& track) {
  SB_TRY(const auto tags, registry.list(context));
  const TagPatterns patterns;
  ImagesReport report{.repository = repository.str()};
  for (const std::string& name : tags) {
    const auto tag = patterns.parse_tag(name);
    const auto fits = tag ? std::optional(tag->track()) : std::nullopt;
    if (!track || fits == track) report.images.push_back({.tag = name, .track = fits});
  }
  return report;
}

}  // namespace samebits
