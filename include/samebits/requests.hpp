#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <samebits/receipt.hpp>

namespace samebits {

/// Of one operation; nothing: the client's.
using Timeout = std::optional<std::chrono::milliseconds>;

/// Promotes the snapshot of a commit into an environment or lockstep group.
struct PromoteRequest {
  std::string environment;
  /// Full commit id.
  std::string sha;
  std::vector<std::string> services = {};
  /// Over a value that is no tag of the track; also writes a missing record.
  bool adopt = false;
  bool dry_run = false;
  /// Then as `WaitRequest` for the environment.
  bool wait = false;
  Timeout timeout = {};
};

/// Makes or moves the preview of a pull request.
struct PreviewUpRequest {
  std::uint64_t pr = 0;
  std::string sha;
  std::string service = {};
  bool adopt = false;
  bool dry_run = false;
  Timeout timeout = {};
};

/// Removes the previews whose pull request is closed, each in a commit of its own; where the forge cannot say, the
/// preview stays and a warning says so.
struct PreviewPruneRequest {
  /// Of one service alone.
  std::string service = {};
  bool dry_run = false;
  Timeout timeout = {};
};

/// Whether everything that the pipeline names can be reached, and what is missing or unprotected there.
struct DoctorRequest {
  /// Of one service alone.
  std::string service = {};
  Timeout timeout = {};
};

/// Removes the preview of a pull request; none there is no error.
struct PreviewDownRequest {
  std::uint64_t pr = 0;
  std::string service = {};
  bool dry_run = false;
  Timeout timeout = {};
};

/// Releases a snapshot as a version into every environment of the release track, in one commit.
struct ReleaseRequest {
  /// `1.2.3` or `v1.2.3`.
  std::string version;
  /// Full commit id, or `main`: the tip of the protected branch. Empty: what `release.from` runs.
  std::string sha = {};
  std::string service = {};
  bool adopt = false;
  bool dry_run = false;
  /// Then as `WaitRequest` for every environment of the release.
  bool wait = false;
  Timeout timeout = {};
};

/// Takes an environment or lockstep group back to a tag that its records name.
struct RollbackRequest {
  /// A lockstep group, or an environment in no group.
  std::string target;
  std::string to;
  std::vector<std::string> services = {};
  bool dry_run = false;
  Timeout timeout = {};
};

/// Records evidence for a gate.
struct GatePostRequest {
  std::string gate;
  std::string sha;
  /// `success`, `failure`, `cancelled`, `skipped`, `neutral`, `timed_out`, `pending`, ...
  std::string conclusion;
  /// Default: what the gate's environment runs, or the snapshot's digest.
  std::string digest = {};
  std::string url = {};
  std::string summary = {};
  std::string service = {};
  bool dry_run = false;
  Timeout timeout = {};
};

struct GateShowRequest {
  std::string sha;
  /// Default: the gates of a release.
  std::string gate = {};
  std::string service = {};
  /// The outcome is good whatever the verdicts are.
  bool exit_zero = false;
  Timeout timeout = {};
};

struct HistoryRequest {
  std::string environment;
  std::string service = {};
  std::size_t limit = 20;
  Timeout timeout = {};
};

struct TraceRequest {
  /// A tag, commit id, digest or version.
  std::string ref;
  std::string service = {};
  Timeout timeout = {};
};

struct CheckRequest {
  /// Also read the registry and the source.
  bool all = false;
  /// Of one service alone.
  std::string service = {};
  Timeout timeout = {};
};

struct StatusRequest {
  /// Of one service alone.
  std::string service = {};
  /// The outcome is a refusal on drift or unfinished releases.
  bool exit_code = false;
  Timeout timeout = {};
};

struct PreviewListRequest {
  /// Of one service alone.
  std::string service = {};
  Timeout timeout = {};
};

/// Waits until the reconciler has what an environment was promoted to.
struct WaitRequest {
  /// An environment, a lockstep group or a preview (`pr-42`).
  std::string environment;
  std::vector<std::string> services = {};
  /// How long it must hold; nothing: 5 s.
  Timeout hold = {};
  /// Ask for the sync where a person would have to.
  bool sync = false;
  Timeout timeout = {};
};

/// Carries out a plan.
struct ApplyRequest {
  /// The plan's document.
  std::string plan;
  bool dry_run = false;
  Timeout timeout = {};
};

}  // namespace samebits
