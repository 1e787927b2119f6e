#pragma once

#include <string_view>

#include <samebits/person.hpp>

namespace samebits::cli {

/// The author that Git would take: its environment variables, else its configuration of the repository at `location`
/// (a folder, or anything else) and of the user. Errors: bad_config, of a configuration that cannot be read.
Result<Person> git_author(std::string_view location);

}  // namespace samebits::cli
