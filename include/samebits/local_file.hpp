#pragma once

#include <span>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// Replaces a file on this machine whole or not at all: a flushed temporary file in the same folder, then a rename. The
/// mode is kept; a symbolic link is followed to the file that it names.
/// Errors: internal with the system's reason; the file is untouched then.
Result<void> write_local_file(const std::string& path, std::string_view bytes);

/// What a file on this machine held when it was read, and what it is to hold.
struct LocalFileChange {
  std::string path;
  std::string before;
  std::string after;
};

/// Replaces several files, each old or new and never half, or none: all new bytes are on the disk before the first
/// file is replaced, and where one cannot be, those before it get their old bytes back. A crash may bring old ones
/// back. Readers may see some new and some old ones meanwhile, and a process that is killed between them leaves them
/// so. Errors: lost_race where a file does not hold `before` any more; internal, with the system's reason.
Result<void> replace_local_files(std::span<const LocalFileChange> changes);

}  // namespace samebits
