#pragma once

#include <optional>
#include <string_view>

#include <samebits/registry.hpp>

#include "registry/endpoint.hpp"

namespace samebits::registry {

/// Creates one tag: read, compare, put, verify. Registries have no compare-and-swap, so that every answer which is not
/// understood ends in reading again; what is written by somebody else between our read and our put cannot be seen, only
/// that it is there afterwards.
/// ```
/// read tag -> same digest: already | other digest: tag_exists | absent
///      ^                                                         |
///      |  any answer but 2xx                                     v
///      +------------------------------------------------------- put -> read: same digest: created | other: tag_exists
/// ```
/// Source: OCI distribution-spec 1.1, "Pushing Manifests".
class TagWrite {
 public:
  /// `kept` is the manifest that was read last, if any; all are borrowed.
  TagWrite(Context& context, Endpoint& endpoint, const ImageRepo& repo, std::optional<Manifest>& kept)
      : context_(context), endpoint_(endpoint), repo_(repo), kept_(kept) {}

  Result<TagCreated> create(std::string_view tag, const Digest& digest);
  Result<Retagged> retag(std::string_view source, std::string_view tag);

 private:
  struct Seen {
    std::optional<Manifest> manifest;
    std::optional<Digest> target;
  };

  /// The manifest (unless it is kept) and the tag, at the same time.
  Result<Seen> read(const Digest& digest, std::string_view tag);
  /// The digest and the manifest (unless it is kept) of `source`, and the tag, at the same time.
  /// Errors: bad_answer where the source's digest is not that of its bytes.
  Result<Seen> read_by_tag(std::string_view source, std::string_view tag);
  Result<std::optional<Manifest>> take_manifest(const RegistryRequest& get, const http::Response& response);
  Error disagreement(std::string_view source, const std::optional<Digest>& head,
                     const std::optional<Manifest>& whole) const;
  Result<std::optional<Digest>> read_tag(std::string_view tag);
  std::vector<Result<http::Response>> send(const std::vector<RegistryRequest>& requests);
  Result<TagCreated> write(std::string_view tag, const Manifest& manifest, std::optional<Digest> target);
  Result<bool> put(std::string_view tag, const Manifest& manifest);
  Error no_image(std::string_view reference) const;

  Context& context_;
  Endpoint& endpoint_;
  const ImageRepo& repo_;
  std::optional<Manifest>& kept_;
  /// Pull alone, once it is clear that reading is all that the credentials allow.
  Access reading_ = Access::push;
  /// Why the last put gave no success.
  Error last_;
  bool was_put_ = false;
};

}  // namespace samebits::registry
