#include "support/layout_writer.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "json/json.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_type = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view index_type = "application/vnd.oci.image.index.v1+json";

void write_file(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

/// A descriptor of the blob that it writes.
Json put_blob(const fs::path& layout, std::string_view media_type, const std::string& bytes) {
  const std::string hex = sha256_hex(bytes);
  write_file(layout / "blobs" / "sha256" / hex, bytes);
  Json descriptor;
  descriptor.add("mediaType", media_type);
  descriptor.add("digest", "sha256:" + hex);
  descriptor.add("size", static_cast<std::int64_t>(bytes.size()));
  return descriptor;
}

Json put_manifest(const fs::path& layout, std::string_view content, std::string_view architecture) {
  Json config;
  config.add("architecture", architecture);
  config.add("os", "linux");
  Json manifest;
  manifest.add("schemaVersion", 2);
  manifest.add("mediaType", manifest_type);
  manifest.add("config", put_blob(layout, "application/vnd.oci.image.config.v1+json", write_json(config)));
  manifest.add("layers", Json::Array{put_blob(layout, "application/vnd.oci.image.layer.v1.tar", std::string(content))});
  Json descriptor = put_blob(layout, manifest_type, write_json(manifest));
  Json platform;
  platform.add("architecture", architecture);
  platform.add("os", "linux");
  descriptor.add("platform", platform);
  return descriptor;
}

Json::Array entries_without(const fs::path& index, std::string_view tag) {
  std::ifstream stream(index, std::ios::binary);
  if (!stream) return {};
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  Json::Array others;
  const Json json = parse_json(bytes, "index.json").value();
  for (const Json& entry : *json.find("manifests")->array())
    if (entry.find("annotations") == nullptr ||
        entry.find("annotations")->text("org.opencontainers.image.ref.name") != tag)
      others.push_back(entry);
  return others;
}

}  // namespace

Digest put_image(const fs::path& layout, std::string_view tag, std::string_view content) {
  Json image;
  image.add("schemaVersion", 2);
  image.add("mediaType", index_type);
  image.add("manifests", Json::Array{put_manifest(layout, content, "amd64"), put_manifest(layout, content, "arm64")});
  Json entry = put_blob(layout, index_type, write_json(image));
  const Digest digest = Digest::parse(entry.text("digest")).value();
  Json annotations;
  annotations.add("org.opencontainers.image.ref.name", tag);
  entry.add("annotations", annotations);
  Json::Array entries = entries_without(layout / "index.json", tag);
  entries.push_back(std::move(entry));
  Json index;
  index.add("schemaVersion", 2);
  index.add("manifests", std::move(entries));
  write_file(layout / "oci-layout", R"({"imageLayoutVersion": "1.0.0"})");
  write_file(layout / "index.json", write_json(index));
  return digest;
}

}  // namespace samebits::test
