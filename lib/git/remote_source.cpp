#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/commit_cache.hpp"
#include "git/ref_names.hpp"
#include "git/remote.hpp"
#include "git/remote_pack.hpp"
#include "git/remote_reader.hpp"
#include "git/remote_refs.hpp"
#include "git/signer.hpp"
#include "git/tag_object.hpp"

namespace samebits::git {
namespace {

/// Of the commits between two: who is that far behind is told without them.
constexpr std::size_t max_history_bytes = std::size_t{256} << 10;

class RemoteSource final : public Source {
 public:
  RemoteSource(std::unique_ptr<Transport> transport, RemoteGitOptions options)
      : remote_(std::move(transport)),
        reader_(remote_),
        commits_(options.cache, remote_.location()),
        signer_(std::move(options.signing)) {}

  std::string location() const override { return remote_.location(); }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    SB_CHECK(context.check());
    SB_TRY(const RemoteBranch found, find_branch(context, remote_, branch));
    return found.tip ? std::optional(to_commit_id(*found.tip)) : std::nullopt;
  }

  /// Two small requests at most, whatever lies between the commits; none where the cache has what lies between.
  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    SB_CHECK(context.check());
    const auto left_id = to_oid(left.str());
    const auto right_id = to_oid(right.str());
    if (!left_id || !right_id) return std::optional<Ancestry>();
    if (left == right) {
      SB_TRY(const bool found, has_commit(context, *left_id));
      return found ? std::optional(Ancestry::same) : std::nullopt;
    }
    SB_TRY(const auto is_before, leads(context, *right_id, *left_id));
    if (!is_before) return std::optional<Ancestry>();
    if (*is_before) return std::optional(Ancestry::ancestor);
    SB_TRY(const auto is_after, leads(context, *left_id, *right_id));
    if (!is_after) return std::optional<Ancestry>();
    return std::optional(*is_after ? Ancestry::descendant : Ancestry::diverged);
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_CHECK(context.check());
    SB_TRY(const std::string ref, tag_ref(name));
    SB_TRY(const auto found, find_ref(context, remote_, ref));
    if (!found) return std::optional<GitTag>();
    SB_TRY(auto tags, tags_of(context, {&*found, 1}));
    if (!tags.empty()) return std::optional(std::move(tags.front()));
    return remote_.error(ErrorCode::bad_answer, fmt::format("the tag '{}' of '{}' is no commit's", name, location()),
                         fmt::format("look at it: git ls-remote {} {}", location(), ref));
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    SB_CHECK(context.check());
    const std::string prefix(tag_prefix);
    SB_TRY(auto refs, remote_.refs(context, {&prefix, 1}));
    std::erase_if(refs, [&](const RemoteRef& ref) { return !ref.id || !ref.name.starts_with(tag_prefix); });
    return tags_of(context, refs);
  }

  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    SB_CHECK(context.check());
    SB_TRY(const std::string ref, tag_ref(tag.name));
    const auto commit = to_oid(tag.commit.str());
    bool found = false;
    if (commit) {
      SB_TRY(found, has_commit(context, *commit));
    }
    if (!found)
      return remote_.error(ErrorCode::commit_missing, fmt::format("'{}' has no commit {}", location(), tag.commit),
                           "push it into that repository, or check the id");
    SB_TRY(ObjectStore * store, remote_.store());
    static_cast<void>(store->take_written());
    SB_TRY(const SignatureHandle by, store->repository().signature(tag.tagger, tag.time));
    SB_TRY(const git_oid made, write_tag(store->repository(), tag, *by, signer_.signing(context, tag.tagger)));
    SB_TRY(const std::string pack, pack_of_written(*store, nullptr, made, {}));
    SB_TRY(const Move move, move_remote_ref(context, remote_, {.ref = ref, .expected = {}, .target = made}, pack));
    if (move.moved == Moved::done) return {};
    if (move.moved == Moved::lost) return tag_exists(tag);
    return remote_.error(ErrorCode::unreachable, fmt::format("{} of '{}' is locked", ref, location()),
                         fmt::format("a killed push may have left '{}.lock' in the server's repository", ref));
  }

 private:
  Result<bool> has_commit(Context& context, const git_oid& id) {
    SB_TRY(ObjectStore * store, remote_.store());
    commits_.load(context, *store);
    const bool is_new = !store->has(id);
    SB_TRY(const bool found, reader_.need_object(context, id));
    if (!found || store->find(id)->type != GIT_OBJECT_COMMIT) return false;
    if (is_new) commits_.add(context, *store, {&id, 1});
    return true;
  }

  /// Whether `newer` leads to `older`; nothing where the server does not know. With a cache the commits between them
  /// are asked for, which prove it the next time too.
  Result<std::optional<bool>> leads(Context& context, const git_oid& newer, const git_oid& older) {
    if (!commits_.is_used()) return is_reached(context, remote_, older, newer);
    SB_TRY(ObjectStore * store, remote_.store());
    commits_.load(context, *store);
    if (path_between(*store, newer, older)) return std::optional(true);
    SB_TRY(const Fetched fetched,
           remote_.fetch(context, {.wants = {newer}, .haves = {older}, .depth = 0, .max_bytes = max_history_bytes}));
    const auto path = fetched == Fetched::done ? path_between(*store, newer, older) : std::nullopt;
    if (path) {
      commits_.add(context, *store, *path);
      return std::optional(true);
    }
    if (fetched == Fetched::refused) return std::optional<bool>();
    // All that `newer` leads to came, but for what `older` leads to. (Where the server has no `older`: false.)
    if (fetched == Fetched::done) return std::optional(false);
    return is_reached(context, remote_, older, newer);
  }

  /// Those that lead to commits, with the messages of those that are annotated.
  Result<std::vector<GitTag>> tags_of(Context& context, std::span<const RemoteRef> refs) {
    SB_TRY(ObjectStore * store, remote_.store());
    Wish wish;
    for (const RemoteRef& ref : refs)
      if (!store->has(*ref.id)) wish.wants.push_back(*ref.id);
    Fetched fetched = Fetched::done;
    if (!wish.wants.empty()) {
      SB_TRY(fetched, remote_.fetch(context, wish));
    }
    std::vector<GitTag> tags;
    for (const RemoteRef& ref : refs) {
      if (fetched != Fetched::done || !store->has(*ref.id))
        return remote_.error(ErrorCode::bad_answer, fmt::format("'{}' does not give {}", location(), ref.name),
                             "run it again; if it stays so, look at the repository's health: git fsck --full");
      SB_TRY(auto tag, tag_of(*store, ref));
      if (tag) tags.push_back(*std::move(tag));
    }
    return tags;
  }

  Result<std::optional<GitTag>> tag_of(const ObjectStore& store, const RemoteRef& ref) const {
    GitTag tag{.name = ref.name.substr(tag_prefix.size()), .commit = to_commit_id(ref.peeled.value_or(*ref.id))};
    const git_object_t type = store.find(*ref.id)->type;
    if (type == GIT_OBJECT_COMMIT) return std::optional(std::move(tag));
    if (type != GIT_OBJECT_TAG || !ref.peeled) return std::optional<GitTag>();
    // Not only the list says what it leads to: a tag of a tag is followed as far as it was sent.
    TagHandle object;
    if (const int status = libgit2().tag_lookup(out(object), store.repository().get(), &*ref.id); status < 0)
      return store.repository().failure(status, ref.name);
    if (libgit2().tag_target_type(object.get()) == GIT_OBJECT_COMMIT &&
        libgit2().oid_equal(libgit2().tag_target_id(object.get()), &*ref.peeled) == 0)
      return remote_.error(ErrorCode::bad_answer,
                           fmt::format("'{}' lists {} as another commit's", location(), ref.name));
    const StoredObject* peeled = store.find(*ref.peeled);
    if (peeled != nullptr && peeled->type != GIT_OBJECT_COMMIT) return std::optional<GitTag>();
    if (const char* text = libgit2().tag_message(object.get())) tag.message = unsigned_message(text);
    return std::optional(std::move(tag));
  }

  Error tag_exists(const NewGitTag& tag) const {
    return remote_.error(ErrorCode::tag_exists, fmt::format("'{}' has a tag '{}' already", location(), tag.name),
                         "a tag is never moved: choose another version");
  }

  RemoteRepository remote_;
  RemoteReader reader_;
  CommitCache commits_;
  Signer signer_;
};

}  // namespace
}  // namespace samebits::git

namespace samebits {

std::unique_ptr<Source> open_remote_source(std::unique_ptr<git::Transport> transport, RemoteGitOptions options) {
  return std::make_unique<git::RemoteSource>(std::move(transport), std::move(options));
}

}  // namespace samebits
