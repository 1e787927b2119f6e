#pragma once

#include <samebits/reports.hpp>

#include "promotion/session.hpp"

namespace samebits {

/// Whoever may change samebits.yaml decides what a release needs: how its repository and its branch are kept.
/// Errors: of the GitOps repository; cancelled, timed_out.
Result<void> examine_policy(Session& session, Report& report);

}  // namespace samebits
