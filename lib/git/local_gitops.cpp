#include <algorithm>

#include <fmt/format.h>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/objects.hpp"
#include "git/ref_lock.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/signer.hpp"
#include "git/tree_edit.hpp"

namespace samebits::git {
namespace {

class LocalGitOps final : public GitOps {
 public:
  LocalGitOps(std::string_view location, std::string_view branch, SigningOptions signing)
      : repository_(location), branch_(branch), signer_(std::move(signing)) {}

  std::string location() const override { return repository_.location(); }

  std::string branch() const override {
    if (!branch_.empty()) return branch_;
    const auto ref = repository_.use([this](const Repository& repository) { return ref_of(repository); });
    return ref ? short_name(*ref) : "HEAD";
  }

  Result<std::optional<CommitId>> tip(Context& context) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<CommitId>> {
      SB_CHECK(clear_dead_lock(context, repository));
      SB_TRY(const std::string ref, ref_of(repository));
      SB_TRY(const auto target, ref_target(repository, ref));
      if (!target) return std::optional<CommitId>();
      SB_TRY(const CommitHandle commit, repository.find_commit(*target));
      if (commit == nullptr) return repository.failure(GIT_ENOTFOUND, "the tip of " + ref + ", " + to_hex(*target));
      return std::optional(to_commit_id(*target));
    });
  }

  Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<RepoFile>> {
      SB_TRY(const CommitHandle commit, repository.require_commit(at));
      SB_TRY(TreeHandle tree, repository.tree_of(*commit));
      SB_TRY(const TreeEntryHandle entry, find_entry(repository, std::move(tree), path));
      if (entry == nullptr) return std::optional<RepoFile>();
      SB_TRY(auto file, file_of(repository, *entry, path));
      return std::optional(std::move(file));
    });
  }

  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<std::string>> {
      const auto id = to_oid(blob.str());
      if (!id) return std::optional<std::string>();
      return blob_bytes(repository, *id);
    });
  }

  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) override {
    return repository_.use([&](const Repository& repository) -> Result<std::vector<RepoEntry>> {
      SB_TRY(const CommitHandle commit, repository.require_commit(at));
      SB_TRY(TreeHandle tree, repository.tree_of(*commit));
      SB_TRY(const TreeEntryHandle entry, find_entry(repository, std::move(tree), folder));
      if (entry == nullptr || libgit2().tree_entry_filemode(entry.get()) != GIT_FILEMODE_TREE)
        return std::vector<RepoEntry>();
      return files_below(context, repository, *libgit2().tree_entry_id(entry.get()), folder);
    });
  }

  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<CommitFacts>> {
      const auto oid = to_oid(id.str());
      if (!oid) return std::optional<CommitFacts>();
      SB_TRY(const CommitHandle commit, repository.find_commit(*oid));
      if (commit == nullptr) return std::optional<CommitFacts>();
      return std::optional(facts_of(*commit));
    });
  }

  Result<void> require_writable(Context& context, const Person& author) override {
    SB_CHECK(context.check());
    SB_CHECK(repository_.use([&](const Repository& repository) -> Result<void> {
      SB_TRY(const std::string ref, ref_of(repository));
      return require_not_checked_out(repository, ref);
    }));
    return signer_.require_ready(context, author);
  }

  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<CommitId> {
      SB_TRY(const std::string ref, ref_of(repository));
      SB_CHECK(require_not_checked_out(repository, ref));
      SB_TRY(const auto before, ref_target(repository, ref));
      const auto expected = commit.expected_tip ? to_oid(commit.expected_tip->str()) : std::nullopt;
      if (commit.expected_tip.has_value() != before.has_value() ||
          (before && to_hex(*before) != commit.expected_tip->str()))
        return lost_race(ref);
      return write(context, repository, {.ref = ref, .tip = expected, .content = commit});
    });
  }

 private:
  struct Writing {
    std::string ref;
    std::optional<git_oid> tip;
    const NewCommit& content;
  };

  static std::string short_name(const std::string& ref) {
    constexpr std::string_view heads = "refs/heads/";
    return ref.starts_with(heads) ? ref.substr(heads.size()) : ref;
  }

  /// Found once: HEAD may be moved to another branch while a promotion runs.
  Result<std::string> ref_of(const Repository& repository) const {
    if (!ref_) {
      SB_TRY(ref_, branch_ref(repository, branch_));
    }
    return *ref_;
  }

  Error lost_race(const std::string& ref) const {
    return Error{.code = ErrorCode::lost_race,
                 .message = fmt::format("'{}' of '{}' was moved by someone else", short_name(ref), location()),
                 .hint = "run it again: it begins at the new tip",
                 .remote = location()};
  }

  Result<void> require_not_checked_out(const Repository& repository, const std::string& ref) const {
    SB_TRY(const auto folder, work_tree_of(repository, ref));
    if (!folder) return {};
    return Error{
        .code = ErrorCode::branch_checked_out,
        .message = fmt::format("'{}' is checked out in '{}'", short_name(ref), *folder),
        .hint = fmt::format("use a bare repository, or leave the branch: git -C '{}' switch --detach", *folder),
        .remote = location()};
  }

  Result<CommitId> write(Context& context, const Repository& repository, const Writing& writing) const {
    CommitHandle parent;
    TreeHandle base;
    Time time = writing.content.time;
    if (const auto& tip = writing.content.expected_tip) {
      SB_TRY(parent, repository.require_commit(*tip));
      SB_TRY(base, repository.tree_of(*parent));
      time = std::max(time, Time(std::chrono::seconds(libgit2().commit_committer(parent.get())->when.time)));
    }
    SB_TRY(const git_oid tree, edited_tree(context, repository, base.get(), writing.content.changes));
    if (base != nullptr && libgit2().oid_equal(&tree, libgit2().tree_id(base.get())) == 1)
      return to_commit_id(*libgit2().commit_id(parent.get()));
    SB_TRY(const SignatureHandle by, repository.signature(writing.content.author, time));
    SB_TRY(const git_oid made, write_commit(repository, tree, parent.get(), *by, writing.content.message,
                                            signer_.signing(context, writing.content.author)));
    SB_CHECK(context.check());
    const RefMove move{.ref = writing.ref,
                       .expected = writing.tip,
                       .target = made,
                       .by = *by,
                       .reason = "commit: " + writing.content.message.substr(0, writing.content.message.find('\n'))};
    SB_TRY(const bool moved, move_ref(context, repository, move));
    if (!moved) return lost_race(writing.ref);
    return to_commit_id(made);
  }

  mutable KeptRepository repository_;
  std::string branch_;
  Signer signer_;
  mutable std::optional<std::string> ref_;
};

}  // namespace
}  // namespace samebits::git

namespace samebits {

std::unique_ptr<GitOps> open_local_gitops(std::string_view location, std::string_view branch, SigningOptions signing) {
  return std::make_unique<git::LocalGitOps>(location, branch, std::move(signing));
}

}  // namespace samebits
