#pragma once

#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// Replaces a file on this machine whole or not at all: a flushed temporary file in the same folder, then a rename. The
/// mode is kept; a symbolic link is followed to the file that it names.
/// Errors: internal with the system's reason; the file is untouched then.
Result<void> write_local_file(const std::string& path, std::string_view bytes);

}  // namespace samebits
