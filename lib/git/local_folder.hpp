#pragma once

#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits::git {

/// The folder that a location names: the location itself, or what a `file://` URL says. Errors: bad_option.
/// Source: RFC 8089.
Result<std::string> local_folder(std::string_view location);

}  // namespace samebits::git
