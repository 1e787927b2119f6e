#include "git/remote_reader.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/objects.hpp"
#include "git/tree_edit.hpp"

namespace samebits::git {
namespace {

/// Enough for `values/prod/api.yaml`: root, `values`, `values/prod`, and the files of the root and of `values`.
constexpr int first_levels = 3;
/// Commits that are fetched at once where somebody walks along the history.
constexpr int history_depth = 64;
/// Folders that may hold anything are asked for together with what is below only up to here.
constexpr std::size_t max_guess = std::size_t{4} << 20;
constexpr int max_rounds = 300;

/// Ids without repetition, in the order of their coming.
class Ids {
 public:
  explicit Ids(std::vector<git_oid>& ids) : ids_(ids) {}
  void add(const git_oid& id) {
    if (known_.insert(id).second) ids_.push_back(id);
  }

 private:
  std::vector<git_oid>& ids_;
  std::unordered_set<git_oid, OidHash, OidEqual> known_;
};

}  // namespace

Result<bool> RemoteReader::need_object(Context& context, const git_oid& id) {
  SB_TRY(ObjectStore * store, remote_.store());
  if (store->has(id)) return true;
  // The depth is for the case that it is a commit.
  SB_TRY(const Fetched fetched, remote_.fetch(context, {.wants = {id}}));
  return fetched == Fetched::done && store->has(id);
}

Result<void> RemoteReader::need_objects(Context& context, std::vector<git_oid> ids) {
  SB_TRY(ObjectStore * store, remote_.store());
  std::erase_if(ids, [&](const git_oid& id) { return store->has(id); });
  if (ids.empty()) return {};
  // Where one of them is missing, whoever reads it finds out.
  SB_CHECK(remote_.fetch(context, {.wants = std::move(ids)}));
  return {};
}

Result<bool> RemoteReader::need_commit(Context& context, const git_oid& id) {
  SB_TRY(ObjectStore * store, remote_.store());
  if (!store->has(id)) {
    const bool walking = parents_.contains(to_hex(id));
    Wish wish{.wants = {id}, .depth = walking ? history_depth : 1, .levels = first_levels, .max_bytes = max_guess};
    // Who walks wants to know which folders changed: without filters by their depth, all of them.
    if (walking && remote_.filters() == Filters::plain) wish.filter = Wish::Filter::no_files;
    wish.deep = walking && newest_.has_value();
    if (newest_ && (!walking || remote_.filters() == Filters::none)) {
      wish.haves = {*newest_};
      wish.thin = true;
    }
    SB_TRY(Fetched fetched, remote_.fetch(context, wish));
    if (fetched == Fetched::too_long) {
      SB_TRY(fetched, remote_.fetch(context, {.wants = {id}, .depth = wish.depth}));
    }
    if (fetched != Fetched::done || !store->has(id)) return false;
    if (!walking) newest_ = id;
  }
  SB_CHECK(note_commit(id));
  return store->find(id)->type == GIT_OBJECT_COMMIT;
}

Result<void> RemoteReader::note_commit(const git_oid& id) {
  SB_TRY(ObjectStore * store, remote_.store());
  if (store->find(id)->type != GIT_OBJECT_COMMIT) return {};
  SB_TRY(const CommitHandle commit, store->repository().find_commit(id));
  for (unsigned int index = 0; commit != nullptr && index < libgit2().commit_parentcount(commit.get()); ++index)
    parents_.insert(to_hex(*libgit2().commit_parent_id(commit.get(), index)));
  return {};
}

Result<git_oid> RemoteReader::require_commit(Context& context, const CommitId& commit) {
  const auto id = to_oid(commit.str());
  bool found = false;
  if (id) {
    SB_TRY(found, need_commit(context, *id));
  }
  if (found) return *id;
  return remote_.error(ErrorCode::commit_missing, fmt::format("'{}' has no commit {}", remote_.location(), commit),
                       "check the id; servers may also keep to themselves what no branch leads to");
}

Result<RemoteReader::Missing> RemoteReader::missing_of(ObjectStore& store, const git_oid& commit_id,
                                                       std::span<const RepoPath> paths, Content content) const {
  const Repository& repository = store.repository();
  SB_TRY(const CommitHandle commit, repository.find_commit(commit_id));
  Missing missing;
  Ids ids(missing.ids);
  for (const RepoPath& path : paths) {
    const auto names = split(path.str(), '/');
    git_oid at = *libgit2().commit_tree_id(commit.get());
    for (std::size_t index = 0; index <= names.size(); ++index) {
      const bool is_last = index == names.size();
      if (!store.has(at)) {
        if (is_last && content == Content::folders) break;
        ids.add(at);
        missing.below = std::max(missing.below, static_cast<int>(names.size() - index));
        break;
      }
      if (is_last || store.find(at)->type != GIT_OBJECT_TREE) break;
      SB_TRY(const TreeHandle tree, repository.tree(at));
      const git_tree_entry* entry = libgit2().tree_entry_byname(tree.get(), std::string(names[index]).c_str());
      if (entry == nullptr || libgit2().tree_entry_filemode(entry) == GIT_FILEMODE_COMMIT) break;
      at = *libgit2().tree_entry_id(entry);
    }
  }
  return missing;
}

Result<void> RemoteReader::need(Context& context, const CommitId& commit, std::span<const RepoPath> paths,
                                Content content) {
  SB_TRY(const git_oid id, require_commit(context, commit));
  SB_TRY(ObjectStore * store, remote_.store());
  bool may_guess = true;
  for (int round = 0; round < max_rounds; ++round) {
    SB_TRY(auto missing, missing_of(*store, id, paths, content));
    if (missing.ids.empty()) return {};
    // A folder two levels above a file belongs to few files, such as `apps/api/envs` to `prod/values.yaml`.
    const bool guess = may_guess && missing.below >= 2;
    Wish wish{.wants = std::move(missing.ids), .levels = guess ? missing.below : 0};
    if (!guess) {
      SB_CHECK(fetch_missing(context, id, std::move(wish)));
      continue;
    }
    wish.max_bytes = max_guess;
    SB_TRY(const Fetched fetched, remote_.fetch(context, wish));
    may_guess = fetched == Fetched::done;
  }
  return remote_.error(ErrorCode::bad_answer, fmt::format("'{}' does not give what it has", remote_.location()));
}

Result<void> RemoteReader::fetch_missing(Context& context, const git_oid& commit, Wish wish) {
  if (only_advertised_) return fetch_whole(context, commit);
  SB_TRY(const Fetched fetched, remote_.fetch(context, wish));
  SB_TRY(const ObjectStore* store, remote_.store());
  const bool all = std::all_of(wish.wants.begin(), wish.wants.end(), [&](const git_oid& id) { return store->has(id); });
  if (fetched == Fetched::done && all) return {};
  if (fetched == Fetched::too_long)
    return remote_.error(ErrorCode::bad_answer,
                         fmt::format("'{}' sends more than {} bytes", remote_.location(), wish.max_bytes));
  // These objects are there, since the commit leads to them: it gives what a reference names and nothing else.
  SB_CHECK(fetch_whole(context, commit));
  only_advertised_ = true;
  return {};
}

Result<void> RemoteReader::fetch_whole(Context& context, const git_oid& commit) {
  SB_TRY(const Fetched fetched, remote_.fetch(context, {.wants = {commit}, .filter = Wish::Filter::nothing}));
  if (fetched == Fetched::done) return {};
  return remote_.error(ErrorCode::bad_answer,
                       fmt::format("'{}' does not give the files of {}", remote_.location(), to_hex(commit)),
                       "look at the repository's health: git fsck --full");
}

Result<RemoteReader::Missing> RemoteReader::missing_below(Context& context, ObjectStore& store,
                                                          const git_oid& tree_id) const {
  Missing missing;
  Ids ids(missing.ids);
  std::vector<git_oid> open{tree_id};
  std::unordered_set<git_oid, OidHash, OidEqual> seen;
  while (!open.empty()) {
    SB_CHECK(context.check());
    const git_oid at = open.back();
    open.pop_back();
    if (!seen.insert(at).second) continue;
    if (!store.has(at)) {
      ids.add(at);
      continue;
    }
    SB_TRY(const TreeHandle tree, store.repository().tree(at));
    for (std::size_t index = 0; index < libgit2().tree_entrycount(tree.get()); ++index) {
      const git_tree_entry* entry = libgit2().tree_entry_byindex(tree.get(), index);
      if (libgit2().tree_entry_filemode(entry) == GIT_FILEMODE_TREE) open.push_back(*libgit2().tree_entry_id(entry));
    }
  }
  return missing;
}

Result<void> RemoteReader::need_below(Context& context, const CommitId& commit, const RepoPath& folder) {
  SB_CHECK(need(context, commit, {&folder, 1}, Content::folders));
  SB_TRY(const git_oid id, require_commit(context, commit));
  SB_TRY(ObjectStore * store, remote_.store());
  SB_TRY(const CommitHandle found, store->repository().find_commit(id));
  SB_TRY(TreeHandle root, store->repository().tree_of(*found));
  SB_TRY(const TreeEntryHandle entry, find_entry(store->repository(), std::move(root), folder));
  if (entry == nullptr || libgit2().tree_entry_filemode(entry.get()) != GIT_FILEMODE_TREE) return {};
  for (int round = 0; round < max_rounds; ++round) {
    SB_TRY(auto missing, missing_below(context, *store, *libgit2().tree_entry_id(entry.get())));
    if (missing.ids.empty()) return {};
    SB_CHECK(fetch_missing(context, id, {.wants = std::move(missing.ids), .filter = Wish::Filter::no_files}));
  }
  return remote_.error(ErrorCode::bad_answer, fmt::format("'{}' does not give what it has", remote_.location()));
}

}  // namespace samebits::git
