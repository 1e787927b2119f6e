#include <algorithm>
#include <filesystem>
#include <utility>

#include <samebits/adapters.hpp>
#include <samebits/image_tag.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "registry/manifest.hpp"
#include "system/files.hpp"

namespace samebits {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ref_name = "org.opencontainers.image.ref.name";
constexpr std::size_t max_index_bytes = std::size_t{64} << 20;

std::string tag_of(const Json& entry) {
  const Json* annotations = entry.find("annotations");
  return annotations == nullptr ? std::string() : annotations->text(ref_name);
}

/// Source: OCI image-spec 1.1, "Image Layout".
class ImageLayout final : public Registry {
 public:
  explicit ImageLayout(std::string_view folder) : folder_(folder) {}

  std::string location() const override { return "oci:" + folder_.string(); }

  Result<std::optional<Digest>> resolve(Context& context, std::string_view tag) override {
    SB_CHECK(context.check());
    SB_TRY(const Json* const index, read_index());
    SB_TRY(const auto found, tag.empty() ? find_only(*index) : find_tag(*index, tag));
    if (!found) return std::optional<Digest>();
    SB_CHECK(require_blob(*found));
    return std::optional(found->digest);
  }

  Result<std::optional<Manifest>> manifest(Context& context, const Digest& digest) override {
    SB_CHECK(context.check());
    SB_CHECK(require_layout());
    const fs::path path = blob_path(digest);
    SB_TRY(auto bytes, read_file(path, max_manifest_bytes));
    if (!bytes) return std::optional<Manifest>();
    if (sha256_digest(*bytes) != digest)
      return broken(path, fmt::format("the bytes of {} are {}", digest, sha256_digest(*bytes)));
    SB_TRY(auto media_type, media_type_of(*bytes));
    return std::optional(Manifest{.digest = digest, .media_type = std::move(media_type), .bytes = *std::move(bytes)});
  }

  Result<TagCreated> create_tag(Context& context, std::string_view tag, const Digest& digest) override {
    SB_CHECK(require_tag(tag));
    SB_CHECK(require_layout());
    // The folder itself is locked, so that nothing foreign is left in the layout.
    SB_TRY(const auto lock, FileLock::acquire(context, folder_));
    remove_leftovers(index_path());
    SB_TRY(const Json* const index, read_index());
    SB_TRY(const auto found, find_tag(*index, tag));
    if (found && found->digest == digest) return TagCreated::already;
    if (found)
      return Error{.code = ErrorCode::tag_exists,
                   .message = fmt::format("the image tag {} is {} already, not {}", tag, found->digest, digest),
                   .hint = "a published tag is never moved: choose another one",
                   .remote = location()};
    SB_TRY(Json entry, entry_for(context, *index, digest));
    Json annotations;
    annotations.add(ref_name, tag);
    entry.add("annotations", std::move(annotations));
    SB_CHECK(add_entry(std::move(entry)));
    return TagCreated::created;
  }

  Result<std::vector<std::string>> list(Context& context) override {
    SB_CHECK(context.check());
    SB_TRY(const Json* const index, read_index());
    std::vector<std::string> tags;
    for (const Json& entry : manifests(*index))
      if (std::string tag = tag_of(entry); is_tag(tag)) tags.push_back(std::move(tag));
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
  }

 private:
  fs::path index_path() const { return folder_ / "index.json"; }
  fs::path blob_path(const Digest& digest) const { return folder_ / "blobs" / "sha256" / digest.hex(); }

  Error broken(const fs::path& file, std::string message) const {
    return Error{.code = ErrorCode::bad_answer,
                 .message = std::move(message),
                 .hint = "the layout is damaged: restore the file or push the images again",
                 .where = {.file = file.string()},
                 .remote = location()};
  }

  Result<void> require_layout() const {
    const fs::path marker = folder_ / "oci-layout";
    SB_TRY(const auto bytes, read_file(marker, 4096));
    if (!bytes)
      return Error{.code = ErrorCode::repository_missing,
                   .message = fmt::format("there is no OCI image layout in '{}'", folder_.string()),
                   .hint = "check the path after oci:, or push a first image there (skopeo copy ... oci:PATH:TAG)",
                   .remote = location()};
    const auto json = parse_json(*bytes, "oci-layout");
    if (!json) return broken(marker, json.error().message);
    const std::string said = json->text("imageLayoutVersion");
    if (said.starts_with("1.")) return {};
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("the image layout has version '{}', and 1.x is known", printable(said)),
                 .where = {.file = marker.string()}};
  }

  /// `index.json`, with a list of manifests in it for sure; until it is read again.
  Result<const Json*> read_index() {
    SB_CHECK(require_layout());
    SB_TRY(auto bytes, read_file(index_path(), max_index_bytes));
    if (!bytes) return broken(index_path(), "the image layout has no index.json");
    // One release looks at it half a dozen times.
    if (*bytes == index_bytes_) return &index_;
    auto index = parse_json(*bytes, "index.json", max_index_bytes);
    if (!index) return broken(index_path(), index.error().message);
    const Json* list = index->find("manifests");
    if (list == nullptr || list->array() == nullptr) return broken(index_path(), "index.json has no list of manifests");
    index_ = *std::move(index);
    index_bytes_ = *std::move(bytes);
    return &index_;
  }

  /// To the index that was read.
  Result<void> add_entry(Json entry) {
    index_bytes_.reset();
    manifests(index_).push_back(std::move(entry));
    std::string bytes = write_json(index_);
    SB_CHECK(replace_file(index_path(), bytes));
    index_bytes_ = std::move(bytes);
    return {};
  }

  /// The list that `read_index` made sure of.
  static const Json::Array& manifests(const Json& index) { return *index.find("manifests")->array(); }
  static Json::Array& manifests(Json& index) { return const_cast<Json::Array&>(manifests(std::as_const(index))); }

  Result<std::optional<Descriptor>> find_tag(const Json& index, std::string_view tag) const {
    std::optional<Descriptor> found;
    for (const Json& entry : manifests(index)) {
      if (tag_of(entry) != tag) continue;
      auto descriptor = Descriptor::parse(entry);
      if (!descriptor) return broken(index_path(), descriptor.error().message);
      if (found && found->digest != descriptor->digest)
        return broken(index_path(),
                      fmt::format("the tag {} stands twice, as {} and as {}", tag, found->digest, descriptor->digest));
      found = *std::move(descriptor);
    }
    return found;
  }

  /// What a layout means that is named without a tag: its only image, whatever tags it has; nothing where it has
  /// others.
  Result<std::optional<Descriptor>> find_only(const Json& index) const {
    std::optional<Descriptor> only;
    for (const Json& entry : manifests(index)) {
      auto descriptor = Descriptor::parse(entry);
      if (!descriptor) return broken(index_path(), descriptor.error().message);
      if (only && only->digest != descriptor->digest) return std::optional<Descriptor>();
      only = *std::move(descriptor);
    }
    return only;
  }

  /// Errors: bad_answer if the manifest is missing or cut short.
  Result<void> require_blob(const Descriptor& descriptor) const {
    std::error_code failure;
    const fs::path path = blob_path(descriptor.digest);
    const auto size = fs::file_size(path, failure);
    if (failure) return broken(path, fmt::format("the manifest {} is missing", descriptor.digest));
    if (size == static_cast<std::uintmax_t>(descriptor.size)) return {};
    return broken(path, fmt::format("the manifest {} has {} bytes, not {}", descriptor.digest, size, descriptor.size));
  }

  /// The index entry of a manifest that is there, without annotations.
  Result<Json> entry_for(Context& context, const Json& index, const Digest& digest) {
    SB_TRY(const auto found, manifest(context, digest));
    if (!found)
      return Error{.code = ErrorCode::image_missing,
                   .message = fmt::format("no manifest is {}", digest),
                   .hint = "check the digest",
                   .remote = location()};
    Json entry;
    entry.add("mediaType", found->media_type);
    entry.add("digest", digest.str());
    entry.add("size", static_cast<std::int64_t>(found->bytes.size()));
    for (const Json& other : manifests(index))
      if (other.text("digest") == digest.str() && other.find("platform") != nullptr) {
        entry.add("platform", *other.find("platform"));
        break;
      }
    return entry;
  }

  fs::path folder_;
  /// What was read or written last, and what it means.
  std::optional<std::string> index_bytes_;
  Json index_;
};

}  // namespace

std::unique_ptr<Registry> open_image_layout(std::string_view folder) { return std::make_unique<ImageLayout>(folder); }

}  // namespace samebits
