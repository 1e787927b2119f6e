#pragma once

#include <span>
#include <string>
#include <vector>

#include <samebits/error.hpp>

#include "forge/api.hpp"

namespace samebits::github {

/// What a release needs of the repository and does not have: rights of these credentials, and rules that keep the
/// branch and each of the tags. Nothing is changed.
Result<std::vector<Error>> examine(Context& context, forge::Api& api, std::span<const std::string> release_tags);

}  // namespace samebits::github
