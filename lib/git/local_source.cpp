#include <fmt/format.h>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/ref_lock.hpp"
#include "git/ref_names.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/signer.hpp"
#include "git/tag_object.hpp"

namespace samebits::git {
namespace {

/// Nothing if the tag leads to something else than a commit.
Result<std::optional<GitTag>> tag_of(const Repository& repository, const git_reference& ref) {
  const std::string name = libgit2().reference_name(&ref);
  ReferenceHandle direct;
  if (const int status = libgit2().reference_resolve(out(direct), &ref); status < 0)
    return repository.failure(status, name);
  const git_oid& id = *libgit2().reference_target(direct.get());
  ObjectHandle object;
  if (const int status = libgit2().object_lookup(out(object), repository.get(), &id, GIT_OBJECT_ANY); status < 0)
    return repository.failure(status, fmt::format("object {} of {}", to_hex(id), name));
  std::string message;
  if (libgit2().object_type(object.get()) == GIT_OBJECT_TAG) {
    // libgit2's tag objects are its objects.
    auto* tag = reinterpret_cast<git_tag*>(object.get());
    if (const char* text = libgit2().tag_message(tag)) message = unsigned_message(text);
    ObjectHandle peeled;
    if (const int status = libgit2().tag_peel(out(peeled), tag); status < 0)
      return repository.failure(status, "what is tagged as " + name);
    object = std::move(peeled);
  }
  if (libgit2().object_type(object.get()) != GIT_OBJECT_COMMIT) return std::optional<GitTag>();
  return std::optional(GitTag{.name = name.substr(tag_prefix.size()),
                              .commit = to_commit_id(*libgit2().object_id(object.get())),
                              .message = std::move(message)});
}

class LocalSource final : public Source {
 public:
  LocalSource(std::string_view location, SigningOptions signing) : repository_(location), signer_(std::move(signing)) {}

  std::string location() const override { return repository_.location(); }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<CommitId>> {
      SB_CHECK(clear_dead_lock(context, repository));
      SB_TRY(const std::string ref, branch_ref(repository, branch));
      SB_TRY(const auto target, ref_target(repository, ref));
      if (!target) return std::optional<CommitId>();
      SB_TRY(const CommitHandle commit, repository.find_commit(*target));
      if (commit == nullptr) return repository.failure(GIT_ENOTFOUND, "the tip of " + ref + ", " + to_hex(*target));
      return std::optional(to_commit_id(*target));
    });
  }

  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<Ancestry>> {
      const auto left_id = to_oid(left.str());
      const auto right_id = to_oid(right.str());
      if (!left_id || !right_id) return std::optional<Ancestry>();
      SB_TRY(const CommitHandle left_commit, repository.find_commit(*left_id));
      SB_TRY(const CommitHandle right_commit, repository.find_commit(*right_id));
      if (left_commit == nullptr || right_commit == nullptr) return std::optional<Ancestry>();
      if (left == right) return std::optional(Ancestry::same);
      return ancestry_of(repository, *left_id, *right_id);
    });
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<std::optional<GitTag>> {
      SB_TRY(const std::string ref_name, tag_ref(name));
      ReferenceHandle ref;
      const int status = libgit2().reference_lookup(out(ref), repository.get(), ref_name.c_str());
      if (status == GIT_ENOTFOUND) return std::optional<GitTag>();
      if (status < 0) return repository.failure(status, ref_name);
      SB_TRY(auto tag, tag_of(repository, *ref));
      if (!tag)
        return Error{.code = ErrorCode::bad_answer,
                     .message = fmt::format("the tag '{}' of '{}' is no commit's", name, repository.location()),
                     .hint = fmt::format("look at it: git -C '{}' cat-file -t {}", repository.location(), ref_name),
                     .remote = repository.location()};
      return tag;
    });
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    return repository_.use([&](const Repository& repository) -> Result<std::vector<GitTag>> {
      ReferenceIteratorHandle iterator;
      int status = libgit2().reference_iterator_glob_new(out(iterator), repository.get(), "refs/tags/*");
      std::vector<GitTag> found;
      while (status == 0) {
        SB_CHECK(context.check());
        ReferenceHandle ref;
        status = libgit2().reference_next(out(ref), iterator.get());
        if (status != 0) break;
        SB_TRY(auto tag, tag_of(repository, *ref));
        if (tag) found.push_back(*std::move(tag));
      }
      if (status != GIT_ITEROVER) return repository.failure(status, "the list of tags");
      return found;
    });
  }

  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    SB_CHECK(context.check());
    return repository_.use([&](const Repository& repository) -> Result<void> {
      SB_TRY(const std::string ref, tag_ref(tag.name));
      SB_TRY(const auto before, ref_target(repository, ref));
      if (before) return tag_exists(tag);
      SB_TRY(const CommitHandle commit, repository.require_commit(tag.commit));
      SB_TRY(const SignatureHandle by, repository.signature(tag.tagger, tag.time));
      SB_TRY(const git_oid made, write_tag(repository, tag, *by, signer_.signing(context, tag.tagger)));
      const RefMove move{.ref = ref, .expected = {}, .target = made, .by = *by, .reason = "tag: " + tag.name};
      SB_TRY(const bool moved, move_ref(context, repository, move));
      if (!moved) return tag_exists(tag);
      return {};
    });
  }

 private:
  /// One walk that ends where the histories meet: cheap where one commit is a little ahead of the other.
  static Result<std::optional<Ancestry>> ancestry_of(const Repository& repository, const git_oid& left,
                                                     const git_oid& right) {
    git_oid base;
    const int status = libgit2().merge_base(&base, repository.get(), &left, &right);
    if (status == 0 && libgit2().oid_equal(&base, &left) == 1) return std::optional(Ancestry::ancestor);
    if (status == 0 && libgit2().oid_equal(&base, &right) == 1) return std::optional(Ancestry::descendant);
    // Read before anything else of libgit2 is called: it keeps only the last error.
    const git_error* last = status == 0 ? nullptr : libgit2().error_last();
    const bool no_base = status == GIT_ENOTFOUND && last != nullptr && last->klass == GIT_ERROR_MERGE;
    Error damage = repository.failure(status, fmt::format("the history of {} and {}", to_hex(left), to_hex(right)));
    if (libgit2().repository_is_shallow(repository.get()) == 1)
      return Error{.code = ErrorCode::unsupported,
                   .message = fmt::format("'{}' is a shallow clone: it does not say how {} stands to {}",
                                          repository.location(), to_hex(left), to_hex(right)),
                   .hint = fmt::format("fetch the whole history: git -C '{}' fetch --unshallow", repository.location()),
                   .remote = repository.location()};
    if (status == 0 || no_base) return std::optional(Ancestry::diverged);
    return damage;
  }

  Error tag_exists(const NewGitTag& tag) const {
    return Error{.code = ErrorCode::tag_exists,
                 .message = fmt::format("'{}' has a tag '{}' already", location(), tag.name),
                 .hint = "a tag is never moved: choose another version",
                 .remote = location()};
  }

  KeptRepository repository_;
  Signer signer_;
};

}  // namespace
}  // namespace samebits::git

namespace samebits {

std::unique_ptr<Source> open_local_source(std::string_view location, SigningOptions signing) {
  return std::make_unique<git::LocalSource>(location, std::move(signing));
}

}  // namespace samebits
