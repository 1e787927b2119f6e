#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/digest.hpp>
#include <samebits/error.hpp>
#include <samebits/object_id.hpp>
#include <samebits/reconciler.hpp>

namespace samebits {

/// How far a reconciler has come with what an environment was promoted to.
enum class RolloutState {
  /// There is no such application (yet), or none that we may see.
  missing,
  /// The application is being deleted.
  deleting,
  /// It cannot be compared: a comparison or specification error.
  error,
  /// Nothing of our commit was seen yet: what the application says is about older values.
  not_observed,
  /// It reads the repository now.
  comparing,
  /// The values were changed again after ours.
  superseded,
  /// An operation on other revisions runs.
  other_operation,
  /// A sync of an older revision is tried again and again, and ours waits for its end.
  retrying_older,
  /// Ours is being applied, or will be at once.
  syncing,
  /// A sync window keeps ours from being applied.
  blocked,
  /// A person must ask for the sync.
  awaiting_sync,
  /// The sync of ours failed.
  failed,
  /// Applied, and the live state was not looked at since, or old workloads still run.
  settling,
  /// The workloads are being replaced.
  progressing,
  degraded,
  suspended,
  /// Our commit, value and image are live and healthy.
  healthy,
};

std::string_view to_string(RolloutState state) noexcept;
std::optional<RolloutState> rollout_state_from(std::string_view text) noexcept;

/// What one application has made of one service in one environment.
struct ApplicationRollout {
  std::string environment;
  std::string service;
  std::string application;
  /// What is wanted: what the GitOps repository says.
  std::string tag = {};
  std::optional<Digest> digest = {};
  std::optional<CommitId> gitops = {};

  RolloutState state = RolloutState::missing;
  /// One line for people.
  std::string message = {};
  /// The revision of the GitOps repository that the live state was compared with; empty: none yet.
  std::string compared = {};
  SyncStatus sync = SyncStatus::unknown;
  HealthStatus health = HealthStatus::unknown;
  bool automatic = false;
  /// Of the service's image, as the live workloads name it.
  std::vector<std::string> images = {};
  std::optional<Time> reconciled = {};
  std::optional<SyncOperation> operation = {};
  std::vector<ResourceFact> failing = {};
};

/// What a wait came to: rolled out, or the last facts and why it ended.
struct Rollout {
  std::string environment;
  /// True where it was so at the first look.
  bool already = false;
  std::vector<ApplicationRollout> applications = {};
  std::chrono::seconds waited{0};
  /// Why it is not rolled out: not_rolled_out, superseded, application_missing, permission_missing.
  std::optional<Error> error = {};
};

/// Told while a wait goes on, whenever state or message change.
using RolloutProgress = std::function<void(const ApplicationRollout&, std::chrono::seconds waited)>;

}  // namespace samebits
