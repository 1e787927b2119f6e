#include "git/remote_pack.hpp"

#include <unordered_map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pack_writer.hpp"

namespace samebits::git {
namespace {

/// What each new object replaces.
class Bases {
 public:
  explicit Bases(const ObjectStore& store) : store_(store) {}

  Result<void> add(const git_oid& before, const git_oid& after, const RepoPath& path) {
    git_oid left = before;
    git_oid right = after;
    for (const std::string_view name : split(path.str(), '/')) {
      if (libgit2().oid_equal(&left, &right) == 1) return {};
      bases_.emplace(right, left);
      const StoredObject* old_folder = store_.find(left);
      const StoredObject* new_folder = store_.find(right);
      if (old_folder == nullptr || new_folder == nullptr || old_folder->type != GIT_OBJECT_TREE ||
          new_folder->type != GIT_OBJECT_TREE)
        return {};
      SB_TRY(const TreeHandle old_tree, store_.repository().tree(left));
      SB_TRY(const TreeHandle new_tree, store_.repository().tree(right));
      const std::string entry_name(name);
      const git_tree_entry* old_entry = libgit2().tree_entry_byname(old_tree.get(), entry_name.c_str());
      const git_tree_entry* new_entry = libgit2().tree_entry_byname(new_tree.get(), entry_name.c_str());
      if (old_entry == nullptr || new_entry == nullptr) return {};
      left = *libgit2().tree_entry_id(old_entry);
      right = *libgit2().tree_entry_id(new_entry);
    }
    if (libgit2().oid_equal(&left, &right) == 0) bases_.emplace(right, left);
    return {};
  }

  PackEntry entry_of(const git_oid& id) const {
    PackEntry entry{.object = store_.find(id)};
    const auto base = bases_.find(id);
    if (base == bases_.end()) return entry;
    entry.base = store_.find(base->second);
    if (entry.base == nullptr || entry.base->type != entry.object->type) return {.object = entry.object};
    entry.base_id = base->second;
    return entry;
  }

 private:
  const ObjectStore& store_;
  std::unordered_map<git_oid, git_oid, OidHash, OidEqual> bases_;
};

}  // namespace

Result<std::string> pack_of_written(ObjectStore& store, const git_tree* base, const git_oid& tree,
                                    std::span<const FileChange> changes) {
  Bases bases(store);
  if (base != nullptr)
    for (const FileChange& change : changes) SB_CHECK(bases.add(*libgit2().tree_id(base), tree, change.path));
  std::vector<PackEntry> entries;
  for (const git_oid& id : store.take_written()) entries.push_back(bases.entry_of(id));
  return write_pack(entries);
}

}  // namespace samebits::git
