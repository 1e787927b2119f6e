#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "crypto/sha256.hpp"
#include "registry/manifest.hpp"

/// Whatever a registry sends as a manifest: what is read of it is a known type and descriptors with a digest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace samebits;
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)said_media_type(text);
  const auto type = media_type_of(text);
  if (type && !is_manifest_type(*type)) std::abort();
  const Manifest manifest{.digest = sha256_digest(text), .media_type = std::string(oci_index_type), .bytes = text};
  const auto children = children_of(manifest);
  const auto platforms = platforms_of(manifest);
  if (children.has_value() != platforms.has_value()) std::abort();
  if (children && platforms->size() > children->size()) std::abort();
  return 0;
}
