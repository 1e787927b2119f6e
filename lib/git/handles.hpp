#pragma once

#include <memory>

#include "git/libgit2.hpp"

namespace samebits::git {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* owned) const noexcept {
    (libgit2().*free_function)(owned);
  }
};

/// Owns what libgit2 gave.
template <class T, auto free_function>
using Handle = std::unique_ptr<T, Freed<free_function>>;

using RepositoryHandle = Handle<git_repository, &Libgit2::repository_free>;
using OdbHandle = Handle<git_odb, &Libgit2::odb_free>;
using OdbObjectHandle = Handle<git_odb_object, &Libgit2::odb_object_free>;
using ObjectHandle = Handle<git_object, &Libgit2::object_free>;
using CommitHandle = Handle<git_commit, &Libgit2::commit_free>;
using TreeHandle = Handle<git_tree, &Libgit2::tree_free>;
using TreeEntryHandle = Handle<git_tree_entry, &Libgit2::tree_entry_free>;
using TreeBuilderHandle = Handle<git_treebuilder, &Libgit2::treebuilder_free>;
using ReferenceHandle = Handle<git_reference, &Libgit2::reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, &Libgit2::reference_iterator_free>;
using SignatureHandle = Handle<git_signature, &Libgit2::signature_free>;
using TransactionHandle = Handle<git_transaction, &Libgit2::transaction_free>;
using TagHandle = Handle<git_tag, &Libgit2::tag_free>;
using WorktreeHandle = Handle<git_worktree, &Libgit2::worktree_free>;

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
