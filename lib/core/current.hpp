#pragma once

#include <optional>
#include <string>

#include "core/decision.hpp"

namespace samebits {

/// What a target runs now, as its values file and its record say it.
struct Current {
  /// The text that stands for the tag; empty where nothing was promoted yet.
  std::string text;
  /// Where the text is a tag of one of the tracks.
  std::optional<ImageTag> tag;
  /// The record, only where the values agree with it.
  const StoredRecord* record = nullptr;
  /// The record that is there, whether or not the values agree.
  const StoredRecord* stored = nullptr;
  std::optional<BlobId> blob;

  bool is_nothing() const noexcept { return text.empty(); }
};

/// The commit of the tag that runs; null where none of this track does.
const CommitId* running_commit(const Current& current, Track track) noexcept;

/// Asks for the values and the record of a target.
void want_current(FactReader& facts, const Target& target);
/// Errors: file_missing if a lasting environment has no values file; bad_config.
Result<Current> current_of(const FactReader& facts, const TargetRule& rule, const TagPatterns& patterns);

/// Errors: unknown_current if something runs that is no tag of the environment's track, and it is not to be adopted.
Result<void> require_known(const Current& current, const TargetRule& rule, bool adopt);

/// The writes that set `values`, in the pipeline's order.
std::vector<KeyWrite> key_writes(const FactReader& facts, const TargetRule& rule, const WriteValues& values);

/// True if the values file has every key as `writes` want it.
bool has_writes(const FactReader& facts, const TargetRule& rule, const std::vector<KeyWrite>& writes);

/// Asks for the digest of what runs now, where no record says it.
void want_replaced(FactReader& facts, const TargetRule& rule, const Current& current);
/// What a new record says of the state before.
std::optional<Replaced> replaced_by(const FactReader& facts, const TargetRule& rule, const Current& current);

/// Asks for the earlier records of a target that has `tag` by another operation: a re-run is told as it was done.
void want_origin(FactReader& facts, const TargetRule& rule, const Current& current, Operation operation,
                 std::string_view tag);

/// What an environment is to run.
struct Wanted {
  const ImageDecision& image;
  Operation operation;
  bool adopt = false;
};

/// The target's decision where the rules allow the change: `none` where values and record are as wanted. Its facts are
/// asked for by `want_current`, `want_replaced` and `want_origin`.
/// Errors: digest_mismatch if the record of the wanted tag names other bits.
Result<TargetDecision> decide_target(const FactReader& facts, const TargetRule& rule, const Current& current,
                                     const Wanted& wanted, std::vector<std::string>& warnings);

}  // namespace samebits
