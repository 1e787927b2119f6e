#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// A file whose name says what is in it, so that whoever makes it first makes the same.
struct NewFile {
  /// `FOLDER/NAME` below the root that is given with it.
  std::filesystem::path path;
  /// Nothing: it is there already, and who wrote it may have died before it was flushed.
  std::optional<std::string> bytes;
};

/// Makes read-only files that survive a crash once this returns, with as few waits for the disk as that takes: all are
/// written under temporary names that begin with `prefix`, flushed together, renamed, and the folders flushed together.
/// Each file and each folder is flushed once. No name ever shows less than the whole file, after a crash neither.
/// Errors: internal, with the system's reason; a part of the files may be there then, each of them whole.
Result<void> create_files(const std::filesystem::path& root, std::span<const NewFile> files, std::string_view prefix);

}  // namespace samebits
