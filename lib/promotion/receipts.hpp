#pragma once

#include <map>
#include <set>
#include <string>

#include "promotion/prepare.hpp"

namespace samebits {

/// The images of a decision as documents show them.
std::vector<PromotedImage> promoted_images(const Decision& decision);

/// The target whose record is the newest: a decision without work is told as the promotion that made it. Null where no
/// target has a record.
const TargetDecision* last_promoted(const Decision& decision);

/// The changes of one promotion that led to the state that is there, rebuilt from its records.
std::vector<Change> recorded_changes(const Decision& decision, const Facts& facts, const TagPatterns& patterns,
                                     std::string_view promotion_id);

/// The commit that gave `path` the blob that it has at the tip, with its parent; looked for along first parents, at
/// most `max_walk` commits back, by halving: a record's blob stands in one run of commits.
Result<GitOpsState> find_commit(Session& session, const RepoPath& path);
inline constexpr std::size_t max_walk = 100;

/// The commits of promotions by their ids, as their trailers tell it, at most 64 first parents before the tip.
/// One that lies further back, or whose commit was rewritten, is left out.
Result<std::map<std::string, GitOpsState>> find_promotions(Session& session, std::set<std::string> ids);

/// A preview that a commit removed.
struct Removal {
  GitOpsState gitops;
  std::string promotion_id;
  std::string tag;
};

/// The last commit that removed the target, where it was not promoted since: a preview that is gone has no record, so
/// the trailers are read instead, at most `max_walk` commits back.
Result<std::optional<Removal>> find_removal(Session& session, const Target& target);

/// What the plan says of each step.
std::vector<PlannedStep> planned_steps(const Decision& decision, const Prepared& prepared);

/// The plan's document, without the request.
Result<Plan> to_plan(Session& session, const Decision& decision, const Facts& facts);

}  // namespace samebits
