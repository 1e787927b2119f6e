#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/registry.hpp>

#include "json/json.hpp"

namespace samebits {

inline constexpr std::string_view oci_index_type = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view oci_manifest_type = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view docker_list_type = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_manifest_type = "application/vnd.docker.distribution.manifest.v2+json";

/// Registries promise to take 4 MiB; some take more.
inline constexpr std::size_t max_manifest_bytes = std::size_t{8} << 20;

bool is_index_type(std::string_view media_type) noexcept;
bool is_manifest_type(std::string_view media_type) noexcept;

/// A link from an index to a manifest.
/// Source: OCI image-spec 1.1, "Content Descriptors".
struct Descriptor {
  std::string media_type;
  Digest digest;
  std::int64_t size = 0;
  /// `linux/arm/v7`; empty where the descriptor says none.
  std::string platform = {};

  /// Errors: bad_answer, with what is wrong.
  static Result<Descriptor> parse(const Json& json);
};

/// What a manifest's own `mediaType` says; nothing where it says none. Errors: bad_answer if it is no JSON object.
Result<std::optional<std::string>> said_media_type(std::string_view bytes);

/// The media type that a manifest's own bytes say; guessed by its members where it says none.
/// Errors: bad_answer if it is neither a manifest nor an index.
Result<std::string> media_type_of(std::string_view bytes);

/// The manifests that an index names; none for a single manifest. Errors: bad_answer.
Result<std::vector<Descriptor>> children_of(const Manifest& manifest);

}  // namespace samebits
