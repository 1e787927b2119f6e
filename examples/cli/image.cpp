#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {

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

namespace {

int show_image(const Session& session, const ImageShowRequest& request) {
  auto client = session.client_for_images(request.ref);
  if (!client) return fail(session, client.error());
  return answer(session, client->image_show(request));
}

int tag_image(const Session& session, const ImageTagRequest& request) {
  auto client = session.client_for_images(request.source);
  if (!client) return fail(session, client.error());
  return session.dry_run() ? show(session, client->plan(request)) : show(session, client->image_tag(request));
}

int list_images(const Session& session, ImageListRequest request, const std::string& track) {
  auto client = session.client_for_images(request.repository);
  if (!client) return fail(session, client.error());
  if (!track.empty()) request.track = track_from(track);
  return answer(session, client->image_list(request));
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
  show->callback([&session, &run, ref] { run = [&session, ref] { return show_image(session, {.ref = *ref}); }; });
  auto* create = image->add_subcommand("tag", "give an image another tag; never moves one");
  create->add_option("source", *ref, "HOST/REPOSITORY:TAG, oci:FOLDER:TAG, or ...@sha256:...")->required();
  create->add_option("tag", *tag, "the new tag")->required();
  create->callback([&session, &run, ref, tag] {
    run = [&session, ref, tag] { return tag_image(session, {.source = *ref, .tag = *tag}); };
  });
  auto* list = image->add_subcommand("list", "the tags of a repository");
  list->add_option("repository", *ref, "HOST/REPOSITORY or oci:FOLDER")->required();
  list->add_option("--track", *track, "only pull-request, snapshot or release")
      ->check(CLI::IsMember({"pull-request", "snapshot", "release"}));
  list->callback([&session, &run, ref, track] {
    run = [&session, ref, track] { return list_images(session, {.repository = *ref}, *track); };
  });
}

}  // namespace samebits::cli
