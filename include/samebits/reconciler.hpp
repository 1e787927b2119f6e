#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>

namespace samebits {

/// One place that an application's manifests come from.
struct ApplicationSource {
  std::string repository;
  /// Branch, tag or commit that is followed.
  std::string target_revision = {};
  std::string path = {};
  /// Of a Helm repository; empty: a Git repository.
  std::string chart = {};
  /// Name by which value files of other sources are given as `$ref/path`.
  std::string ref = {};
  std::vector<std::string> value_files = {};
};

/// Whether the live state equals what was rendered from the compared revisions.
enum class SyncStatus { unknown, synced, out_of_sync };
enum class HealthStatus { unknown, healthy, progressing, degraded, suspended, missing };
enum class OperationPhase { running, terminating, succeeded, failed, error };

std::string_view to_string(SyncStatus status) noexcept;
std::string_view to_string(HealthStatus status) noexcept;
std::string_view to_string(OperationPhase phase) noexcept;

/// An object of the application that is not as it should be.
struct ResourceFact {
  /// `Deployment`, `Job`.
  std::string kind;
  std::string name;
  /// `Degraded`, `SyncFailed`, ...
  std::string status = {};
  std::string message = {};

  bool operator==(const ResourceFact&) const = default;
};

/// What the reconciler says is wrong with the application itself.
struct ApplicationCondition {
  /// `ComparisonError`, `InvalidSpecError`, ...
  std::string type;
  std::string message = {};

  bool operator==(const ApplicationCondition&) const = default;
};

/// A sync: the one that runs, or the last one.
struct SyncOperation {
  OperationPhase phase = OperationPhase::running;
  std::optional<Time> started = {};
  std::optional<Time> finished = {};
  std::string message = {};
  /// What it synced, or was asked to, in the order of the sources; empty where it was not said.
  std::vector<std::string> revisions = {};
  /// Further attempts so far.
  int retries = 0;
  /// `wave 2`, `PreSync hook`: what it is at; empty where it is not said.
  std::string step = {};
  /// That we gave with the request; empty: it is not ours.
  std::string promotion_id = {};
};

/// A sync that succeeded.
struct SyncedRevisions {
  std::vector<std::string> revisions;
  std::optional<Time> time = {};
};

/// What the reconciler says of one application. It is what the reconciler knows, which may be old.
struct ApplicationFacts {
  std::string name;
  std::string project = {};
  /// Being deleted.
  bool deleting = false;
  /// It was asked to read its sources again and has not done so yet.
  bool refreshing = false;
  /// It applies changes by itself; otherwise a person asks for it.
  bool automatic = false;
  /// A sync window keeps it from applying changes now.
  bool blocked = false;
  std::vector<ApplicationSource> sources = {};
  SyncStatus sync = SyncStatus::unknown;
  /// Revisions that the live state was compared with, in the order of the sources: not those that are live.
  std::vector<std::string> compared = {};
  HealthStatus health = HealthStatus::unknown;
  /// Since when the health is what it is, where that is said.
  std::optional<Time> health_since = {};
  /// When the live state was compared last.
  std::optional<Time> reconciled = {};
  /// Image references of the live workloads, old ones that still run included.
  std::vector<std::string> images = {};
  std::vector<ApplicationCondition> conditions = {};
  /// A sync was asked for and has not begun; its revisions where they were given.
  bool requested = false;
  std::vector<std::string> requested_revisions = {};
  std::optional<SyncOperation> operation = {};
  /// Newest last.
  std::vector<SyncedRevisions> history = {};
  /// Objects that failed to sync or are not healthy, at most 20.
  std::vector<ResourceFact> failing = {};
};

/// Whether the reconciler is to read its sources again before it answers; `hard` also drops what it rendered before.
enum class Refresh { none, normal, hard };

/// A sync that is asked for: exactly these revisions, so that nothing newer slips in.
struct SyncRequest {
  /// In the order of the sources.
  std::vector<std::string> revisions;
  /// Kept with the operation.
  std::string promotion_id = {};
};

/// Port: what a reconciler has made of the GitOps repository. Reports facts and decides nothing; writes nothing but the
/// wish to refresh or to sync. Thread: one at a time.
class Reconciler {
 public:
  /// False ends the watch.
  using Take = std::function<bool(const std::optional<ApplicationFacts>&)>;

  virtual ~Reconciler() = default;
  /// For messages; holds no secret.
  virtual std::string location() const = 0;
  /// Nothing if there is no such application. A refresh may take as long as the reconciler needs for it.
  /// Errors: permission_missing, which may also mean that there is none; unauthenticated, unreachable, server_error,
  /// bad_answer; unsupported if no reconciler is there.
  virtual Result<std::optional<ApplicationFacts>> application(Context& context, std::string_view name,
                                                              Refresh refresh) = 0;
  /// Gives the present state, then every change: once or several times, late or not at all. Ends where `take` wants no
  /// more or the connection does, and then it must be read again. Errors: as of `application`; timed_out.
  virtual Result<void> watch(Context& context, std::string_view name, const Take& take) = 0;
  /// Asks for a sync; what came of it is in the facts. Errors: lost_race if another operation runs; refused_by_server
  /// by a sync window or an automatic policy; permission_missing; outcome_unknown.
  virtual Result<void> request_sync(Context& context, std::string_view name, const SyncRequest& request) = 0;
};

}  // namespace samebits
