#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/digest.hpp>
#include <samebits/gate.hpp>
#include <samebits/object_id.hpp>
#include <samebits/rollout.hpp>

namespace samebits {

/// The image that was promoted for one service.
struct PromotedImage {
  std::string service;
  std::string repository;
  /// The tag that the build gave it: `main-<sha>`; empty where it is not known.
  std::string snapshot = {};
  std::string tag;
  Digest digest;
  std::optional<CommitId> commit = {};
};

/// One key of one values file. Nothing stands for "was not there" and "is not there".
struct Change {
  std::string environment;
  std::string service;
  std::string file;
  std::string path;
  std::optional<std::string> before = {};
  std::optional<std::string> after = {};

  bool operator==(const Change&) const = default;
};

/// Where the GitOps repository stood and stands.
struct GitOpsState {
  std::string repository;
  std::string branch;
  std::optional<CommitId> parent = {};
  /// The commit that made the change; nothing where it lies too far back to be found cheaply.
  std::optional<CommitId> commit = {};
};

enum class StepOutcome { done, already, skipped };

std::string_view to_string(StepOutcome outcome) noexcept;

struct StepResult {
  std::string name;
  StepOutcome outcome = StepOutcome::done;
  /// For people: why it was skipped, or what it did.
  std::string note = {};
};

/// What an operation did, with its evidence. Running it again gives the same receipt with outcome `unchanged`.
struct Receipt {
  std::string operation;
  /// False: everything was as wanted already.
  bool changed = false;
  /// 64 hex digits; empty for what is no promotion.
  std::string promotion_id = {};
  std::string actor = {};
  std::optional<BlobId> policy = {};
  std::vector<PromotedImage> images = {};
  std::optional<GitOpsState> gitops = {};
  std::vector<Change> changes = {};
  std::vector<GateVerdict> gates = {};
  std::vector<StepResult> steps = {};
  /// Where it was waited for, or looked at.
  std::vector<ApplicationRollout> applications = {};
  std::vector<std::string> warnings = {};
};

}  // namespace samebits
