#include "git/tree_edit.hpp"

#include <map>
#include <span>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::git {
namespace {

/// The changes below one folder, by the first name of the rest of their path.
struct Node {
  const FileChange* file = nullptr;
  std::map<std::string, Node> children;
};

Error in_the_way(const std::string& path, std::string_view what) {
  return Error{.code = ErrorCode::not_editable,
               .message = fmt::format("{} is in the way of a regular file", what),
               .hint = "remove or rename it in a commit of its own",
               .where = {.file = path}};
}

class TreeEdit {
 public:
  TreeEdit(LocalRepository& repository, git_repository* raw) : repository_(repository), raw_(raw) {}

  /// The new tree's id; nothing if nothing is left in it.
  Result<std::optional<git_oid>> edit(const git_tree* base, const Node& node, const std::string& folder) {
    git_treebuilder* made = nullptr;
    int status = git_treebuilder_new(&made, raw_, base);
    const TreeBuilder builder(made);
    if (status != 0) return repository_.error(status, fmt::format("the tree of '{}' cannot be read", folder));
    for (const auto& [name, child] : node.children) {
      const std::string path = folder.empty() ? name : folder + "/" + name;
      SB_CHECK(child.file != nullptr ? put_file(made, name, child, path) : put_folder(made, name, child, path));
    }
    if (git_treebuilder_entrycount(made) == 0) return std::optional<git_oid>();
    git_oid oid{};
    status = git_treebuilder_write(&oid, made);
    if (status != 0) return repository_.error(status, fmt::format("the tree of '{}' cannot be written", folder));
    return std::optional(oid);
  }

 private:
  Result<void> put_file(git_treebuilder* builder, const std::string& name, const Node& node, const std::string& path) {
    const git_tree_entry* entry = git_treebuilder_get(builder, name.c_str());
    git_filemode_t mode = GIT_FILEMODE_BLOB;
    if (entry != nullptr) {
      mode = git_tree_entry_filemode(entry);
      if (mode == GIT_FILEMODE_LINK) return in_the_way(path, "a symbolic link");
      if (mode == GIT_FILEMODE_COMMIT) return in_the_way(path, "a submodule");
      if (mode == GIT_FILEMODE_TREE) return in_the_way(path, "a folder");
    }
    if (!node.file->bytes) {
      if (entry != nullptr) git_treebuilder_remove(builder, name.c_str());
      return {};
    }
    git_oid oid{};
    int status = git_blob_create_from_buffer(&oid, raw_, node.file->bytes->data(), node.file->bytes->size());
    if (status == 0) status = git_treebuilder_insert(nullptr, builder, name.c_str(), &oid, mode);
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be written", path));
    return {};
  }

  Result<void> put_folder(git_treebuilder* builder, const std::string& name, const Node& node,
                          const std::string& path) {
    const git_tree_entry* entry = git_treebuilder_get(builder, name.c_str());
    Tree below;
    if (entry != nullptr) {
      if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) return in_the_way(path, "a file");
      git_tree* found = nullptr;
      const int status = git_tree_lookup(&found, raw_, git_tree_entry_id(entry));
      if (status != 0) return repository_.error(status, fmt::format("the tree of '{}' cannot be read", path));
      below.reset(found);
    }
    SB_TRY(const auto oid, edit(below.get(), node, path));
    if (!oid) {
      if (entry != nullptr) git_treebuilder_remove(builder, name.c_str());
      return {};
    }
    const int status = git_treebuilder_insert(nullptr, builder, name.c_str(), &*oid, GIT_FILEMODE_TREE);
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be written", path));
    return {};
  }

  LocalRepository& repository_;
  git_repository* raw_;
};

Result<Node> as_tree(const std::vector<FileChange>& changes) {
  Node root;
  for (const FileChange& change : changes) {
    Node* at = &root;
    for (const std::string_view segment : split(change.path.str(), '/')) {
      if (at->file != nullptr) return in_the_way(change.path.str(), "another change");
      at = &at->children[std::string(segment)];
    }
    if (at->file != nullptr || !at->children.empty()) return in_the_way(change.path.str(), "another change");
    at->file = &change;
  }
  return root;
}

}  // namespace

Result<git_oid> edit_tree(LocalRepository& repository, const git_tree* base, const std::vector<FileChange>& changes) {
  SB_TRY(git_repository * raw, repository.open());
  SB_TRY(const Node root, as_tree(changes));
  SB_TRY(const auto oid, TreeEdit(repository, raw).edit(base, root, ""));
  if (oid) return *oid;
  git_treebuilder* made = nullptr;
  int status = git_treebuilder_new(&made, raw, nullptr);
  const TreeBuilder builder(made);
  git_oid empty{};
  if (status == 0) status = git_treebuilder_write(&empty, made);
  if (status != 0) return repository.error(status, "the empty tree cannot be written");
  return empty;
}

}  // namespace samebits::git
