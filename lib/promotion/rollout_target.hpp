#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/rollout.hpp"
#include "promotion/session.hpp"

namespace samebits {

/// What is observed of one service in one environment. Borrows from the session's pipeline.
struct RolloutTarget {
  TargetRule rule;
  /// Null where nothing reconciles it.
  Reconciler* reconciler = nullptr;
  std::string application;
  RolloutWant want;
  /// The record, where the values agree with it; otherwise the text in the values decides.
  std::optional<BlobId> record = {};
  std::string promotion_id = {};
};

/// Errors: file_missing where nothing was promoted yet; of the ports.
Result<RolloutTarget> rollout_target(Session& session, const TargetRule& rule);

/// The rules of an environment, a lockstep group or a preview. Errors: bad_request for unknown names.
Result<std::vector<TargetRule>> rules_named(Session& session, std::string_view name,
                                            const std::vector<std::string>& services);

/// What reconciles it and under which name; null and empty where nothing does. Errors: bad_config, unsupported.
Result<std::pair<Reconciler*, std::string>> reconciler_of(Session& session, const TargetRule& rule);

/// Tells how revisions of the GitOps repository stand to what a target wants, by reading the values and the record at
/// each of them: a record is of one promotion alone, so no walk through the history is needed.
class RevisionReader {
 public:
  RevisionReader(Session& session, const RolloutTarget& target) : session_(session), target_(target) {}

  /// Errors: of the port, except that a revision which is not there is `unknown`.
  Result<Standings> standings(const std::vector<std::string>& revisions);
  /// The source whose revision is a commit of the GitOps repository: where neither address nor file tell.
  Result<std::optional<std::size_t>> find_source(const ApplicationFacts& application);

 private:
  Result<Standing> read(const std::string& revision);
  Result<Standing> read_at(const CommitId& at);
  Result<Standing> by_record(const RepoFile& record, bool has_text);
  Result<Standing> by_history(const CommitId& at);

  Session& session_;
  const RolloutTarget& target_;
  /// Bounded; what a commit holds never changes.
  std::map<std::string, Standing> known_;
};

/// What the reconciler says now. Errors: of the port; a missing application is a state.
Result<ApplicationRollout> observe_rollout(Session& session, const RolloutTarget& target, Refresh refresh);

/// The same from facts that are there already; nothing: no such application.
Result<ApplicationRollout> judge_facts(RevisionReader& revisions, const Session& session, const RolloutTarget& target,
                                       const std::optional<ApplicationFacts>& facts);

}  // namespace samebits
