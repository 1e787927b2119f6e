#pragma once

#include <memory>
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

/// A place in the queue of those who write one branch; ends when it is destroyed.
class WriteTurn {
 public:
  virtual ~WriteTurn() = default;
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
  /// The id of what `read` gives, for who does not need its bytes. Errors: those of `read`.
  virtual Result<std::optional<BlobId>> find_blob(Context& context, const CommitId& at, const RepoPath& path) {
    const auto file = read(context, at, path);
    if (!file) return file.error();
    return *file ? std::optional((*file)->blob) : std::nullopt;
  }
  /// Says what will be read at a commit, so that a remote repository is asked once for all of it. Changes no answer.
  virtual Result<void> prefetch(Context& /*context*/, const CommitId& /*at*/, std::span<const RepoPath> /*paths*/) {
    return {};
  }
  /// Where the branch was when it was last seen, found without asking; it may have moved. For who lands by `commit`,
  /// which refuses what is based on an old tip.
  virtual std::optional<CommitId> remembered_tip(Context& /*context*/) { return std::nullopt; }
  /// Waits for others on this machine who write the branch too, for some seconds at most: who comes one after the other
  /// loses no race. Null where nobody can be waited for. Only a courtesy: what lands is decided by `commit` alone.
  virtual std::unique_ptr<WriteTurn> take_turn(Context& /*context*/) { return nullptr; }
  /// Says which blobs will be read, so that a remote repository is asked once for all of them. Changes no answer.
  virtual Result<void> prefetch_blobs(Context& /*context*/, std::span<const BlobId> /*blobs*/) { return {}; }
  /// Nothing if the repository has no such blob.
  virtual Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) = 0;
  /// The regular files below `folder`, at any depth, by path; none if there is no such folder.
  virtual Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) = 0;
  virtual Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) = 0;
  /// Whether `commit` could make one by `author` now, for who does first what cannot be undone. Writes nothing.
  /// Errors: those of `commit` that can be told before.
  virtual Result<void> require_writable(Context& /*context*/, const Person& /*author*/) { return {}; }
  /// Makes the commit and moves the branch to it, only if the branch still points to `expected_tip`.
  /// The files' modes are kept; new files are 100644; a folder that becomes empty goes.
  /// Errors: lost_race if the branch moved (nothing is written then); branch_checked_out; not_editable;
  /// outcome_unknown if the answer was lost.
  virtual Result<CommitId> commit(Context& context, const NewCommit& commit) = 0;
};

}  // namespace samebits
