#pragma once

#include <set>

#include "promotion/session.hpp"

namespace samebits {

/// Most records that are followed back from the tip.
inline constexpr std::size_t max_chain = 1000;

/// What the pipeline's gates are judged by: a forge is asked for nothing else.
std::vector<EvidenceKind> kinds_of_gates(const Pipeline& pipeline);

/// Fetches `needs` into `facts`. Errors: of the ports, except that evidence which cannot be read becomes a fact.
Result<void> observe(Session& session, const Needs& needs, Facts& facts);

/// Needs and facts until the planner decides. Errors: of the ports and of the planner.
Result<Decision> decide(Session& session, const Intent& intent, Facts& facts);

/// Reads the records before others, many at a time where they list what was before them.
class PastRecords {
 public:
  explicit PastRecords(Session& session) : session_(session) {}
  /// The bytes of the record before this one; nothing if there is none, or it is not to be had.
  Result<std::optional<std::string>> before(const Record& record);

 private:
  Session& session_;
  std::set<BlobId> asked_;
};

/// The records of a target, newest first. Broken records end the chain.
Result<std::vector<StoredRecord>> read_chain(Session& session, const RepoPath& record, std::size_t limit = max_chain);

/// The rule of a target that is known by its names. Errors: internal if the pipeline does not have it.
Result<TargetRule> rule_of(const Pipeline& pipeline, const Target& target);

}  // namespace samebits
