#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <samebits/gate.hpp>
#include <samebits/record.hpp>

#include "core/facts.hpp"
#include "core/intent.hpp"
#include "core/target.hpp"

namespace samebits {

/// A key of a values file and the text that it gets.
struct KeyWrite {
  std::string path;
  std::string text;
  WriteWhen when = WriteWhen::required;
};

/// What is to be done with one target.
struct TargetDecision {
  enum class Action {
    /// The target is as wanted.
    none,
    /// Its values file is edited, or only its record written where no key differs.
    edit,
    /// A preview's file is made from the template.
    create,
    /// A preview's file and record go.
    remove,
  };
  TargetRule rule;
  Action action = Action::none;
  std::vector<KeyWrite> writes = {};
  /// The values file's (or template's) blob that the decision rests on; nothing where there is no file.
  std::optional<BlobId> basis = {};
  /// The record as it will be, without promotion id, policy, actor and time; for `none` the one that is there.
  std::optional<Record> record = {};
  /// The tag that is there before; empty where none is.
  std::string before = {};
};

/// The image that is promoted for one service.
struct ImageDecision {
  const Service* service = nullptr;
  /// `main-<sha>` or `pr-42-<sha>`; empty where it is not known.
  std::string snapshot = {};
  std::string tag = {};
  Digest digest;
  std::optional<CommitId> commit = {};
  /// `1.2.3` of a release tag; empty for other tracks.
  std::string version = {};
};

/// Something to be made under a name that nobody else may take.
struct TagDecision {
  const Service* service = nullptr;
  std::string name;
  /// It is there and ours.
  bool exists = false;
};

/// A release of the forge, for the version's Git tag.
struct ForgeReleaseDecision {
  const Service* service = nullptr;
  /// The Git tag.
  std::string name;
  /// The Git tag of the version that is left; empty where there is none.
  std::string previous = {};
  bool pre_release = false;
  /// It is there and published.
  bool exists = false;
  /// A draft that an earlier attempt left, to be published.
  std::string draft = {};
};

/// Everything that is to be done, and what that rests on: computed from facts, nothing written yet.
struct Decision {
  Operation operation = Operation::promote;
  std::vector<ImageDecision> images = {};
  std::vector<GateVerdict> gates = {};
  std::vector<TargetDecision> targets = {};
  std::optional<TagDecision> git_tag = {};
  std::optional<TagDecision> image_tag = {};
  std::optional<ForgeReleaseDecision> forge_release = {};
  std::vector<std::string> warnings = {};

  /// True where every target is as wanted.
  bool targets_done() const noexcept;
};

/// A decision, or what must be fetched first.
using Planned = std::variant<Decision, Needs>;

/// Decides. Pure: the same facts and intent give the same decision. Called with no facts it names the first needs.
/// Errors: every refusal of the pipeline's rules.
Result<Planned> plan(const Intent& intent, const Pipeline& pipeline, const Facts& facts);

// One planner an operation; each in its own file.
Result<Planned> plan_promote(const Intent& intent, const Pipeline& pipeline, const Facts& facts);
Result<Planned> plan_preview_up(const Intent& intent, const Pipeline& pipeline, const Facts& facts);
Result<Planned> plan_preview_down(const Intent& intent, const Pipeline& pipeline, const Facts& facts);
Result<Planned> plan_release(const Intent& intent, const Pipeline& pipeline, const Facts& facts);
Result<Planned> plan_rollback(const Intent& intent, const Pipeline& pipeline, const Facts& facts);
Result<Planned> plan_gate_post(const Intent& intent, const Pipeline& pipeline, const Facts& facts);

}  // namespace samebits
