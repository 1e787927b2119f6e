#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/context.hpp>
#include <samebits/digest.hpp>

namespace samebits {

/// A manifest or index: exactly the registry's bytes.
struct Manifest {
  Digest digest;
  std::string media_type;
  std::string bytes;
};

/// The platforms that an index names, such as `linux/arm/v7`; none for a single manifest. Errors: bad_answer.
Result<std::vector<std::string>> platforms_of(const Manifest& manifest);

enum class TagCreated { created, already };

/// What `Registry::retag` did.
struct Retagged {
  Digest digest;
  TagCreated outcome;
};

/// Port: the tags of one image repository. Reports facts and decides nothing.
class Registry {
 public:
  virtual ~Registry() = default;
  /// `host/path` or `oci:PATH`; holds no secret.
  virtual std::string location() const = 0;
  /// Nothing if no manifest has that tag. Errors: bad_answer if what is there is broken.
  virtual Result<std::optional<Digest>> resolve(Context& context, std::string_view tag) = 0;
  /// Nothing if there is no such manifest. Errors: bad_answer if the bytes are not what the digest says: damage, and
  /// not the conflict between two records that digest_mismatch is.
  virtual Result<std::optional<Manifest>> manifest(Context& context, const Digest& digest) = 0;
  /// Points `tag` at `digest`, only if the tag is absent or already points there.
  /// Errors: tag_exists if it points elsewhere; image_missing; outcome_unknown if the answer was lost.
  /// Source: OCI distribution-spec 1.1, "Pushing Manifests"; image-spec 1.1, "Image Layout".
  virtual Result<TagCreated> create_tag(Context& context, std::string_view tag, const Digest& digest) = 0;
  /// `create_tag` at what `source` points to, which is resolved once; where a port allows, source and target are read
  /// at the same time. Errors: of both; image_missing if there is no `source`.
  virtual Result<Retagged> retag(Context& context, std::string_view source, std::string_view tag);
  /// All tags, sorted by text.
  virtual Result<std::vector<std::string>> list(Context& context) = 0;
};

}  // namespace samebits
