#pragma once

#include <samebits/changes.hpp>

#include "forge/api.hpp"

namespace samebits::forge {

// Pull requests and reviews as GitHub writes them, and Gitea after it.

/// Nothing where it has no head.
std::optional<PullRequest> pull_of(const Json& json);
Review review_of(const Json& json);
Result<std::optional<PullRequest>> find_pull(Context& context, Api& api, std::uint64_t number);

}  // namespace samebits::forge
