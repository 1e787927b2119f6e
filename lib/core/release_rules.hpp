#pragma once

#include <string_view>
#include <vector>

#include "core/current.hpp"

namespace samebits {

/// The commit to release: the one that was asked for; for a version whose Git tag is ours, that tag's; otherwise the
/// tip of the protected branch or the snapshot that `release.from` runs. Errors: unknown_current, commit_missing.
Result<CommitId> release_commit(const FactReader& facts, const Intent& intent, const Pipeline& pipeline,
                                const Service& service, const std::string& git_tag, const TargetRule* from);

/// The bits of the snapshot. Where the snapshot's tag is gone, a Git tag of ours still says which they were.
/// Errors: image_missing.
Result<Digest> release_digest(const FactReader& facts, const Service& service, const ImageTag& tag,
                              const std::string& snapshot, const Known<GitTag>& git_tag);

/// Errors: digest_mismatch if `from` runs the snapshot with other bits.
Result<void> require_bits_of(const FactReader& facts, const TargetRule& from, const TagPatterns& patterns,
                             const std::string& snapshot, const Digest& digest);

/// Errors: tag_exists if the version's Git tag is of another commit, service or digest.
Result<void> require_free_or_ours(std::string_view name, const Known<GitTag>& git_tag, const ImageDecision& image,
                                  const CommitId& commit);
/// Errors: tag_exists if the version's image tag has other bits.
Result<void> require_free_or_same(const ImageTag& tag, const Known<Digest>& released, const ImageDecision& image);

/// Errors: tag_exists if the forge's release of the version was made by hand.
Result<void> require_release_is_ours(const ForgeRelease& release, const Known<GitTag>& git_tag,
                                     const Known<Digest>& released, const ImageDecision& image);
/// What a release's notes hold, so that a draft is known as ours.
std::string release_marker(const Digest& digest);

/// Errors: superseded if the version was released and left since; version_not_newer; unknown_current.
Result<void> require_newer(const FactReader& facts, const std::vector<TargetRule>& rules,
                           const std::vector<Current>& currents, const ImageTag& tag, bool adopt);

}  // namespace samebits
