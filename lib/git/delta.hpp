#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits::git {

/// The object that `delta` makes of `base`. Errors: bad_answer for a delta that is damaged, is of another base, or
/// makes more than `max_bytes`. Source: gitformat-pack(5), "Deltified representation".
Result<std::string> apply_delta(std::string_view base, std::string_view delta, std::size_t max_bytes);

/// A delta that makes `target` of `base`: what both begin and end with is copied. Small where one place differs, as in
/// an edited file or folder.
std::string make_delta(std::string_view base, std::string_view target);

}  // namespace samebits::git
