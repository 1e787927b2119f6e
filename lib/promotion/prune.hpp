#pragma once

#include <samebits/plan.hpp>
#include <samebits/requests.hpp>

#include "promotion/session.hpp"

namespace samebits {

/// The previews that may go, and why the others of closed or unknown pull requests stay.
struct Prunable {
  std::vector<PreviewDownRequest> previews;
  std::vector<std::string> kept;
};

/// Asks the forge of each preview's source. Errors: unsupported where a source has no forge; cancelled, timed_out.
Result<Prunable> find_prunable(Session& session, const PreviewPruneRequest& request);

/// The receipts of removals as one.
void add_removed(Receipt& all, const PreviewDownRequest& preview, Receipt removed);
/// The plans of removals as one.
void add_planned(Plan& all, Plan planned);

}  // namespace samebits
