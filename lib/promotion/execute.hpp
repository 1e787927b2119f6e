#pragma once

#include <samebits/receipt.hpp>

#include "promotion/apply.hpp"
#include "promotion/session.hpp"

namespace samebits {

/// Runs an operation to its end: attempts until one decision could be carried out whole, since a lost race is nothing
/// else than being run again. With `saved` only what that plan says is done, or what it did already is reported.
/// `reconciled` (if not null) receives whether the pipeline has a reconciler.
/// Errors: of the rules, the ports and the context; plan_outdated.
Result<Receipt> execute(Context& context, Setup& setup, const Intent& intent, const SavedPlan* saved = nullptr,
                        bool* reconciled = nullptr);

/// `release` and `rollback` follow the repository's own policy. Errors: bad_option.
Result<void> require_own_policy(const Session& session, Operation operation);

}  // namespace samebits
