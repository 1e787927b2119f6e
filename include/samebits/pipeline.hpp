#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samebits/image_ref.hpp>
#include <samebits/image_tag.hpp>
#include <samebits/object_id.hpp>
#include <samebits/repo_path.hpp>

namespace samebits {

/// The source repository of a service.
struct SourceLocation {
  /// URL or folder; a relative folder is relative to the GitOps repository's.
  std::string url;
  /// The protected branch. Default: the repository's HEAD branch.
  std::string branch = {};
  /// `github`, `gitea`, `none`; empty: found from the URL.
  std::string forge = {};
};

/// When a write applies.
enum class WriteWhen {
  /// The key must exist already.
  required,
  /// Only where the key exists.
  present,
  /// Inserted where it is missing.
  always,
};

/// One key that a promotion sets. `path` and `value` are text with `{tag}`, `{digest}`, `{version}`, `{sha}`,
/// `{number}`,
/// `{image}`, `{service}`, `{environment}`.
struct Write {
  std::string path;
  std::string value;
  WriteWhen when = WriteWhen::required;
  /// The value is one image string, `repository:tag@digest`: its tag is replaced, and its digest where it has one.
  bool image = false;
};

/// What is built and deployed.
struct Service {
  std::string name;
  ImageRepo image;
  SourceLocation source;
  /// Instead of the pipeline's, where set.
  std::optional<std::vector<Write>> writes = {};
  /// The pipeline's hosts that may be spoken to without TLS.
  std::vector<std::string> insecure = {};
};

/// Who applies the environment's changes: the reconciler by itself, or a person who asks it to.
enum class SyncPolicy { automatic, manual };

/// A place that runs one tag of one track. Patterns may hold `{service}`, `{environment}` and, where the track is
/// `pull_request`, `{number}`.
struct Environment {
  std::string name;
  Track track = Track::snapshot;
  /// `pr-{number}`; equals `name` where the environment is not ephemeral.
  std::string name_pattern;
  std::string values;
  SyncPolicy sync = SyncPolicy::automatic;
  /// The lockstep group; empty: none.
  std::string lockstep = {};
  std::string namespace_pattern = {};
  std::string cluster = {};
  std::string reconciler = {};
  std::string application = {};
  /// Values file that a new preview starts from; ephemeral environments only.
  std::string template_file = {};
  /// Set once in a new preview's file: path and text.
  std::vector<std::pair<std::string, std::string>> set = {};
  bool pre_release = false;
  std::optional<std::vector<Write>> writes = {};

  bool is_ephemeral() const noexcept { return track == Track::pull_request; }
};

/// What a gate is judged by.
enum class GateSource { check, ledger, deployed_in, status, approved };

/// A named requirement.
struct GateRule {
  std::string name;
  GateSource source = GateSource::check;
  /// The check's or status' name, or the environment of `deployed_in`.
  std::string subject = {};
  /// Pinned producer: the app of a check, the account of a status.
  std::string app = {};
  std::string workflow = {};
  /// Evidence is about what ran in this environment; empty: about the commit or digest alone.
  std::string environment = {};
  /// False where the rule says `evidence: commit`.
  bool needs_digest = true;
  /// `approved`: how many must have approved what was merged.
  int approvals = 1;
};

/// What a release needs.
struct ReleaseRule {
  /// The environment whose snapshot is released by default.
  std::string from = "preprod";
  /// Names of gates.
  std::vector<std::string> gates = {};
  /// `auto`, `always`, `never`.
  std::string forge_release = "auto";
};

/// How the reconciler is reached; `kind` is empty where there is none.
struct ReconcilerRule {
  std::string kind = {};
  std::string url = {};
  std::string application = {};
};

/// The pipeline as `samebits.yaml` defines it: valid by construction, since only `load_pipeline` makes it.
struct Pipeline {
  std::vector<Service> services;
  TagPatterns tags;
  std::vector<Environment> environments;
  std::vector<Write> writes;
  std::vector<GateRule> gates;
  ReleaseRule release;
  ReconcilerRule reconciler;
  std::vector<std::string> insecure;

  /// Null where there is none of that name.
  const Service* find_service(std::string_view name) const noexcept;
  const GateRule* find_gate(std::string_view name) const noexcept;
  /// By its own name (`prod`, `preview`).
  const Environment* find_environment(std::string_view name) const noexcept;
};

/// `samebits.yaml` as bytes to a pipeline. `file` is named in errors.
/// Errors: bad_config; `findings` (if not null) receives every finding with line and column, the error is the first.
Result<Pipeline> load_pipeline(std::string_view yaml, std::string_view file, std::vector<Error>* findings = nullptr);

}  // namespace samebits
