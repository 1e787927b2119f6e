#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "git/object_store.hpp"

namespace samebits::git {

/// Keeps commits of a remote repository in a file, from one process to the next, so that what was found out about how
/// they lie to each other need not be asked again.
///
/// Only a help, and no word is taken from it: a commit is known by the hash of its bytes, and that hash names its
/// parents. So one that is old, damaged or of somebody else proves nothing that is not true. It is replaced as a whole,
/// by whoever comes last; it holds no credential, and its name is a hash. Thread: one at a time; any number of
/// processes.
class CommitCache {
 public:
  /// `folder` empty: nothing is kept.
  CommitCache(std::string_view folder, std::string_view location);

  bool is_used() const noexcept { return !file_.empty(); }
  /// Puts the commits into the store, the first time that it is called; a file that is damaged is removed.
  void load(const Context& context, ObjectStore& store);
  /// Keeps these commits too, as far as the store has them; where that cannot be written, the log says so.
  void add(const Context& context, const ObjectStore& store, std::span<const git_oid> commits);

 private:
  /// Empty: none.
  std::filesystem::path file_;
  bool is_loaded_ = false;
  /// The newest first.
  std::vector<git_oid> ids_;
};

/// The commits from `newer` down to the one whose parent is `older`, along the fewest; nothing where what the store has
/// does not lead there.
std::optional<std::vector<git_oid>> path_between(const ObjectStore& store, const git_oid& newer, const git_oid& older);

}  // namespace samebits::git
