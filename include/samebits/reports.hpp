#pragma once

#include <optional>
#include <string>
#include <vector>

#include <samebits/image_tag.hpp>
#include <samebits/receipt.hpp>
#include <samebits/requests.hpp>
#include <samebits/rollout.hpp>

namespace samebits {

/// The gates of a commit, judged as a release would judge them.
struct GateReport {
  std::vector<PromotedImage> images;
  std::vector<GateVerdict> gates;
  /// Evidence that was there and ignored, for people.
  std::vector<std::string> warnings = {};
};

/// What one service runs in one environment.
struct EnvironmentState {
  std::string name;
  std::string service;
  Track track = Track::snapshot;
  /// Empty where nothing was promoted yet.
  std::string tag = {};
  std::optional<Digest> digest = {};
  std::optional<CommitId> commit = {};
  /// When the record was written.
  std::optional<Time> since = {};
  /// The GitOps commit that made it so; nothing where it lies too far back.
  std::optional<CommitId> gitops = {};
  /// False where no record agrees with the values.
  bool recorded = false;
  std::string lockstep = {};
  /// What the reconciler has made of it, where there is one that could be asked.
  std::optional<ApplicationRollout> rollout = {};
};

/// A version whose Git tag is there and whose release is not complete.
struct UnfinishedRelease {
  std::string service;
  std::string version;
  /// `image-tag`, `commit`.
  std::vector<std::string> missing;
};

struct Status {
  std::optional<CommitId> gitops;
  std::vector<EnvironmentState> environments = {};
  std::vector<UnfinishedRelease> unfinished = {};
  /// For people: files that cannot be read, members of a group apart, values without a record, live images that are not
  /// the values'.
  std::vector<std::string> drift = {};
  /// For people: reconcilers that could not be asked.
  std::vector<std::string> warnings = {};
};

/// The running previews.
struct Environments {
  std::optional<CommitId> gitops;
  std::vector<EnvironmentState> environments = {};
};

struct HistoryEntry {
  std::string service;
  std::string tag;
  std::optional<Digest> digest = {};
  std::optional<CommitId> commit = {};
  std::optional<Time> time = {};
  std::string author = {};
  std::string operation = {};
  bool recorded = false;
  std::optional<CommitId> gitops = {};
  std::string promotion_id = {};
};

/// What an environment ran, newest first.
struct History {
  std::string environment;
  std::vector<HistoryEntry> entries = {};
};

/// Where the bits of one reference are and were.
struct Trace {
  struct Image {
    std::string service;
    Digest digest;
    std::vector<std::string> tags = {};
    std::optional<CommitId> commit = {};
  };
  struct Deployment {
    std::string name;
    std::string service;
    std::string tag;
    Time since = {};
    /// It runs there now.
    bool current = false;
  };
  std::string query;
  std::vector<Image> images = {};
  std::vector<GateVerdict> gates = {};
  std::vector<Deployment> environments = {};
};

struct ImageReport {
  std::string repository;
  std::string tag = {};
  Digest digest;
  std::string media_type = {};
  std::vector<std::string> platforms = {};
};

struct ImagesReport {
  std::string repository;
  struct Image {
    std::string tag;
    /// Nothing where the tag fits no track.
    std::optional<Track> track = {};
  };
  std::vector<Image> images = {};
};

/// What `check` found; good where there are no findings.
struct Report {
  std::vector<Error> findings = {};
  /// For people: what could not be looked at, and what to do about it. No finding, since nobody knows.
  std::vector<std::string> unknown = {};
};

// How an operation that only reports ends: the exit status of the command, the code of the C function.
/// That of the release that the first gate which does not pass would refuse.
ErrorKind outcome_of(const GateReport& report, const GateShowRequest& request = {}) noexcept;
/// usage where there are findings.
ErrorKind outcome_of(const Report& report) noexcept;
/// That of the error that it ended with.
ErrorKind outcome_of(const Rollout& rollout) noexcept;
/// policy on drift or unfinished releases, where that was asked for.
ErrorKind outcome_of(const Status& status, const StatusRequest& request) noexcept;

}  // namespace samebits
