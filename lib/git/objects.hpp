#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <samebits/gitops.hpp>

#include "git/repository.hpp"

namespace samebits::git {

/// Larger files are not read.
inline constexpr git_object_size_t max_blob_bytes = git_object_size_t{64} << 20;

/// Nothing if there is no blob of that id. Errors: not_editable if it is too large.
Result<std::optional<std::string>> blob_bytes(const Repository& repository, const git_oid& id);

/// What is at `path`; null if nothing is. Errors: not_editable if a link or submodule is on the way.
Result<TreeEntryHandle> find_entry(const Repository& repository, TreeHandle tree, const RepoPath& path);

/// The regular file that `entry`, found at `path`, leads to. Errors: not_editable where it leads to something else.
Result<RepoFile> file_of(const Repository& repository, const git_tree_entry& entry, const RepoPath& path);

/// The regular files below the tree `id`, which is at `folder`, by path.
Result<std::vector<RepoEntry>> files_below(Context& context, const Repository& repository, const git_oid& id,
                                           const RepoPath& folder);

/// Writes an object of which only the id is wanted. Errors: of libgit2, named by `subject`.
Result<git_oid> write_object(const Repository& repository, git_object_t type, std::string bytes,
                             std::string_view subject);

CommitFacts facts_of(const git_commit& commit);

/// Gives the signature of the bytes of a commit or a tag.
using SignObject = std::function<Result<std::string>(std::string_view)>;

/// Writes a commit whose author and committer is `by`; `parent` may be null. The message ends with one line break.
/// `sign` empty: it is not signed. Errors: bad_request for a message with a zero byte; those of `sign`.
Result<git_oid> write_commit(const Repository& repository, const git_oid& tree, const git_commit* parent,
                             const git_signature& by, std::string_view message, const SignObject& sign);

/// `path` leads to something else than a regular file.
Error no_file(const RepoPath& path, git_filemode_t mode);

}  // namespace samebits::git
