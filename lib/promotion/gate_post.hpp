#pragma once

#include <samebits/requests.hpp>

#include "core/intent.hpp"
#include "promotion/session.hpp"

namespace samebits {

/// Records evidence if it is about what the gate's environment runs. Errors: superseded, and of the ledger.
Result<Receipt> post_gate(Session& session, const Intent& intent, const GatePostRequest& request);

}  // namespace samebits
