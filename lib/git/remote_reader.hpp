#pragma once

#include <set>
#include <span>
#include <string>

#include <samebits/repo_path.hpp>

#include "git/remote_repository.hpp"

namespace samebits::git {

/// Brings the objects that an answer needs into the store, in few requests: the commit with the upper folders and the
/// files of its root, then the folders that are still missing, then the files.
class RemoteReader {
 public:
  explicit RemoteReader(RemoteRepository& remote) : remote_(remote) {}

  enum class Content { folders, files };
  /// What reading `paths` at `commit` takes; with `folders` only what writing them takes. Errors: commit_missing.
  Result<void> need(Context& context, const CommitId& commit, std::span<const RepoPath> paths, Content content);
  /// All folders below `folder`, and what reading it takes. Errors: commit_missing.
  Result<void> need_below(Context& context, const CommitId& commit, const RepoPath& folder);
  /// False if there is no such commit, or the server does not give it.
  Result<bool> need_commit(Context& context, const git_oid& id);
  /// False if there is no such object.
  Result<bool> need_object(Context& context, const git_oid& id);
  /// Brings what the server has of these objects, in one request where it has all of them.
  Result<void> need_objects(Context& context, std::vector<git_oid> ids);
  /// Says that the upper folders of a commit are here.
  void begin_with(const git_oid& commit) { newest_ = commit; }

 private:
  /// What a walk along paths runs into.
  struct Missing {
    std::vector<git_oid> ids;
    /// The longest way from one of them to the file.
    int below = 0;
  };

  Result<git_oid> require_commit(Context& context, const CommitId& commit);
  Result<Missing> missing_of(ObjectStore& store, const git_oid& commit, std::span<const RepoPath> paths,
                             Content content) const;
  Result<Missing> missing_below(Context& context, ObjectStore& store, const git_oid& tree) const;
  Result<void> fetch_missing(Context& context, const git_oid& commit, Wish wish);
  Result<void> fetch_whole(Context& context, const git_oid& commit);
  Result<void> note_commit(const git_oid& id);

  RemoteRepository& remote_;
  /// The newest commit whose folders are here.
  std::optional<git_oid> newest_;
  /// Parents of commits that were asked for: one who asks for them walks along the history.
  std::set<std::string> parents_;
  /// The server gives what is advertised and nothing else.
  bool only_advertised_ = false;
};

}  // namespace samebits::git
