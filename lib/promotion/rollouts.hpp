#pragma once

#include <samebits/receipt.hpp>
#include <samebits/reports.hpp>
#include <samebits/requests.hpp>

#include "core/intent.hpp"
#include "promotion/session.hpp"

namespace samebits {

/// The verb `wait`.
Result<Rollout> wait_for_request(Session& session, const WaitRequest& request);

/// The last step of a promotion: waits where that is wanted, otherwise looks. The session was opened after it.
/// Errors: those of a wait; where it is only looked at, what cannot be read becomes a warning.
Result<void> finish_with_rollouts(Session& session, const Intent& intent, bool wait, Receipt& receipt);

/// What runs in a gate's environment must be what is judged, not only what the values say.
/// Errors: superseded; of the port. Nothing where nothing reconciles the environment.
Result<std::optional<ApplicationRollout>> require_live(Session& session, const std::string& environment,
                                                       const std::string& service);

/// Adds what the reconciler says to each state, drift between live images and values, and warnings.
Result<void> add_rollouts(Session& session, const std::vector<TargetRule>& rules, Status& status);

}  // namespace samebits
