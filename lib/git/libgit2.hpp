#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include <samebits/clock.hpp>
#include <samebits/object_id.hpp>
#include <samebits/person.hpp>

namespace samebits::git {

/// Frees a libgit2 object with its own function.
template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

using Repository = Owned<git_repository, git_repository_free>;
using Reference = Owned<git_reference, git_reference_free>;
using Object = Owned<git_object, git_object_free>;
using Commit = Owned<git_commit, git_commit_free>;
using Tree = Owned<git_tree, git_tree_free>;
using TreeBuilder = Owned<git_treebuilder, git_treebuilder_free>;
using Blob = Owned<git_blob, git_blob_free>;
using Tag = Owned<git_tag, git_tag_free>;
using Signature = Owned<git_signature, git_signature_free>;
using Transaction = Owned<git_transaction, git_transaction_free>;

/// Starts libgit2 once in the process, with everything off that reads the machine's configuration. Never stopped.
/// Process-wide: search paths of system, global, xdg and programdata configuration are empty; the owner of a repository
/// is not checked (nothing in a repository's configuration is executed); what is written to a repository is flushed.
void start_libgit2();

/// The error that libgit2 just reported for `status`, with `what` as its subject.
Error git_error(int status, std::string_view what, std::string_view location);

git_oid to_oid(const CommitId& id);
git_oid to_oid(const BlobId& id);
CommitId to_commit_id(const git_oid& oid);
BlobId to_blob_id(const git_oid& oid);

Result<Signature> to_signature(const Person& person, Time time);

}  // namespace samebits::git
