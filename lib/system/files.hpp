#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <samebits/context.hpp>

namespace samebits {

/// The bytes of a regular file; nothing if there is none. Errors: not_editable (too large, a folder), internal.
Result<std::optional<std::string>> read_file(const std::filesystem::path& path,
                                             std::size_t max_bytes = std::size_t{64} << 20);

/// Writes all of `bytes`; 0 or an errno.
int write_all(int descriptor, std::string_view bytes);

/// New bytes for a file, flushed to the disk in a temporary file beside it, that is renamed over it by `commit`:
/// readers see the old file or the new one, after a crash too. Keeps the mode, and where it may the owner and the
/// group, of a file that was there. Without `commit` nothing is changed and nothing is left.
class Replacement {
 public:
  /// Errors: internal, with the system's reason (disk full, read-only).
  static Result<Replacement> prepare(const std::filesystem::path& path, std::string_view bytes);
  Replacement(Replacement&& other) noexcept;
  Replacement& operator=(Replacement&&) = delete;
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement();

  /// Once. Errors: as `prepare`; nothing is changed then.
  Result<void> commit();

 private:
  Replacement(std::filesystem::path path, std::filesystem::path temporary)
      : path_(std::move(path)), temporary_(std::move(temporary)) {}

  std::filesystem::path path_;
  /// Empty where there is none any more.
  std::filesystem::path temporary_;
};

/// A `Replacement` that is made at once, and that no crash takes back. Errors: internal; nothing is changed then.
Result<void> replace_file(const std::filesystem::path& path, std::string_view bytes);

/// Removes what killed calls of `replace_file` left beside `path`. For who holds the lock that all writers of it take,
/// or with an age that none of them reaches alive.
void remove_leftovers(const std::filesystem::path& path, std::chrono::seconds older_than = {});

/// Like `replace_file`, for what may be lost in a crash and is nobody else's to read: not flushed, mode 0600.
Result<void> replace_private_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes the folder with mode 0700, and those above it; one that is there stays as it is. Errors: internal.
Result<void> make_private_folder(const std::filesystem::path& path);

/// Like `replace_file`, only if nothing is there yet; false if something is. Makes missing folders.
Result<bool> create_file(const std::filesystem::path& path, std::string_view bytes);

/// An exclusive lock between processes, held while the object lives.
/// The lock is the kernel's (flock), so that a killed holder leaves nothing behind.
class FileLock {
 public:
  /// Waits until the context ends. Errors: timed_out, cancelled, internal.
  static Result<FileLock> acquire(Context& context, const std::filesystem::path& path);
  /// Nothing where another process or thread holds it. Errors: internal.
  static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace samebits
