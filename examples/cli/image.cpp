#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

std::string to_text(const ImageReport& image) {
  return fmt::format("repository  {}\ntag         {}\ndigest      {}\nmedia type  {}\nplatforms   {}\n",
                     image.repository, image.tag.empty() ? "-" : image.tag, image.digest.str(), image.media_type,
                     image.platforms.empty() ? "-" : fmt::format("{}", fmt::join(image.platforms, ", ")));
}

std::string to_text(const ImagesReport& images) {
  std::string out;
  for (const auto& image : images.images) out += image.tag + "\n";
  return out;
}

Error no_image(const std::string& ref) {
  return {.code = ErrorCode::image_missing,
          .message = fmt::format("no image is '{}'", ref),
          .hint = "samebits image list shows the tags that are there"};
}

/// The digest that a reference means. Errors: bad_request without tag and digest; image_missing.
Result<Digest> resolve(Context& context, Registry& registry, const ImageRef& ref) {
  if (ref.digest()) return *ref.digest();
  if (ref.tag().empty())
    return Error{
        .code = ErrorCode::bad_request, .message = "the reference names no tag", .hint = "add :TAG or @DIGEST"};
  auto digest = registry.resolve(context, ref.tag());
  if (!digest) return std::move(digest).error();
  if (!*digest) return no_image(ref.str());
  return **digest;
}

int show_image(const Session& session, const std::string& text) {
  auto context = session.context();
  const auto ref = ImageRef::parse(text);
  if (!ref) return fail(session, ref.error());
  Network network(session.network_options(context, ref->repo()));
  const auto registry = open_registry(ref->repo(), network);
  const auto digest = resolve(context, *registry, *ref);
  if (!digest) return fail(session, digest.error());
  const auto manifest = registry->manifest(context, *digest);
  if (!manifest) return fail(session, manifest.error());
  if (!*manifest) return fail(session, no_image(text));
  const auto platforms = platforms_of(**manifest);
  if (!platforms) return fail(session, platforms.error());
  const ImageReport report{.repository = ref->repo().str(),
                           .tag = ref->tag(),
                           .digest = *digest,
                           .media_type = (*manifest)->media_type,
                           .platforms = *platforms};
  std::cout << (session.json() ? to_json(report) + "\n" : to_text(report));
  return 0;
}

std::vector<PromotedImage> tagged(const ImageRef& ref, const std::string& tag, const Digest& digest) {
  return {{.service = "", .repository = ref.repo().str(), .snapshot = ref.tag(), .tag = tag, .digest = digest}};
}

int plan_tag(const Session& session, Context& context, Registry& registry, const ImageRef& ref,
             const std::string& tag) {
  const auto digest = resolve(context, registry, ref);
  if (!digest) return fail(session, digest.error());
  const auto there = registry.resolve(context, tag);
  if (!there) return fail(session, there.error());
  const std::string reason = !*there ? "absent" : **there == *digest ? "already there" : "conflict: another digest";
  return show(session, Result<Plan>(Plan{.operation = "image-tag",
                                         .request = "{}",
                                         .images = tagged(ref, tag, *digest),
                                         .steps = {{.name = "image-tag",
                                                    .action = fmt::format("point {} at {}", tag, digest->str()),
                                                    .reason = reason}}}));
}

Result<Retagged> create_tag(Context& context, Registry& registry, const ImageRef& ref, const std::string& tag) {
  if (!ref.digest() && !ref.tag().empty()) return registry.retag(context, ref.tag(), tag);
  const auto digest = resolve(context, registry, ref);
  if (!digest) return digest.error();
  const auto created = registry.create_tag(context, tag, *digest);
  if (!created) return created.error();
  return Retagged{.digest = *digest, .outcome = *created};
}

int tag_image(const Session& session, const std::string& text, const std::string& tag) {
  auto context = session.context();
  const auto ref = ImageRef::parse(text);
  if (!ref) return fail(session, ref.error());
  if (!is_tag(tag))
    return fail(session, {.code = ErrorCode::bad_tag,
                          .message = fmt::format("'{}' is no image tag", tag),
                          .hint = "a tag is letters, digits, '_', '.' and '-', at most 128"});
  Network network(session.network_options(context, ref->repo()));
  const auto registry = open_registry(ref->repo(), network);
  if (session.dry_run()) return plan_tag(session, context, *registry, *ref, tag);
  const auto created = create_tag(context, *registry, *ref, tag);
  if (!created) return fail(session, created.error());
  const bool done = created->outcome == TagCreated::created;
  return show(session,
              Result<Receipt>(Receipt{
                  .operation = "image-tag",
                  .changed = done,
                  .images = tagged(*ref, tag, created->digest),
                  .steps = {{.name = "image-tag", .outcome = done ? StepOutcome::done : StepOutcome::already}}}));
}

int list_images(const Session& session, const std::string& text, const std::string& track) {
  auto context = session.context();
  const auto repo = ImageRepo::parse(text);
  if (!repo) return fail(session, repo.error());
  Network network(session.network_options(context, *repo));
  const auto registry = open_registry(*repo, network);
  const auto tags = registry->list(context);
  if (!tags) return fail(session, tags.error());
  const TagPatterns patterns;
  ImagesReport report{.repository = repo->str()};
  for (const std::string& name : *tags) {
    const auto tag = patterns.parse_tag(name);
    if (track.empty() || (tag && to_string(tag->track()) == track))
      report.images.push_back({.tag = name, .track = tag ? std::optional(tag->track()) : std::nullopt});
  }
  std::cout << (session.json() ? to_json(report) + "\n" : to_text(report));
  return 0;
}

}  // namespace

void add_image(CLI::App& app, const Session& session, Run& run) {
  auto* image = app.add_subcommand("image", "images by reference: show, tag, list");
  image->require_subcommand(1);
  image->fallthrough();
  auto ref = std::make_shared<std::string>();
  auto tag = std::make_shared<std::string>();
  auto track = std::make_shared<std::string>();
  auto* show = image->add_subcommand("show", "digest, media type and platforms");
  show->add_option("ref", *ref, "HOST/REPOSITORY:TAG, oci:FOLDER:TAG, or ...@sha256:...")->required();
  show->callback([&session, &run, ref] { run = [&session, ref] { return show_image(session, *ref); }; });
  auto* create = image->add_subcommand("tag", "give an image another tag; never moves one");
  create->add_option("source", *ref, "HOST/REPOSITORY:TAG, oci:FOLDER:TAG, or ...@sha256:...")->required();
  create->add_option("tag", *tag, "the new tag")->required();
  create->callback(
      [&session, &run, ref, tag] { run = [&session, ref, tag] { return tag_image(session, *ref, *tag); }; });
  auto* list = image->add_subcommand("list", "the tags of a repository");
  list->add_option("repository", *ref, "HOST/REPOSITORY or oci:FOLDER")->required();
  list->add_option("--track", *track, "only pull-request, snapshot or release")
      ->check(CLI::IsMember({"pull-request", "snapshot", "release"}));
  list->callback(
      [&session, &run, ref, track] { run = [&session, ref, track] { return list_images(session, *ref, *track); }; });
  image->footer(
      "Examples:\n  samebits image tag ghcr.io/acme/api:main-4f9d... v1.2.3\n  samebits image list oci:images --track "
      "release");
}

}  // namespace samebits::cli
