#pragma once

#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits::git {

inline constexpr std::string_view head_prefix = "refs/heads/";
inline constexpr std::string_view tag_prefix = "refs/tags/";

/// `refs/heads/NAME`. Errors: bad_option if Git refuses the name.
Result<std::string> head_ref(std::string_view branch);
/// `refs/tags/NAME`. Errors: bad_tag if Git refuses the name.
Result<std::string> tag_ref(std::string_view name);

}  // namespace samebits::git
