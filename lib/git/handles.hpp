#pragma once

#include <memory>

#include <git2.h>

namespace samebits::git {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* owned) const noexcept {
    free_function(owned);
  }
};

/// Owns what libgit2 gave.
template <class T, auto free_function>
using Handle = std::unique_ptr<T, Freed<free_function>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using TreeEntryHandle = Handle<git_tree_entry, git_tree_entry_free>;
using TreeBuilderHandle = Handle<git_treebuilder, git_treebuilder_free>;
using BlobHandle = Handle<git_blob, git_blob_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, git_reference_iterator_free>;
using SignatureHandle = Handle<git_signature, git_signature_free>;
using TransactionHandle = Handle<git_transaction, git_transaction_free>;
using TagHandle = Handle<git_tag, git_tag_free>;
using WorktreeHandle = Handle<git_worktree, git_worktree_free>;

/// Lets libgit2 fill a handle: `git_tree_lookup(out(tree), ...)`. It is filled at the end of the full expression, so
/// the same expression must not look at it.
template <class Owner>
class Out {
 public:
  explicit Out(Owner& owner) : owner_(owner) {}
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  ~Out() { owner_.reset(raw_); }
  operator typename Owner::pointer *() noexcept { return &raw_; }  // NOLINT(google-explicit-constructor)

 private:
  Owner& owner_;
  typename Owner::pointer raw_ = nullptr;
};

template <class Owner>
Out<Owner> out(Owner& owner) {
  return Out<Owner>(owner);
}

}  // namespace samebits::git
