#pragma once

#include <samebits/requests.hpp>

#include "core/intent.hpp"

namespace samebits {

// What a request asks for, with every id and version checked at the border.
// Errors: bad_request, bad_commit_id, bad_version, bad_tag.
Result<Intent> to_intent(const PromoteRequest& request);
Result<Intent> to_intent(const PreviewUpRequest& request);
Result<Intent> to_intent(const PreviewDownRequest& request);
Result<Intent> to_intent(const ReleaseRequest& request);
Result<Intent> to_intent(const RollbackRequest& request);
Result<Intent> to_intent(const GatePostRequest& request);

}  // namespace samebits
