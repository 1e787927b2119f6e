#include "git/tree_edit.hpp"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/objects.hpp"

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

/// What a name of a folder leads to by the changes. Without an id it goes.
struct Entry {
  std::string name;
  git_filemode_t mode = GIT_FILEMODE_BLOB;
  std::optional<git_oid> id = {};
};

/// The bytes of `base` with the ids of `entries` in the places of its own; nothing where a name goes or is new.
/// Source: Git's tree objects, `mode name\0id` in a row.
std::optional<std::string> with_ids(const git_tree& base, const std::vector<Entry>& entries) {
  std::map<std::string_view, const git_oid*> wanted;
  for (const Entry& entry : entries)
    if (entry.id) wanted.emplace(entry.name, &*entry.id);
  if (wanted.size() != entries.size()) return std::nullopt;
  constexpr std::size_t usual_entry = 64;
  std::string bytes;
  bytes.reserve(libgit2().tree_entrycount(&base) * usual_entry);
  git_filemode_t last_mode = GIT_FILEMODE_UNREADABLE;
  std::string mode_text;
  for (std::size_t index = 0; index < libgit2().tree_entrycount(&base); ++index) {
    const git_tree_entry* const entry = libgit2().tree_entry_byindex(&base, index);
    const std::string_view name = libgit2().tree_entry_name(entry);
    const auto replaced = wanted.find(name);
    const git_oid* const id = replaced == wanted.end() ? libgit2().tree_entry_id(entry) : replaced->second;
    if (const auto mode = libgit2().tree_entry_filemode_raw(entry); mode_text.empty() || mode != last_mode) {
      mode_text = fmt::format("{:o} ", static_cast<unsigned>(mode));
      last_mode = mode;
    }
    bytes.append(mode_text).append(name).append(1, '\0').append(reinterpret_cast<const char*>(id->id), GIT_OID_RAWSZ);
    if (replaced != wanted.end()) wanted.erase(replaced);
  }
  return wanted.empty() ? std::optional(std::move(bytes)) : std::nullopt;
}

class TreeEdit {
 public:
  TreeEdit(Context& context, const Repository& repository) : context_(context), repository_(repository) {}

  /// The tree that `base` becomes; nothing where a folder that is not the root is empty then.
  Result<std::optional<git_oid>> folder(const git_tree* base, const Node& node, const std::string& path) {
    SB_CHECK(context_.check());
    std::vector<Entry> entries;
    for (const auto& [name, child] : node.below) {
      const git_tree_entry* there = base == nullptr ? nullptr : libgit2().tree_entry_byname(base, name.c_str());
      Entry entry{.name = name};
      SB_CHECK(child.change != nullptr
                   ? file(there, *child.change, entry)
                   : subfolder(there, child, path.empty() ? name : fmt::format("{}/{}", path, name), entry));
      if (there != nullptr || entry.id) entries.push_back(std::move(entry));
    }
    if (base != nullptr) {
      SB_TRY(const auto spliced, this->spliced(*base, entries, path));
      if (spliced) return spliced;
    }
    return built(base, entries, path);
  }

 private:
  Result<void> file(const git_tree_entry* there, const FileChange& change, Entry& entry) {
    if (there != nullptr) entry.mode = libgit2().tree_entry_filemode(there);
    if (!is_file(entry.mode)) return not_editable(change.path.str(), noun_of(entry.mode));
    if (!change.bytes) return {};
    const int status = libgit2().blob_create_from_buffer(&entry.id.emplace(), repository_.get(), change.bytes->data(),
                                                         change.bytes->size());
    if (status < 0) return repository_.failure(status, "file '" + change.path.str() + "'");
    return {};
  }

  Result<void> subfolder(const git_tree_entry* there, const Node& node, const std::string& path, Entry& entry) {
    entry.mode = GIT_FILEMODE_TREE;
    TreeHandle base;
    if (there != nullptr) {
      const git_filemode_t mode = libgit2().tree_entry_filemode(there);
      if (mode != GIT_FILEMODE_TREE) return not_editable(path, fmt::format("{}, no folder", noun_of(mode)));
      SB_TRY(base, repository_.tree(*libgit2().tree_entry_id(there)));
    }
    SB_TRY(entry.id, folder(base.get(), node, path));
    return {};
  }

  /// Where the folder keeps its names only their ids are written: it may have thousands. Nothing where it does not.
  Result<std::optional<git_oid>> spliced(const git_tree& base, const std::vector<Entry>& entries,
                                         const std::string& path) {
    auto bytes = with_ids(base, entries);
    if (!bytes) return std::optional<git_oid>();
    SB_TRY(const git_oid id,
           write_object(repository_, GIT_OBJECT_TREE, *std::move(bytes), fmt::format("folder '{}'", path)));
    return std::optional(id);
  }

  Result<std::optional<git_oid>> built(const git_tree* base, const std::vector<Entry>& entries,
                                       const std::string& path) {
    TreeBuilderHandle builder;
    int status = libgit2().treebuilder_new(out(builder), repository_.get(), base);
    for (std::size_t i = 0; i < entries.size() && status == 0; ++i) {
      const Entry& entry = entries[i];
      status = entry.id
                   ? libgit2().treebuilder_insert(nullptr, builder.get(), entry.name.c_str(), &*entry.id, entry.mode)
                   : libgit2().treebuilder_remove(builder.get(), entry.name.c_str());
    }
    if (status == 0 && !path.empty() && libgit2().treebuilder_entrycount(builder.get()) == 0)
      return std::optional<git_oid>();
    git_oid id;
    if (status == 0) status = libgit2().treebuilder_write(&id, builder.get());
    if (status < 0) return repository_.failure(status, fmt::format("folder '{}'", path));
    return std::optional(id);
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
  SB_TRY(const auto tree, TreeEdit(context, repository).folder(base, root, ""));
  return tree.value();
}

}  // namespace samebits::git
