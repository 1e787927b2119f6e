#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <samebits/promoter.hpp>

#include "core/decision.hpp"

namespace samebits {

/// One attempt of one operation: the tip it is based on and the pipeline as defined there. Everything of the GitOps
/// repository is read at that tip.
class Session {
 public:
  /// Reads the tip and the pipeline. Errors: repository_missing, file_missing, bad_config.
  static Result<std::unique_ptr<Session>> open(Context& context, const Ports& ports, const PromoterOptions& options);
  /// The same at a commit that may be the tip. Errors: file_missing, bad_config, commit_missing.
  static Result<std::unique_ptr<Session>> open_at(Context& context, const Ports& ports, const PromoterOptions& options,
                                                  const CommitId& tip);

  Context& context() noexcept { return context_; }
  const Ports& ports() const noexcept { return ports_; }
  const PromoterOptions& options() const noexcept { return options_; }
  const Pipeline& pipeline() const noexcept { return pipeline_; }
  const CommitId& tip() const noexcept { return tip_; }
  /// Blob of `samebits.yaml`; nothing where the pipeline came from elsewhere.
  const std::optional<BlobId>& policy() const noexcept { return policy_; }
  /// True where the repository has a `samebits.yaml` that `options.config` replaces.
  bool overrides_policy() const noexcept { return overrides_policy_; }

  /// Says which files will be read, so that a remote repository is asked once for all of them.
  Result<void> prefetch(std::span<const RepoPath> paths);
  /// A file at the tip; read once.
  Result<std::optional<RepoFile>> read(const RepoPath& path);
  /// The commit that lies `steps` first parents before the tip, read once; null where the history is shorter or, in a
  /// shallow repository, not there.
  Result<const CommitFacts*> ancestor(std::size_t steps);

 private:
  Session(Context& context, const Ports& ports, const PromoterOptions& options, CommitId tip)
      : context_(context), ports_(ports), options_(options), tip_(std::move(tip)) {}

  Context& context_;
  const Ports& ports_;
  const PromoterOptions& options_;
  CommitId tip_;
  Pipeline pipeline_;
  std::optional<BlobId> policy_;
  bool overrides_policy_ = false;
  std::map<RepoPath, std::optional<RepoFile>> files_;
  std::deque<CommitFacts> ancestors_;
};

/// Every finding of a pipeline definition that cannot be loaded.
Result<Report> config_findings(Context& context, const Ports& ports, const PromoterOptions& options);

}  // namespace samebits
