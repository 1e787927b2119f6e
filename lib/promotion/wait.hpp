#pragma once

#include "promotion/rollout_target.hpp"

namespace samebits {

/// How a wait behaves. Times are by the port `Clock`.
struct WaitRules {
  /// How long it must have been healthy.
  std::chrono::milliseconds hold{5000};
  /// Ask for the sync where a person would have to.
  bool sync = false;
  /// What must have been promoted; empty: whatever the values say.
  std::string promotion_id = {};
};

/// Waits until every target is rolled out and holds, or one will not be. Errors: bad_config where nothing reconciles;
/// superseded, unauthenticated, refused_by_server, unreachable, bad_answer.
Result<Rollout> wait_for(Session& session, std::string_view environment, const std::vector<TargetRule>& rules,
                         const WaitRules& wait);

}  // namespace samebits
