#pragma once

#include <string_view>

#include "json/json.hpp"

namespace samebits::forge {

/// Whether a pattern of a ruleset fits the whole name of a reference (`refs/tags/v1.0.0`): `*` and `?` stop at a slash,
/// `**/` is any number of folders, `[a-z]` one of a set, `~ALL` is everything. A set that is turned round fits nothing,
/// as GitHub knows none. Source: GitHub's documentation, "Creating rulesets for a repository", fnmatch syntax.
bool fits_ref(std::string_view pattern, std::string_view ref);

/// Whether a ruleset's `conditions` include the reference and do not exclude it again.
bool conditions_hold(const Json& conditions, std::string_view ref);

}  // namespace samebits::forge
