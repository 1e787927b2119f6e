#include "registry/manifest.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

Error bad_manifest(std::string message) {
  return Error{.code = ErrorCode::bad_answer,
               .message = std::move(message),
               .hint = "push the image again; what is there cannot be promoted"};
}

std::string platform_of(const Json& descriptor) {
  const Json* platform = descriptor.find("platform");
  if (platform == nullptr) return {};
  std::string text = platform->text("os") + "/" + platform->text("architecture");
  if (const std::string variant = platform->text("variant"); !variant.empty()) text += "/" + variant;
  return text;
}

}  // namespace

bool is_index_type(std::string_view media_type) noexcept {
  return media_type == oci_index_type || media_type == docker_list_type;
}

bool is_manifest_type(std::string_view media_type) noexcept {
  return is_index_type(media_type) || media_type == oci_manifest_type || media_type == docker_manifest_type;
}

Result<Descriptor> Descriptor::parse(const Json& json) {
  auto digest = Digest::parse(json.text("digest"));
  if (!digest) return bad_manifest(fmt::format("a descriptor has no usable digest: {}", digest.error().message));
  const Json* size = json.find("size");
  if (size == nullptr || size->integer() == nullptr || *size->integer() < 0)
    return bad_manifest(fmt::format("the descriptor of {} has no size", *digest));
  return Descriptor{.media_type = json.text("mediaType"),
                    .digest = *std::move(digest),
                    .size = *size->integer(),
                    .platform = platform_of(json)};
}

Result<std::optional<std::string>> said_media_type(std::string_view bytes) {
  const auto json = parse_json(bytes, "the manifest");
  if (!json) return bad_manifest(json.error().message);
  if (json->object() == nullptr) return bad_manifest("a manifest is no JSON object");
  std::string said = json->text("mediaType");
  return said.empty() ? std::nullopt : std::optional(std::move(said));
}

Result<std::string> media_type_of(std::string_view bytes) {
  auto json = parse_json(bytes, "the manifest");
  if (!json) return bad_manifest(json.error().message);
  const std::string said = json->text("mediaType");
  if (!said.empty()) {
    if (is_manifest_type(said)) return said;
    return bad_manifest(fmt::format("'{}' is no image manifest", printable(said)));
  }
  if (json->find("manifests") != nullptr) return std::string(oci_index_type);
  if (json->find("layers") != nullptr && json->find("config") != nullptr) return std::string(oci_manifest_type);
  return bad_manifest("a blob that should be a manifest is neither manifest nor index");
}

Result<std::vector<Descriptor>> children_of(const Manifest& manifest) {
  std::vector<Descriptor> children;
  if (!is_index_type(manifest.media_type)) return children;
  auto json = parse_json(manifest.bytes, "the index");
  if (!json) return bad_manifest(json.error().message);
  const Json* list = json->find("manifests");
  if (list == nullptr || list->array() == nullptr) return bad_manifest("an index has no list of manifests");
  for (const Json& entry : *list->array()) {
    SB_TRY(auto child, Descriptor::parse(entry));
    children.push_back(std::move(child));
  }
  return children;
}

Result<std::vector<std::string>> platforms_of(const Manifest& manifest) {
  SB_TRY(const auto children, children_of(manifest));
  std::vector<std::string> platforms;
  for (const Descriptor& child : children)
    // Attestations ride along as platform unknown/unknown.
    if (!child.platform.empty() && child.platform != "unknown/unknown") platforms.push_back(child.platform);
  return platforms;
}

}  // namespace samebits
