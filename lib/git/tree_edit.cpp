#include "git/tree_edit.hpp"

#include <map>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::git {
namespace {

/// The changes as a tree: a name has either a change or names below it.
struct Node {
  const FileChange* change = nullptr;
  std::map<std::string, Node, std::less<>> below;
};

Error not_editable(std::string_view path, std::string_view what) {
  return Error{.code = ErrorCode::not_editable,
               .message = fmt::format("'{}' is {}", path, what),
               .hint = "only regular files in real folders are written",
               .where = {.file = std::string(path)}};
}

Result<Node> nodes_of(std::span<const FileChange> changes) {
  Node root;
  for (const FileChange& change : changes) {
    Node* node = &root;
    for (const std::string_view name : split(change.path.str(), '/')) {
      if (node->change != nullptr) return not_editable(node->change->path.str(), "to be a file and a folder");
      node = &node->below[std::string(name)];
    }
    if (node->change != nullptr)
      return Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("'{}' is changed twice in one commit", change.path)};
    if (!node->below.empty()) return not_editable(change.path.str(), "to be a file and a folder");
    node->change = &change;
  }
  return root;
}

class TreeEdit {
 public:
  TreeEdit(Context& context, const Repository& repository) : context_(context), repository_(repository) {}

  Result<git_oid> root(const git_tree* base, const Node& node) {
    SB_TRY(const TreeBuilderHandle builder, folder(base, node, ""));
    return written(*builder, "");
  }

 private:
  Result<TreeBuilderHandle> folder(const git_tree* base, const Node& node, const std::string& path) {
    SB_CHECK(context_.check());
    TreeBuilderHandle builder;
    if (const int status = libgit2().treebuilder_new(out(builder), repository_.get(), base); status < 0)
      return repository_.failure(status, fmt::format("folder '{}'", path));
    for (const auto& [name, child] : node.below) {
      const std::string child_path = path.empty() ? name : fmt::format("{}/{}", path, name);
      if (child.change != nullptr)
        SB_CHECK(file(*builder, name, *child.change));
      else
        SB_CHECK(subfolder(*builder, name, child, child_path));
    }
    return builder;
  }

  Result<git_oid> written(git_treebuilder& builder, const std::string& path) {
    git_oid id;
    if (const int status = libgit2().treebuilder_write(&id, &builder); status < 0)
      return repository_.failure(status, fmt::format("folder '{}'", path));
    return id;
  }

  Result<void> file(git_treebuilder& builder, const std::string& name, const FileChange& change) {
    git_filemode_t mode = GIT_FILEMODE_BLOB;
    const git_tree_entry* entry = libgit2().treebuilder_get(&builder, name.c_str());
    if (entry != nullptr) mode = libgit2().tree_entry_filemode(entry);
    if (!is_file(mode)) return not_editable(change.path.str(), noun_of(mode));
    if (!change.bytes) return entry == nullptr ? Result<void>() : remove(builder, name);
    git_oid blob;
    const int status =
        libgit2().blob_create_from_buffer(&blob, repository_.get(), change.bytes->data(), change.bytes->size());
    if (status < 0) return repository_.failure(status, "file '" + change.path.str() + "'");
    return insert(builder, name, blob, mode);
  }

  Result<void> subfolder(git_treebuilder& builder, const std::string& name, const Node& node, const std::string& path) {
    const git_tree_entry* entry = libgit2().treebuilder_get(&builder, name.c_str());
    TreeHandle base;
    if (entry != nullptr) {
      const git_filemode_t mode = libgit2().tree_entry_filemode(entry);
      if (mode != GIT_FILEMODE_TREE) return not_editable(path, fmt::format("{}, no folder", noun_of(mode)));
      SB_TRY(base, repository_.tree(*libgit2().tree_entry_id(entry)));
    }
    SB_TRY(const TreeBuilderHandle below, folder(base.get(), node, path));
    if (libgit2().treebuilder_entrycount(below.get()) == 0)
      return entry == nullptr ? Result<void>() : remove(builder, name);
    SB_TRY(const git_oid id, written(*below, path));
    return insert(builder, name, id, GIT_FILEMODE_TREE);
  }

  Result<void> insert(git_treebuilder& builder, const std::string& name, const git_oid& id, git_filemode_t mode) {
    const int status = libgit2().treebuilder_insert(nullptr, &builder, name.c_str(), &id, mode);
    if (status < 0) return repository_.failure(status, "'" + name + "'");
    return {};
  }

  Result<void> remove(git_treebuilder& builder, const std::string& name) {
    const int status = libgit2().treebuilder_remove(&builder, name.c_str());
    if (status < 0) return repository_.failure(status, "'" + name + "'");
    return {};
  }

  Context& context_;
  const Repository& repository_;
};

}  // namespace

bool is_file(git_filemode_t mode) noexcept { return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE; }

std::string_view noun_of(git_filemode_t mode) noexcept {
  switch (mode) {
    case GIT_FILEMODE_LINK:
      return "a symbolic link";
    case GIT_FILEMODE_COMMIT:
      return "a submodule";
    case GIT_FILEMODE_TREE:
      return "a folder";
    default:
      return "a file";
  }
}

Result<git_oid> edited_tree(Context& context, const Repository& repository, const git_tree* base,
                            std::span<const FileChange> changes) {
  SB_TRY(const Node root, nodes_of(changes));
  return TreeEdit(context, repository).root(base, root);
}

}  // namespace samebits::git
