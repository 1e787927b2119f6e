#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <samebits/promoter.hpp>

#include "core/decision.hpp"
#include "promotion/readings.hpp"

namespace samebits {

/// What a promoter was given, and what it read in the operations before.
struct Setup {
  Ports ports;
  PromoterOptions options;
  /// That of the repository, and the one that replaces it.
  Readings<Pipeline, 2> pipelines = {};
  Readings<Record, 4096> records = {};
};

/// One attempt of one operation: the tip it is based on and the pipeline as defined there. Everything of the GitOps
/// repository is read at that tip.
class Session {
 public:
  /// Reads the tip and the pipeline. Errors: repository_missing, file_missing, bad_config.
  static Result<std::unique_ptr<Session>> open(Context& context, Setup& setup);
  /// The same at a commit that may be the tip. Errors: file_missing, bad_config, commit_missing.
  static Result<std::unique_ptr<Session>> open_at(Context& context, Setup& setup, const CommitId& tip);

  Context& context() noexcept { return context_; }
  const Ports& ports() const noexcept { return setup_.ports; }
  const PromoterOptions& options() const noexcept { return setup_.options; }
  const Pipeline& pipeline() const noexcept { return *pipeline_; }
  const CommitId& tip() const noexcept { return tip_; }
  /// Blob of `samebits.yaml`; nothing where the pipeline came from elsewhere.
  const std::optional<BlobId>& policy() const noexcept { return policy_; }
  /// True where the repository has a `samebits.yaml` that `options.config` replaces.
  bool overrides_policy() const noexcept { return overrides_policy_; }

  /// Says which files will be read, so that a remote repository is asked once for all of them.
  Result<void> prefetch(std::span<const RepoPath> paths);
  /// A file at the tip; read once.
  Result<std::optional<RepoFile>> read(const RepoPath& path);
  /// What a record's file says. Errors: bad_answer.
  Result<std::shared_ptr<const Record>> parse_record(std::string_view bytes);
  /// The commit that lies `steps` first parents before the tip, read once; null where the history is shorter or, in a
  /// shallow repository, not there.
  Result<const CommitFacts*> ancestor(std::size_t steps);

 private:
  Session(Context& context, Setup& setup, CommitId tip) : context_(context), setup_(setup), tip_(std::move(tip)) {}
  Result<void> load(std::string_view yaml, std::string_view name);

  Context& context_;
  Setup& setup_;
  CommitId tip_;
  std::shared_ptr<const Pipeline> pipeline_;
  std::optional<BlobId> policy_;
  bool overrides_policy_ = false;
  std::map<RepoPath, std::optional<RepoFile>> files_;
  std::deque<CommitFacts> ancestors_;
};

/// Every finding of a pipeline definition that cannot be loaded.
Result<Report> config_findings(Context& context, const Setup& setup);

}  // namespace samebits
