#pragma once

#include <optional>

#include "promotion/observe.hpp"

namespace samebits {

/// What is wrong where a promotion pins the digest and the chart that the values belong to does not read it: nodes
/// would still pull by the tag alone. The chart is the one around the values file, or `charts/SERVICE`, in the GitOps
/// repository; nothing where there is none, or where nothing is pinned.
Result<std::optional<Error>> unused_digest(Session& session, const TargetRule& rule);

}  // namespace samebits
