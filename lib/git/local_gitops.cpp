#include <algorithm>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/local_repository.hpp"
#include "git/tree_edit.hpp"

namespace samebits {
namespace git {
namespace {

constexpr std::size_t max_blob_bytes = std::size_t{64} << 20;

Time time_of(const git_commit* commit) { return Time(std::chrono::seconds(git_commit_time(commit))); }

class LocalGitOps final : public GitOps {
 public:
  LocalGitOps(std::string_view location, std::string_view branch) : repository_(location), branch_(branch) {}

  std::string location() const override { return repository_.location(); }

  std::string branch() const override {
    constexpr std::string_view heads = "refs/heads/";
    return ref_.starts_with(heads) ? ref_.substr(heads.size()) : branch_;
  }

  Result<std::optional<CommitId>> tip(Context& context) override {
    SB_CHECK(context.check());
    SB_CHECK(find_ref());
    SB_TRY(const auto oid, repository_.read_ref(ref_));
    return oid ? std::optional(to_commit_id(*oid)) : std::nullopt;
  }

  Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) override {
    SB_CHECK(context.check());
    SB_TRY(const auto tree, tree_of(at));
    git_tree_entry* found = nullptr;
    const int status = git_tree_entry_bypath(&found, tree.get(), path.str().c_str());
    const Owned<git_tree_entry, git_tree_entry_free> entry(found);
    if (status == GIT_ENOTFOUND) return std::optional<RepoFile>();
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be read", path));
    const git_filemode_t mode = git_tree_entry_filemode(found);
    if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
      return Error{.code = ErrorCode::not_editable,
                   .message = fmt::format("'{}' is no regular file", path),
                   .hint = "put the file itself there: links and folders are not followed",
                   .where = {.file = path.str()}};
    SB_TRY(auto bytes, blob_bytes(*git_tree_entry_id(found), path.str()));
    return std::optional(RepoFile{.blob = to_blob_id(*git_tree_entry_id(found)), .bytes = std::move(bytes)});
  }

  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * raw, repository_.open());
    const git_oid oid = to_oid(blob);
    git_odb* odb = nullptr;
    if (const int status = git_repository_odb(&odb, raw); status != 0)
      return repository_.error(status, "the object database cannot be opened");
    const Owned<git_odb, git_odb_free> owned(odb);
    if (git_odb_exists(odb, &oid) == 0) return std::optional<std::string>();
    SB_TRY(auto bytes, blob_bytes(oid, blob.str()));
    return std::optional(std::move(bytes));
  }

  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) override {
    SB_CHECK(context.check());
    SB_TRY(const auto tree, tree_of(at));
    std::vector<RepoEntry> entries;
    git_tree_entry* found = nullptr;
    const int status = git_tree_entry_bypath(&found, tree.get(), folder.str().c_str());
    const Owned<git_tree_entry, git_tree_entry_free> entry(found);
    if (status == GIT_ENOTFOUND || (status == 0 && git_tree_entry_type(found) != GIT_OBJECT_TREE)) return entries;
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be read", folder));
    SB_CHECK(list_tree(context, *git_tree_entry_id(found), folder.str(), entries));
    return entries;
  }

  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * raw, repository_.open());
    const git_oid oid = to_oid(id);
    git_commit* found = nullptr;
    const int status = git_commit_lookup(&found, raw, &oid);
    const Commit commit(found);
    if (status == GIT_ENOTFOUND) return std::optional<CommitFacts>();
    if (status != 0) return repository_.error(status, fmt::format("the commit {} cannot be read", id));
    CommitFacts facts{.id = id, .parents = {}, .author = {}, .time = time_of(found), .message = {}};
    for (unsigned i = 0; i < git_commit_parentcount(found); ++i)
      facts.parents.push_back(to_commit_id(*git_commit_parent_id(found, i)));
    const git_signature* author = git_commit_author(found);
    facts.author = {.name = author->name, .mail = author->email};
    facts.message = git_commit_message(found);
    return std::optional(std::move(facts));
  }

  Result<CommitId> commit(Context& context, const NewCommit& wanted) override {
    SB_CHECK(context.check());
    SB_CHECK(find_ref());
    SB_CHECK(require_not_checked_out());
    SB_TRY(const auto tip, repository_.read_ref(ref_));
    const std::optional<git_oid> expected = wanted.expected_tip ? std::optional(to_oid(*wanted.expected_tip)) : std::nullopt;
    if (tip.has_value() != expected.has_value() || (tip && git_oid_equal(&*tip, &*expected) == 0)) return lost_race();
    Tree base;
    if (wanted.expected_tip) {
      SB_TRY(base, tree_of(*wanted.expected_tip));
    }
    SB_TRY(const git_oid tree, edit_tree(repository_, base.get(), wanted.changes));
    if (base && git_oid_equal(&tree, git_tree_id(base.get())) == 1) return *wanted.expected_tip;
    SB_TRY(const git_oid made, write_commit(wanted, expected, tree));
    SB_CHECK(context.check());
    SB_TRY(const bool moved, repository_.swap_ref(context, ref_, expected, made, "commit: samebits"));
    if (!moved) return lost_race();
    return to_commit_id(made);
  }

 private:
  Error lost_race() const {
    return Error{.code = ErrorCode::lost_race,
                 .message = fmt::format("branch '{}' moved while the commit was prepared", branch()),
                 .hint = "run it again",
                 .remote = location()};
  }

  Result<void> find_ref() {
    if (!ref_.empty()) return {};
    SB_TRY(ref_, repository_.branch_ref(branch_));
    return {};
  }

  /// A work tree on this branch would silently fall behind its own HEAD.
  Result<void> require_not_checked_out() {
    SB_TRY(git_repository * raw, repository_.open());
    git_reference* found = nullptr;
    const int status = git_reference_lookup(&found, raw, ref_.c_str());
    const Reference reference(found);
    const bool unborn_head = status == GIT_ENOTFOUND && git_repository_is_bare(raw) == 0 && branch_.empty();
    if (status != 0 && status != GIT_ENOTFOUND) return repository_.error(status, fmt::format("{} cannot be read", ref_));
    if (!unborn_head && (status == GIT_ENOTFOUND || git_branch_is_checked_out(found) != 1)) return {};
    return Error{.code = ErrorCode::branch_checked_out,
                 .message = fmt::format("branch '{}' is checked out in a work tree of {}", branch(), location()),
                 .hint = fmt::format("use a bare repository, or: git -C {} switch --detach", location()),
                 .remote = location()};
  }

  Result<Tree> tree_of(const CommitId& at) {
    SB_TRY(git_repository * raw, repository_.open());
    const git_oid oid = to_oid(at);
    git_commit* found = nullptr;
    int status = git_commit_lookup(&found, raw, &oid);
    const Commit commit(found);
    git_tree* tree = nullptr;
    if (status == 0) status = git_commit_tree(&tree, found);
    if (status != 0) return repository_.error(status, fmt::format("the tree of commit {} cannot be read", at));
    return Tree(tree);
  }

  Result<std::string> blob_bytes(const git_oid& oid, const std::string& path) {
    SB_TRY(git_repository * raw, repository_.open());
    git_blob* found = nullptr;
    const int status = git_blob_lookup(&found, raw, &oid);
    const Blob blob(found);
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be read", path));
    const auto size = static_cast<std::size_t>(git_blob_rawsize(found));
    if (size > max_blob_bytes)
      return Error{.code = ErrorCode::not_editable,
                   .message = fmt::format("'{}' is larger than {} bytes", path, max_blob_bytes),
                   .where = {.file = path}};
    return std::string(static_cast<const char*>(git_blob_rawcontent(found)), size);
  }

  Result<void> list_tree(Context& context, const git_oid& oid, const std::string& folder,
                         std::vector<RepoEntry>& entries) {
    SB_CHECK(context.check());
    SB_TRY(git_repository * raw, repository_.open());
    git_tree* found = nullptr;
    const int status = git_tree_lookup(&found, raw, &oid);
    const Tree tree(found);
    if (status != 0) return repository_.error(status, fmt::format("'{}' cannot be read", folder));
    for (std::size_t i = 0; i < git_tree_entrycount(found); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(found, i);
      const std::string path = folder + "/" + git_tree_entry_name(entry);
      const git_filemode_t mode = git_tree_entry_filemode(entry);
      if (mode == GIT_FILEMODE_TREE) SB_CHECK(list_tree(context, *git_tree_entry_id(entry), path, entries));
      if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE) continue;
      if (auto parsed = RepoPath::parse(path))
        entries.push_back({.path = *std::move(parsed), .blob = to_blob_id(*git_tree_entry_id(entry))});
    }
    return {};
  }

  Result<git_oid> write_commit(const NewCommit& wanted, const std::optional<git_oid>& expected, const git_oid& tree_id) {
    SB_TRY(git_repository * raw, repository_.open());
    git_tree* tree = nullptr;
    int status = git_tree_lookup(&tree, raw, &tree_id);
    const Tree owned_tree(tree);
    git_commit* parent = nullptr;
    if (status == 0 && expected) status = git_commit_lookup(&parent, raw, &*expected);
    const Commit owned_parent(parent);
    if (status != 0) return repository_.error(status, "the commit cannot be written");
    const Time time = parent == nullptr ? wanted.time : std::max(wanted.time, time_of(parent));
    SB_TRY(const auto author, to_signature(wanted.author, time));
    std::string message = wanted.message;
    while (message.ends_with('\n')) message.pop_back();
    message += '\n';
    const git_commit* parents[] = {parent};
    git_oid oid{};
    status = git_commit_create(&oid, raw, nullptr, author.get(), author.get(), nullptr, message.c_str(), tree,
                               parent == nullptr ? 0 : 1, parents);
    if (status != 0) return repository_.error(status, "the commit cannot be written");
    return oid;
  }

  LocalRepository repository_;
  std::string branch_;
  std::string ref_;
};

}  // namespace
}  // namespace git

std::unique_ptr<GitOps> open_local_gitops(std::string_view location, std::string_view branch) {
  return std::make_unique<git::LocalGitOps>(location, branch);
}

}  // namespace samebits
