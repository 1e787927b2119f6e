#pragma once

#include <filesystem>
#include <string_view>

#include <samebits/error.hpp>

namespace samebits {

/// `what` with the system's reason for `number` (an errno), and what to do where that is known.
Error system_error(std::string_view what, const std::filesystem::path& path, int number);

}  // namespace samebits
