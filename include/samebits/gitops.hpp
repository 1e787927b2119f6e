#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/object_id.hpp>
#include <samebits/person.hpp>
#include <samebits/repo_path.hpp>

namespace samebits {

/// A regular file at a commit.
struct RepoFile {
  BlobId blob;
  std::string bytes;
};

/// One file of a listing.
struct RepoEntry {
  RepoPath path;
  BlobId blob;
};

/// What a commit says of itself.
struct CommitFacts {
  CommitId id;
  std::vector<CommitId> parents;
  Person author;
  Time time;
  std::string message;
};

/// A file to be written, or removed where `bytes` is empty (nothing, not "no bytes").
struct FileChange {
  RepoPath path;
  std::optional<std::string> bytes;
};

/// A commit to be made on top of `expected_tip`; nothing there means that the branch must not exist yet.
struct NewCommit {
  std::optional<CommitId> expected_tip;
  std::vector<FileChange> changes;
  std::string message;
  Person author;
  /// Author's and committer's time; moved forward to the parent's where it is earlier.
  Time time;
};

/// Port: one branch of a Git repository that is read at a commit and written by compare-and-swap.
/// Reports facts and decides nothing.
class GitOps {
 public:
  virtual ~GitOps() = default;
  /// For messages and documents; holds no secret.
  virtual std::string location() const = 0;
  virtual std::string branch() const = 0;
  /// Nothing if the branch does not exist yet. Errors: repository_missing, unreachable, unsupported.
  virtual Result<std::optional<CommitId>> tip(Context& context) = 0;
  /// Nothing if there is no file. Errors: not_editable if something else than a regular file is there.
  virtual Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) = 0;
  /// Says what will be read at a commit, so that a remote repository is asked once for all of it. Changes no answer.
  virtual Result<void> prefetch(Context& /*context*/, const CommitId& /*at*/, std::span<const RepoPath> /*paths*/) {
    return {};
  }
  /// Nothing if the repository has no such blob.
  virtual Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) = 0;
  /// The regular files below `folder`, at any depth, by path; none if there is no such folder.
  virtual Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) = 0;
  virtual Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) = 0;
  /// Makes the commit and moves the branch to it, only if the branch still points to `expected_tip`.
  /// The files' modes are kept; new files are 100644; a folder that becomes empty goes.
  /// Errors: lost_race if the branch moved (nothing is written then); branch_checked_out; not_editable;
  /// outcome_unknown if the answer was lost.
  virtual Result<CommitId> commit(Context& context, const NewCommit& commit) = 0;
};

}  // namespace samebits
