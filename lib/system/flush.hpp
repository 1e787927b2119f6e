#pragma once

#include <filesystem>
#include <span>

#include "system/file_descriptor.hpp"

namespace samebits {

/// Flushes each file or folder once, all at the same time: a file system with a journal then commits them together,
/// so that many cost little more than one. Nothing else on the disk is waited for, unlike with syncfs, which makes a
/// promotion wait for whatever other programs on the machine wrote. Gives 0 or an errno of one that was not flushed.
int flush_all(std::span<const FileDescriptor> descriptors);

/// Lets the disk begin with a file that `flush_all` is given later. Only a hint, whose answer says nothing.
void begin_to_flush(const FileDescriptor& file);

/// For `flush_all`; folders that the file system cannot flush count as flushed. -1 inside where it cannot be opened.
FileDescriptor open_folder(const std::filesystem::path& folder);

}  // namespace samebits
