#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <samebits/gitops.hpp>

#include "git/remote_repository.hpp"

namespace samebits::git {

/// What was seen of a branch of a remote repository.
struct Remembered {
  /// `refs/heads/main`.
  std::string ref;
  git_oid tip{};
  /// Others moved it since it was seen before that: it may well have moved again.
  bool moves = false;
  Filters filters = Filters::any;
  /// When to find them out anew; nothing where they were found out just now.
  std::optional<Time> filters_until = {};
};

/// Keeps what was seen of one branch of a remote repository in a file, from one process to the next: where it was, with
/// the commit, the folders and the files that were read there, and the filters that the server takes.
///
/// Only a help: the file may be old, damaged, of somebody else or gone, and nothing is decided by it. Objects are known
/// by the hash of their bytes, and where the branch is says the server. It is replaced as a whole, by whoever comes
/// last; it holds no credential, and its name is a hash. Thread: one at a time; any number of processes.
class RemoteCache {
 public:
  /// `folder` empty: nothing is kept.
  RemoteCache(std::string_view folder, std::string_view location, std::string_view branch);

  /// Puts the objects into the store. Nothing where there is none; one that is damaged is removed.
  std::optional<Remembered> load(Context& context, ObjectStore& store) const;
  /// Keeps what the store has of the tip; where that cannot be written, the log says so.
  void save(const Context& context, const Remembered& seen, const ObjectStore& store) const;
  /// Waits for those who write the same branch over the same folder, `longest` at most; null without a folder.
  std::unique_ptr<WriteTurn> take_turn(Context& context, std::chrono::milliseconds longest) const;

 private:
  /// Empty: none.
  std::filesystem::path file_;
};

}  // namespace samebits::git
