#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <samebits/context.hpp>

#include "git/repository.hpp"
#include "system/files.hpp"

namespace samebits::git {

/// The lock file of a reference, `REF.lock`, as every Git takes it. A holder that is killed leaves that file behind
/// and nothing in it tells whose it was. So it is taken only under the kernel's lock on the repository's folder, which
/// a killed process does not keep, and while a note with the reference's name lies in that folder. A note that is
/// found under the kernel's lock is of somebody dead, and so is the lock file that it names.
class RefLock {
 public:
  /// One attempt; null where somebody else holds the lock file.
  /// Errors: timed_out, cancelled; of libgit2.
  static Result<std::optional<RefLock>> try_take(Context& context, const Repository& repository,
                                                 const std::string& ref);

  git_transaction* get() const noexcept { return transaction_.get(); }

 private:
  /// Removes the file at the end.
  class Note {
   public:
    Note() = default;
    explicit Note(std::filesystem::path path) : path_(std::move(path)) {}
    Note(Note&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Note& operator=(Note&& other) noexcept {
      std::swap(path_, other.path_);
      return *this;
    }
    Note(const Note&) = delete;
    Note& operator=(const Note&) = delete;
    ~Note();

   private:
    std::filesystem::path path_;
  };

  RefLock() = default;

  // In this order: the lock file goes first, the kernel's lock last.
  std::optional<FileLock> turn_;
  Note note_;
  TransactionHandle transaction_;
};

/// Removes the lock file of a killed holder, if there is one. A repository that cannot be written keeps it.
/// Errors: timed_out, cancelled.
Result<void> clear_dead_lock(Context& context, const Repository& repository);

}  // namespace samebits::git
