#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/digest.hpp>
#include <samebits/object_id.hpp>
#include <samebits/result.hpp>
#include <samebits/version.hpp>

namespace samebits {

enum class Operation { promote, preview_up, preview_down, release, rollback, gate_post };

/// `promote`, `preview-up`, ...: the word in documents and records.
std::string_view to_string(Operation operation) noexcept;

/// What is asked for, valid in itself; whether it may be done is what `plan` says.
struct Intent {
  Operation operation = Operation::promote;
  std::vector<std::string> services = {};
  /// An environment or lockstep group: `promote`, `rollback`.
  std::string environment = {};
  std::optional<CommitId> commit = {};
  /// `release --sha main`: the tip of the protected branch.
  bool main_tip = false;
  /// Pull request.
  std::uint64_t number = 0;
  std::optional<Version> version = {};
  /// `rollback`: the tag to go to.
  std::string to = {};
  bool adopt = false;
  /// `gate_post`.
  std::string gate = {};
  std::string conclusion = {};
  std::optional<Digest> digest = {};
};

/// Errors: bad_request if the intent names no commit.
Result<CommitId> commit_of(const Intent& intent);
/// Errors: bad_request if the intent names no version.
Result<Version> version_of(const Intent& intent);

}  // namespace samebits
