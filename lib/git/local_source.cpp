#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/local_repository.hpp"

namespace samebits {
namespace git {
namespace {

/// Peels a reference's object to the commit; null if it leads to none.
Commit peel_to_commit(git_repository* repository, const git_oid& oid) {
  git_object* object = nullptr;
  if (git_object_lookup(&object, repository, &oid, GIT_OBJECT_ANY) != 0) return nullptr;
  const Object owned(object);
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) != 0) return nullptr;
  return Commit(reinterpret_cast<git_commit*>(peeled));
}

std::string annotation_of(git_repository* repository, const git_oid& oid) {
  git_tag* tag = nullptr;
  if (git_tag_lookup(&tag, repository, &oid) != 0) return {};
  const Tag owned(tag);
  const char* message = git_tag_message(tag);
  return message == nullptr ? "" : message;
}

class LocalSource final : public Source {
 public:
  explicit LocalSource(std::string_view location) : repository_(location) {}

  std::string location() const override { return repository_.location(); }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    SB_CHECK(context.check());
    SB_TRY(const auto name, repository_.branch_ref(branch));
    SB_TRY(const auto oid, repository_.read_ref(name));
    return oid ? std::optional(to_commit_id(*oid)) : std::nullopt;
  }

  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * repository, repository_.open());
    for (const CommitId* id : {&left, &right}) {
      SB_TRY(const bool known, is_commit(repository, *id));
      if (!known) return std::optional<Ancestry>();
    }
    if (left == right) return std::optional(Ancestry::same);
    const git_oid a = to_oid(left);
    const git_oid b = to_oid(right);
    git_oid base{};
    const int status = git_merge_base(&base, repository, &a, &b);
    if (status == GIT_ENOTFOUND) return std::optional(Ancestry::diverged);
    if (status != 0) return repository_.error(status, fmt::format("the history of {} cannot be read", right));
    if (git_oid_equal(&base, &a) == 1) return std::optional(Ancestry::ancestor);
    if (git_oid_equal(&base, &b) == 1) return std::optional(Ancestry::descendant);
    return std::optional(Ancestry::diverged);
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * repository, repository_.open());
    SB_TRY(const auto oid, repository_.read_ref(fmt::format("refs/tags/{}", name)));
    if (!oid) return std::optional<GitTag>();
    const Commit commit = peel_to_commit(repository, *oid);
    if (!commit)
      return Error{.code = ErrorCode::bad_answer,
                   .message = fmt::format("the Git tag {} leads to no commit", name),
                   .hint = "git fsck --full says what is missing",
                   .remote = location()};
    return std::optional(GitTag{.name = std::string(name),
                                .commit = to_commit_id(*git_commit_id(commit.get())),
                                .message = annotation_of(repository, *oid)});
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * repository, repository_.open());
    git_strarray names{};
    const int status = git_tag_list(&names, repository);
    if (status != 0) return repository_.error(status, "the tags cannot be listed");
    std::vector<std::string> all(names.strings, names.strings + names.count);
    git_strarray_dispose(&names);
    std::vector<GitTag> tags;
    for (const std::string& name : all) {
      SB_TRY(auto tag, find_tag(context, name));
      if (tag) tags.push_back(*std::move(tag));
    }
    return tags;
  }

  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    SB_CHECK(context.check());
    SB_TRY(git_repository * repository, repository_.open());
    const std::string name = fmt::format("refs/tags/{}", tag.name);
    SB_TRY(const auto taken, repository_.read_ref(name));
    if (taken) return exists(tag);
    const Commit commit = peel_to_commit(repository, to_oid(tag.commit));
    if (!commit)
      return Error{.code = ErrorCode::commit_missing,
                   .message = fmt::format("the source has no commit {}", tag.commit),
                   .remote = location()};
    SB_TRY(const auto tagger, to_signature(tag.tagger, tag.time));
    git_oid oid{};
    const int status =
        git_tag_annotation_create(&oid, repository, tag.name.c_str(), reinterpret_cast<git_object*>(commit.get()),
                                  tagger.get(), tag.message.c_str());
    if (status != 0) return repository_.error(status, fmt::format("the Git tag {} cannot be written", tag.name));
    SB_TRY(const bool created, repository_.swap_ref(context, name, std::nullopt, oid, "tag: created by samebits"));
    if (!created) return exists(tag);
    return {};
  }

 private:
  Error exists(const NewGitTag& tag) const {
    return Error{.code = ErrorCode::tag_exists,
                 .message = fmt::format("the Git tag {} exists already", tag.name),
                 .hint = "a published tag is never moved: choose the next version",
                 .remote = location()};
  }

  Result<bool> is_commit(git_repository* repository, const CommitId& id) {
    if (id.str().size() != 40) return false;
    const git_oid oid = to_oid(id);
    git_commit* commit = nullptr;
    const int status = git_commit_lookup(&commit, repository, &oid);
    const Commit owned(commit);
    if (status == 0) return true;
    if (status == GIT_ENOTFOUND || status == GIT_EINVALID) return false;
    return repository_.error(status, fmt::format("the commit {} cannot be read", id));
  }

  LocalRepository repository_;
};

}  // namespace
}  // namespace git

std::unique_ptr<Source> open_local_source(std::string_view location) {
  return std::make_unique<git::LocalSource>(location);
}

}  // namespace samebits
