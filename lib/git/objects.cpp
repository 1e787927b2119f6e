#include "git/objects.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/tree_edit.hpp"

namespace samebits::git {
namespace {

Result<void> add_files(Context& context, const Repository& repository, const git_oid& id, const std::string& folder,
                       std::vector<RepoEntry>& files) {
  SB_CHECK(context.check());
  SB_TRY(const TreeHandle tree, repository.tree(id));
  for (std::size_t index = 0; index < libgit2().tree_entrycount(tree.get()); ++index) {
    const git_tree_entry* entry = libgit2().tree_entry_byindex(tree.get(), index);
    const git_filemode_t mode = libgit2().tree_entry_filemode(entry);
    const std::string path = folder + "/" + libgit2().tree_entry_name(entry);
    if (mode == GIT_FILEMODE_TREE)
      SB_CHECK(add_files(context, repository, *libgit2().tree_entry_id(entry), path, files));
    if (!is_file(mode)) continue;
    auto checked = RepoPath::parse(path);
    if (checked)
      files.push_back(
          {.path = *std::move(checked), .blob = BlobId::parse(to_hex(*libgit2().tree_entry_id(entry))).value()});
    else
      context.note(LogLevel::warn, checked.error().message);
  }
  return {};
}

/// What libgit2 fills.
struct Buffer {
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { libgit2().buf_dispose(&raw); }
  git_buf raw = GIT_BUF_INIT;
};

std::string with_one_newline(std::string_view message) {
  while (message.ends_with('\n') || message.ends_with('\r') || message.ends_with(' ')) message.remove_suffix(1);
  return std::string(message) + "\n";
}

}  // namespace

Result<std::optional<std::string>> blob_bytes(const Repository& repository, const git_oid& id) {
  OdbHandle odb;
  if (const int status = libgit2().repository_odb(out(odb), repository.get()); status < 0)
    return repository.failure(status, "the object database");
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const int status = libgit2().odb_read_header(&size, &type, odb.get(), &id);
  if (status == GIT_ENOTFOUND || (status == 0 && type != GIT_OBJECT_BLOB)) return std::optional<std::string>();
  if (status < 0) return repository.failure(status, "blob " + to_hex(id));
  if (size > max_blob_bytes)
    return Error{.code = ErrorCode::not_editable,
                 .message = fmt::format("blob {} has {} bytes, more than {}", to_hex(id), size, max_blob_bytes),
                 .hint = "files of this size are not read"};
  OdbObjectHandle object;
  if (const int read = libgit2().odb_read(out(object), odb.get(), &id); read < 0)
    return repository.failure(read, "blob " + to_hex(id));
  return std::optional(std::string(static_cast<const char*>(libgit2().odb_object_data(object.get())),
                                   libgit2().odb_object_size(object.get())));
}

Result<TreeEntryHandle> find_entry(const Repository& repository, TreeHandle tree, const RepoPath& path) {
  const auto names = split(path.str(), '/');
  for (std::size_t index = 0;; ++index) {
    const git_tree_entry* entry = libgit2().tree_entry_byname(tree.get(), std::string(names[index]).c_str());
    TreeEntryHandle kept;
    if (entry == nullptr) return kept;
    if (index + 1 == names.size()) {
      if (libgit2().tree_entry_dup(out(kept), entry) < 0)
        return Error{.code = ErrorCode::out_of_memory, .message = "no memory left"};
      return kept;
    }
    const git_filemode_t mode = libgit2().tree_entry_filemode(entry);
    if (is_file(mode)) return kept;
    if (mode != GIT_FILEMODE_TREE)
      return Error{.code = ErrorCode::not_editable,
                   .message = fmt::format("'{}' of '{}' is {}", names[index], path, noun_of(mode)),
                   .hint = "name the file's own path",
                   .where = {.file = path.str()}};
    SB_TRY(tree, repository.tree(*libgit2().tree_entry_id(entry)));
  }
}

Result<std::vector<RepoEntry>> files_below(Context& context, const Repository& repository, const git_oid& id,
                                           const RepoPath& folder) {
  std::vector<RepoEntry> files;
  SB_CHECK(add_files(context, repository, id, folder.str(), files));
  return files;
}

Result<git_oid> write_object(const Repository& repository, git_object_t type, std::string bytes,
                             std::string_view subject) {
  OdbHandle odb;
  if (const int status = libgit2().repository_odb(out(odb), repository.get()); status < 0)
    return repository.failure(status, subject);
  if (repository.made() != nullptr)
    if (const auto added = repository.made()->add(*odb, type, bytes)) return *added;
  git_oid made;
  const int status = libgit2().odb_write(&made, odb.get(), bytes.data(), bytes.size(), type);
  if (status < 0) return repository.failure(status, subject);
  return made;
}

CommitFacts facts_of(const git_commit& commit) {
  const git_signature& author = *libgit2().commit_author(&commit);
  CommitFacts facts{.id = to_commit_id(*libgit2().commit_id(&commit)),
                    .parents = {},
                    .author = {.name = author.name, .mail = author.email},
                    .time = Time(std::chrono::seconds(author.when.time)),
                    .message = libgit2().commit_message(&commit)};
  for (unsigned int index = 0; index < libgit2().commit_parentcount(&commit); ++index)
    facts.parents.push_back(to_commit_id(*libgit2().commit_parent_id(&commit, index)));
  return facts;
}

Result<git_oid> write_commit(const Repository& repository, const git_oid& tree_id, const git_commit* parent,
                             const git_signature& by, std::string_view message, const SignObject& sign) {
  if (message.find('\0') != std::string_view::npos)
    return Error{.code = ErrorCode::bad_request, .message = "a commit message holds a zero byte"};
  SB_TRY(const TreeHandle tree, repository.tree(tree_id));
  const git_commit* parents[] = {parent};
  const std::string text = with_one_newline(message);
  const std::size_t parent_count = parent == nullptr ? 0 : 1;
  git_oid made;
  if (!sign) {
    const int status = libgit2().commit_create(&made, repository.get(), nullptr, &by, &by, nullptr, text.c_str(),
                                               tree.get(), parent_count, parents);
    if (status < 0) return repository.failure(status, "a new commit");
    return made;
  }
  Buffer unsigned_commit;
  if (const int status = libgit2().commit_create_buffer(&unsigned_commit.raw, repository.get(), &by, &by, nullptr,
                                                        text.c_str(), tree.get(), parent_count, parents);
      status < 0)
    return repository.failure(status, "a new commit");
  SB_TRY(const std::string signature, sign({unsigned_commit.raw.ptr, unsigned_commit.raw.size}));
  const int status = libgit2().commit_create_with_signature(&made, repository.get(), unsigned_commit.raw.ptr,
                                                            signature.c_str(), nullptr);
  if (status < 0) return repository.failure(status, "a signed commit");
  return made;
}

Result<RepoFile> file_of(const Repository& repository, const git_tree_entry& entry, const RepoPath& path) {
  const git_filemode_t mode = libgit2().tree_entry_filemode(&entry);
  if (!is_file(mode)) return no_file(path, mode);
  const git_oid& id = *libgit2().tree_entry_id(&entry);
  SB_TRY(auto bytes, blob_bytes(repository, id));
  if (!bytes) return repository.failure(GIT_ENOTFOUND, fmt::format("blob {} of '{}'", to_hex(id), path));
  return RepoFile{.blob = BlobId::parse(to_hex(id)).value(), .bytes = *std::move(bytes)};
}

Error no_file(const RepoPath& path, git_filemode_t mode) {
  return Error{.code = ErrorCode::not_editable,
               .message = fmt::format("'{}' is {}, no regular file", path, noun_of(mode)),
               .hint = "name the file itself",
               .where = {.file = path.str()}};
}

}  // namespace samebits::git
