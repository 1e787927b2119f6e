#pragma once

#include "promotion/prepare.hpp"

namespace samebits {

/// The images of a decision as documents show them.
std::vector<PromotedImage> promoted_images(const Decision& decision);

/// The changes that led to the state that is there, rebuilt from the records.
std::vector<Change> recorded_changes(const Decision& decision, const Facts& facts);

/// The commit that gave `path` the blob that it has at the tip, with its parent; looked for along first parents, at
/// most `max_walk` commits back.
Result<GitOpsState> find_commit(Session& session, const RepoPath& path);
inline constexpr int max_walk = 100;

/// What the plan says of each step.
std::vector<PlannedStep> planned_steps(const Decision& decision, const Prepared& prepared);

/// The plan's document, without the request.
Result<Plan> to_plan(Session& session, const Decision& decision, const Facts& facts);

}  // namespace samebits
