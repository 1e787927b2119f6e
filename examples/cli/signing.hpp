#pragma once

#include <string_view>

#include <samebits/samebits.hpp>

namespace samebits::cli {

/// How commits are signed: by `sign` (`none`, `openpgp[:KEY]`, `ssh[:FILE]`), or where it is empty as `git commit`
/// would in the repository at `location`. Errors: bad_option, bad_config.
Result<SigningOptions> signing_of(std::string_view sign, std::string_view location);

/// Errors: bad_option for what is no such text.
Result<void> check_sign(std::string_view sign);

}  // namespace samebits::cli
