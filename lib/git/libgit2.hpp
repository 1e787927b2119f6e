#pragma once

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <samebits/result.hpp>

namespace samebits::git {

// clang-format off
#define SB_LIBGIT2(X) \
  X(blob_create_from_buffer) X(buf_dispose) \
  X(commit_author) X(commit_committer) X(commit_create) X(commit_create_buffer) X(commit_create_with_signature) \
  X(commit_free) X(commit_id) X(commit_lookup) X(commit_message) X(commit_parent_id) X(commit_parentcount) \
  X(commit_tree_id) X(config_add_file_ondisk) X(config_free) X(config_get_bool) X(config_get_string) X(config_new) \
  X(config_snapshot) X(error_last) X(error_set_oom) X(error_set_str) X(libgit2_init) X(libgit2_opts) \
  X(libgit2_version) X(merge_base) X(object_free) X(object_id) X(object_lookup) X(object_string2type) \
  X(object_type) X(object_type2string) X(object_typeisloose) X(odb_add_backend) X(odb_backend_data_alloc) X(odb_exists) \
  X(odb_free) X(odb_hash) X(odb_init_backend) X(odb_new) X(odb_object_data) X(odb_object_free) X(odb_object_size) \
  X(odb_read) X(odb_read_header) X(odb_write) X(oid_cmp) X(oid_equal) X(oid_fmt) X(oid_fromraw) X(oid_fromstrn) \
  X(oid_pathfmt) X(reference_free) X(reference_iterator_free) X(reference_iterator_glob_new) X(reference_lookup) \
  X(reference_name) X(reference_name_is_valid) X(reference_next) X(reference_next_name) X(reference_resolve) \
  X(reference_symbolic_target) X(reference_target) X(reference_type) X(repository_commondir) X(repository_free) \
  X(repository_is_bare) X(repository_is_shallow) X(repository_is_worktree) X(repository_item_path) \
  X(repository_odb) X(repository_open) X(repository_open_ext) X(repository_open_from_worktree) X(repository_path) \
  X(repository_workdir) X(repository_wrap_odb) X(signature_free) X(signature_new) X(strarray_dispose) X(tag_free) \
  X(tag_lookup) X(tag_message) X(tag_peel) X(tag_target_id) X(tag_target_type) X(transaction_commit) \
  X(transaction_free) X(transaction_lock_ref) X(transaction_new) X(transaction_set_target) X(tree_entry_byindex) \
  X(tree_entry_byname) X(tree_entry_dup) X(tree_entry_filemode) X(tree_entry_filemode_raw) X(tree_entry_free) X(tree_entry_id) \
  X(tree_entry_name) X(tree_entrycount) X(tree_free) X(tree_id) X(tree_lookup) X(treebuilder_entrycount) \
  X(treebuilder_free) X(treebuilder_insert) X(treebuilder_new) X(treebuilder_remove) X(treebuilder_write) \
  X(worktree_free) X(worktree_list) X(worktree_lookup) X(worktree_path)
// clang-format on

/// The functions of libgit2 that are used, without their prefix.
struct Libgit2 {
#define SB_FUNCTION(name) decltype(&::git_##name) name = nullptr;
  SB_LIBGIT2(SB_FUNCTION)
#undef SB_FUNCTION
};

/// libgit2 as it is linked into this program, where the program has `samebits_linked`; null where it has not.
[[gnu::weak, gnu::visibility("hidden")]] const Libgit2& linked_libgit2() noexcept;

/// Loads and starts it, once, so that nothing outside a repository changes what is done. Errors: internal, where this
/// machine has not the libgit2 that was compiled with. Thread-safe.
Result<void> load_libgit2();

/// Only after `load_libgit2` has succeeded. Thread-safe.
const Libgit2& libgit2() noexcept;

}  // namespace samebits::git
