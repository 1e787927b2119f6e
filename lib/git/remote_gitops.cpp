#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/objects.hpp"
#include "git/ref_names.hpp"
#include "git/remote.hpp"
#include "git/remote_cache.hpp"
#include "git/remote_pack.hpp"
#include "git/remote_reader.hpp"
#include "git/remote_refs.hpp"
#include "git/signer.hpp"
#include "git/tree_edit.hpp"

namespace samebits::git {
namespace {

/// Pushes in a row that find the reference locked and unmoved.
constexpr int max_locked = 20;
/// What was seen of the branch after a lost race is where it is, for so long.
constexpr std::chrono::milliseconds seen_for{20};
/// Of a turn: then whoever is before us is slow, or stopped, and races are better.
constexpr std::chrono::milliseconds longest_queue{5000};

class RemoteGitOps final : public GitOps {
 public:
  RemoteGitOps(std::unique_ptr<Transport> transport, std::string_view branch, RemoteGitOptions options)
      : remote_(std::move(transport)),
        reader_(remote_),
        branch_(branch),
        cache_(options.cache, remote_.location(), branch),
        signer_(std::move(options.signing)) {}

  RemoteGitOps(const RemoteGitOps&) = delete;
  RemoteGitOps& operator=(const RemoteGitOps&) = delete;
  /// What was only read is kept too.
  ~RemoteGitOps() override {
    try {
      keep({});
    } catch (const std::exception&) {
      // Without it the next one asks again.
    }
  }

  std::string location() const override { return remote_.location(); }

  std::string branch() const override {
    if (!branch_.empty()) return branch_;
    return ref_.empty() ? "HEAD" : ref_.substr(head_prefix.size());
  }

  Result<std::optional<CommitId>> tip(Context& context) override {
    SB_CHECK(context.check());
    remember(context);
    if (const auto seen = std::exchange(just_seen_, std::nullopt); seen && Context::Clock::now() < seen->until)
      return std::optional(to_commit_id(seen->tip));
    SB_TRY(const auto found, find(context));
    moves_ = kept_ && found && libgit2().oid_equal(&kept_->tip, &*found) == 0;
    tip_ = found;
    return found ? std::optional(to_commit_id(*found)) : std::nullopt;
  }

  /// Not of a HEAD that may have been moved to another branch: nobody would see that the push went to the old one.
  std::optional<CommitId> remembered_tip(Context& context) override {
    remember(context);
    // Where others write much, a push for nothing costs more than to ask.
    return tip_ && !branch_.empty() && !moves_ ? std::optional(to_commit_id(*tip_)) : std::nullopt;
  }

  std::unique_ptr<WriteTurn> take_turn(Context& context) override {
    auto turn = cache_.take_turn(context, longest_queue);
    // Whoever was before has left there what we would have to ask for.
    if (turn != nullptr) reload(context);
    if (turn != nullptr) just_seen_.reset();
    return turn;
  }

  Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) override {
    SB_CHECK(context.check());
    SB_CHECK(reader_.need(context, at, {&path, 1}, RemoteReader::Content::files));
    SB_TRY(const ObjectStore* store, remote_.store());
    const Repository& repository = store->repository();
    SB_TRY(const TreeEntryHandle entry, entry_at(repository, at, path));
    if (entry == nullptr) return std::optional<RepoFile>();
    SB_TRY(auto file, file_of(repository, *entry, path));
    return std::optional(std::move(file));
  }

  Result<std::optional<BlobId>> find_blob(Context& context, const CommitId& at, const RepoPath& path) override {
    SB_CHECK(context.check());
    SB_CHECK(reader_.need(context, at, {&path, 1}, RemoteReader::Content::folders));
    SB_TRY(const ObjectStore* store, remote_.store());
    SB_TRY(const TreeEntryHandle entry, entry_at(store->repository(), at, path));
    if (entry == nullptr) return std::optional<BlobId>();
    const git_filemode_t mode = libgit2().tree_entry_filemode(entry.get());
    if (!is_file(mode)) return no_file(path, mode);
    return std::optional(BlobId::parse(to_hex(*libgit2().tree_entry_id(entry.get()))).value());
  }

  Result<void> prefetch(Context& context, const CommitId& at, std::span<const RepoPath> paths) override {
    return reader_.need(context, at, paths, RemoteReader::Content::files);
  }

  Result<void> prefetch_blobs(Context& context, std::span<const BlobId> blobs) override {
    SB_CHECK(context.check());
    std::vector<git_oid> ids;
    for (const BlobId& blob : blobs)
      if (const auto id = to_oid(blob.str())) ids.push_back(*id);
    return reader_.need_objects(context, std::move(ids));
  }

  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) override {
    SB_CHECK(context.check());
    const auto id = to_oid(blob.str());
    if (!id) return std::optional<std::string>();
    SB_TRY(const bool found, reader_.need_object(context, *id));
    if (!found) return std::optional<std::string>();
    SB_TRY(const ObjectStore* store, remote_.store());
    return blob_bytes(store->repository(), *id);
  }

  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) override {
    SB_CHECK(context.check());
    SB_CHECK(reader_.need_below(context, at, folder));
    SB_TRY(const ObjectStore* store, remote_.store());
    SB_TRY(const TreeEntryHandle entry, entry_at(store->repository(), at, folder));
    if (entry == nullptr || libgit2().tree_entry_filemode(entry.get()) != GIT_FILEMODE_TREE)
      return std::vector<RepoEntry>();
    return files_below(context, store->repository(), *libgit2().tree_entry_id(entry.get()), folder);
  }

  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) override {
    SB_CHECK(context.check());
    const auto oid = to_oid(id.str());
    if (!oid) return std::optional<CommitFacts>();
    SB_TRY(const bool found, reader_.need_commit(context, *oid));
    if (!found) return std::optional<CommitFacts>();
    SB_TRY(const ObjectStore* store, remote_.store());
    SB_TRY(const CommitHandle commit, store->repository().find_commit(*oid));
    return commit == nullptr ? std::optional<CommitFacts>() : std::optional(facts_of(*commit));
  }

  Result<void> require_writable(Context& context, const Person& author) override {
    return signer_.require_ready(context, author);
  }

  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    SB_CHECK(context.check());
    remember(context);
    SB_CHECK(find_name(context));
    SB_TRY(ObjectStore * store, remote_.store());
    static_cast<void>(store->take_written());
    CommitHandle parent;
    TreeHandle base;
    if (commit.expected_tip) {
      auto ready = need_base(context, commit);
      if (!ready && ready.error().code == ErrorCode::commit_missing) return lost_race();
      if (!ready) return std::move(ready).error();
      SB_TRY(parent, store->repository().require_commit(*commit.expected_tip));
      SB_TRY(base, store->repository().tree_of(*parent));
    }
    SB_TRY(const git_oid tree, edited_tree(context, store->repository(), base.get(), commit.changes));
    if (base != nullptr && libgit2().oid_equal(&tree, libgit2().tree_id(base.get())) == 1)
      return unchanged(context, commit);
    SB_TRY(const git_oid made, write(context, *store, commit, tree, parent.get()));
    SB_TRY(const std::string pack, pack_of_written(*store, base.get(), tree, commit.changes));
    SB_CHECK(context.check());
    return move_to(context, commit, made, pack);
  }

 private:
  /// Where the branch was just now.
  struct Seen {
    git_oid tip;
    Context::Clock::time_point until;
  };

  /// Takes over what an earlier process left, once.
  void remember(Context& context) {
    if (!std::exchange(remembered_, true)) reload(context);
  }

  void reload(Context& context) {
    const auto store = remote_.store();
    if (!store) return;
    const auto found = cache_.load(context, **store);
    if (!found) return;
    if (!filters_until_) remote_.assume(found->filters);
    filters_until_ = found->filters_until;
    reader_.begin_with(found->tip);
    kept_ = Kept{.tip = found->tip, .bytes = (*store)->bytes(), .moves = found->moves};
    tip_ = found->tip;
    moves_ = found->moves;
    // A HEAD may have been moved to another branch since.
    if (!branch_.empty()) ref_ = found->ref;
  }

  /// Leaves to later processes what is known now, where it is more than they have.
  void keep(const Context& context) {
    if (!tip_ || ref_.empty()) return;
    const auto store = remote_.store();
    if (!store || !(*store)->has(*tip_)) return;
    const bool same_tip = kept_ && libgit2().oid_equal(&kept_->tip, &*tip_) == 1;
    if (same_tip && kept_->bytes == (*store)->bytes() && kept_->moves == moves_) return;
    cache_.save(
        context,
        {.ref = ref_, .tip = *tip_, .moves = moves_, .filters = remote_.filters(), .filters_until = filters_until_},
        **store);
    kept_ = Kept{.tip = *tip_, .bytes = (*store)->bytes(), .moves = moves_};
  }

  Result<std::optional<git_oid>> find(Context& context) {
    SB_TRY(auto found, find_branch(context, remote_, ref_.empty() ? branch_ : branch()));
    if (ref_.empty()) ref_ = std::move(found.ref);
    return found.tip;
  }

  Result<void> find_name(Context& context) {
    if (ref_.empty() && !branch_.empty()) {
      SB_TRY(ref_, head_ref(branch_));
    }
    if (ref_.empty()) SB_CHECK(find(context));
    if (!ref_.empty()) return {};
    return remote_.error(ErrorCode::bad_option, fmt::format("'{}' does not say which branch is its HEAD", location()),
                         "name the branch");
  }

  static Result<TreeEntryHandle> entry_at(const Repository& repository, const CommitId& at, const RepoPath& path) {
    SB_TRY(const CommitHandle commit, repository.require_commit(at));
    SB_TRY(TreeHandle tree, repository.tree_of(*commit));
    return find_entry(repository, std::move(tree), path);
  }

  Result<void> need_base(Context& context, const NewCommit& commit) {
    std::vector<RepoPath> paths;
    paths.reserve(commit.changes.size());
    for (const FileChange& change : commit.changes) paths.push_back(change.path);
    return reader_.need(context, *commit.expected_tip, paths, RemoteReader::Content::folders);
  }

  Result<git_oid> write(Context& context, const ObjectStore& store, const NewCommit& commit, const git_oid& tree,
                        const git_commit* parent) const {
    Time time = commit.time;
    if (parent != nullptr)
      time = std::max(time, Time(std::chrono::seconds(libgit2().commit_committer(parent)->when.time)));
    SB_TRY(const SignatureHandle by, store.repository().signature(commit.author, time));
    return write_commit(store.repository(), tree, parent, *by, commit.message, signer_.signing(context, commit.author));
  }

  Result<CommitId> unchanged(Context& context, const NewCommit& commit) {
    SB_TRY(const auto now, tip(context));
    if (now != commit.expected_tip) return lost_race();
    return *commit.expected_tip;
  }

  Result<CommitId> move_to(Context& context, const NewCommit& commit, const git_oid& made, const std::string& pack) {
    const auto expected = commit.expected_tip ? to_oid(commit.expected_tip->str()) : std::nullopt;
    SB_TRY(const Move move,
           move_remote_ref(context, remote_, {.ref = ref_, .expected = expected, .target = made}, pack));
    locked_ = move.moved == Moved::locked ? locked_ + 1 : 0;
    if (move.moved == Moved::done) {
      tip_ = made;
      reader_.begin_with(made);
      keep(context);
      return to_commit_id(made);
    }
    moves_ = moves_ || move.moved == Moved::lost;
    if (move.seen) tip_ = move.seen;
    if (move.seen) just_seen_ = Seen{.tip = *move.seen, .until = Context::Clock::now() + seen_for};
    if (locked_ < max_locked) return lost_race();
    return remote_.error(ErrorCode::unreachable,
                         fmt::format("'{}' of '{}' is locked and does not move", branch(), location()),
                         fmt::format("a killed push may have left '{}.lock' in the server's repository", ref_));
  }

  Error lost_race() const {
    return remote_.error(ErrorCode::lost_race,
                         fmt::format("'{}' of '{}' was moved by someone else", branch(), location()),
                         "run it again: it begins at the new tip");
  }

  RemoteRepository remote_;
  RemoteReader reader_;
  std::string branch_;
  /// `refs/heads/...`, once it is known: HEAD may be moved to another branch while a promotion runs.
  std::string ref_;
  RemoteCache cache_;
  Signer signer_;
  /// What the file has that the cache keeps.
  struct Kept {
    git_oid tip;
    std::size_t bytes;
    bool moves;
  };
  std::optional<Kept> kept_;
  std::optional<Time> filters_until_;
  bool remembered_ = false;
  /// Where the branch was when it was last seen, by us or by an earlier process.
  std::optional<git_oid> tip_;
  /// Somebody else moved it since.
  bool moves_ = false;
  std::optional<Seen> just_seen_;
  int locked_ = 0;
};

}  // namespace
}  // namespace samebits::git

namespace samebits {

std::unique_ptr<GitOps> open_remote_gitops(std::unique_ptr<git::Transport> transport, std::string_view branch,
                                           RemoteGitOptions options) {
  return std::make_unique<git::RemoteGitOps>(std::move(transport), branch, std::move(options));
}

}  // namespace samebits
