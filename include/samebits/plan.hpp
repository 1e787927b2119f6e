#pragma once

#include <optional>
#include <string>
#include <vector>

#include <samebits/receipt.hpp>

namespace samebits {

/// A step that a plan would take.
struct PlannedStep {
  std::string name;
  /// For people: `create v1.2.3 at <commit>`.
  std::string action;
  /// Why: `absent`, `already there`.
  std::string reason = {};

  bool operator==(const PlannedStep&) const = default;
};

/// What a plan rests on; `apply` compares it with the world again.
struct PlanBasis {
  struct File {
    std::string path;
    /// Nothing where the file does not exist.
    std::optional<BlobId> blob = {};
    bool operator==(const File&) const = default;
  };
  struct Tag {
    std::string ref;
    /// The digest or commit that it has; nothing where it does not exist.
    std::optional<std::string> id = {};
    bool operator==(const Tag&) const = default;
  };
  std::optional<CommitId> source = {};
  GitOpsState gitops = {};
  std::optional<BlobId> policy = {};
  std::vector<File> files = {};
  std::vector<Tag> tags = {};
  /// Ids of the evidence.
  std::vector<std::string> evidence = {};
};

/// What an operation would do. Nothing was written.
struct Plan {
  std::string operation;
  /// The request's JSON, from which `apply` plans anew.
  std::string request;
  std::string promotion_id = {};
  std::vector<PromotedImage> images = {};
  std::vector<Change> changes = {};
  std::vector<GateVerdict> gates = {};
  /// Unified diff of the GitOps repository's files.
  std::string diff = {};
  PlanBasis basis = {};
  std::vector<PlannedStep> steps = {};
  std::vector<std::string> warnings = {};
};

}  // namespace samebits
