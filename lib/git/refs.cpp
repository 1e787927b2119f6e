#include "git/refs.hpp"

#include <chrono>

#include <fmt/format.h>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/ref_lock.hpp"

namespace samebits::git {
namespace {

constexpr std::string_view heads = "refs/heads/";

/// Null if there is no such reference.
Result<ReferenceHandle> find_ref(const Repository& repository, const std::string& name) {
  ReferenceHandle ref;
  const int status = libgit2().reference_lookup(out(ref), repository.get(), name.c_str());
  if (status < 0 && status != GIT_ENOTFOUND) return repository.failure(status, name);
  return ref;
}

/// The name at the end of a chain of symbolic references; whether it exists does not matter.
Result<std::string> followed(const Repository& repository, std::string name) {
  constexpr int longest_chain = 5;
  for (int hop = 0; hop < longest_chain; ++hop) {
    SB_TRY(const ReferenceHandle ref, find_ref(repository, name));
    if (ref == nullptr || libgit2().reference_type(ref.get()) != GIT_REFERENCE_SYMBOLIC) return name;
    name = libgit2().reference_symbolic_target(ref.get());
  }
  return Error{.code = ErrorCode::bad_answer,
               .message = fmt::format("the symbolic references of '{}' never end", repository.location()),
               .hint = fmt::format("look at them: git -C '{}' symbolic-ref HEAD", repository.location())};
}

bool is_head_of(git_repository* repository, const std::string& ref) {
  ReferenceHandle head;
  if (libgit2().reference_lookup(out(head), repository, "HEAD") < 0) return false;
  const char* target = libgit2().reference_symbolic_target(head.get());
  return target != nullptr && target == ref;
}

/// Where a linked work tree was made, its main repository's work tree counts too.
std::optional<std::string> main_work_tree_of(git_repository* repository, const std::string& ref) {
  RepositoryHandle main;
  git_repository* looked_at = repository;
  if (libgit2().repository_is_worktree(repository) == 1) {
    if (libgit2().repository_open(out(main), libgit2().repository_commondir(repository)) < 0) return std::nullopt;
    looked_at = main.get();
  }
  if (libgit2().repository_is_bare(looked_at) == 1 || !is_head_of(looked_at, ref)) return std::nullopt;
  const char* folder = libgit2().repository_workdir(looked_at);
  return folder == nullptr ? std::string(libgit2().repository_path(looked_at)) : std::string(folder);
}

Error in_the_way(const Repository& repository, std::string_view ref, std::string_view other) {
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' cannot be made in '{}' beside '{}'", ref, repository.location(), other),
               .hint = "Git keeps references as files and folders: choose another name"};
}

/// `a/b` cannot stand beside `a`. libgit2 looks at this in no transaction.
Result<void> require_room(const Repository& repository, const std::string& ref) {
  for (std::size_t slash = ref.find('/', heads.size()); slash != std::string::npos; slash = ref.find('/', slash + 1)) {
    const std::string above = ref.substr(0, slash);
    SB_TRY(const ReferenceHandle other, find_ref(repository, above));
    if (other != nullptr) return in_the_way(repository, ref, above);
  }
  ReferenceIteratorHandle below;
  if (const int status = libgit2().reference_iterator_glob_new(out(below), repository.get(), (ref + "/*").c_str());
      status < 0)
    return repository.failure(status, ref);
  const char* name = nullptr;
  const int status = libgit2().reference_next_name(&name, below.get());
  if (status == 0) return in_the_way(repository, ref, name);
  if (status != GIT_ITEROVER) return repository.failure(status, ref);
  return {};
}

bool same(const std::optional<git_oid>& left, const std::optional<git_oid>& right) {
  return left && right ? libgit2().oid_equal(&*left, &*right) == 1 : left.has_value() == right.has_value();
}

/// Nothing if the reference was seen to hold something else before the lock was had.
Result<std::optional<RefLock>> lock(Context& context, const Repository& repository, const RefMove& move) {
  using namespace std::chrono_literals;
  for (auto wait = 1ms;; wait *= 2) {
    SB_TRY(auto taken, RefLock::try_take(context, repository, move.ref));
    if (taken) return taken;
    if (wait > 500ms)
      return Error{.code = ErrorCode::unreachable,
                   .message = fmt::format("'{}' of '{}' stays locked", move.ref, repository.location()),
                   .hint = fmt::format("another git holds '{}{}.lock'; remove it if no git runs",
                                       libgit2().repository_commondir(repository.get()), move.ref),
                   .remote = repository.location()};
    SB_TRY(const auto now, ref_target(repository, move.ref));
    if (!same(now, move.expected)) return std::optional<RefLock>();
    SB_CHECK(system_clock().pause(context, wait));
  }
}

}  // namespace

Result<std::string> branch_ref(const Repository& repository, std::string_view branch) {
  if (branch.empty()) {
    SB_TRY(std::string name, followed(repository, "HEAD"));
    if (name != "HEAD") return name;
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("HEAD of '{}' is on no branch", repository.location()),
                 .hint = "name the branch"};
  }
  const std::string name = std::string(heads) + std::string(branch);
  int valid = 0;
  if (branch.find('\0') != std::string_view::npos || libgit2().reference_name_is_valid(&valid, name.c_str()) < 0 ||
      valid == 0)
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("'{}' is no name of a branch", printable(branch)),
                 .hint = "see: git check-ref-format --branch NAME"};
  return followed(repository, name);
}

Result<std::optional<git_oid>> ref_target(const Repository& repository, const std::string& ref) {
  SB_TRY(const ReferenceHandle found, find_ref(repository, ref));
  if (found == nullptr) return std::optional<git_oid>();
  if (const git_oid* id = libgit2().reference_target(found.get())) return std::optional(*id);
  return Error{.code = ErrorCode::bad_answer,
               .message = fmt::format("'{}' of '{}' became a symbolic reference", ref, repository.location()),
               .hint = "run it again"};
}

Result<std::optional<std::string>> work_tree_of(const Repository& repository, const std::string& ref) {
  if (auto folder = main_work_tree_of(repository.get(), ref)) return folder;
  git_strarray names{};
  if (const int status = libgit2().worktree_list(&names, repository.get()); status < 0)
    return repository.failure(status, "the list of work trees");
  std::optional<std::string> found;
  for (std::size_t index = 0; index < names.count && !found; ++index) {
    WorktreeHandle worktree;
    RepositoryHandle linked;
    // One whose folder is gone has no files that the commit would leave behind.
    if (libgit2().worktree_lookup(out(worktree), repository.get(), names.strings[index]) < 0) continue;
    if (libgit2().repository_open_from_worktree(out(linked), worktree.get()) < 0) continue;
    if (is_head_of(linked.get(), ref)) found = libgit2().worktree_path(worktree.get());
  }
  libgit2().strarray_dispose(&names);
  return found;
}

Result<bool> move_ref(Context& context, const Repository& repository, const RefMove& move) {
  if (!move.expected) SB_CHECK(require_room(repository, move.ref));
  // Before the reference: after a crash it must not name what is not there.
  if (DurableObjects* made = repository.made(); made != nullptr) SB_CHECK(made->write());
  SB_TRY(const auto taken, lock(context, repository, move));
  if (!taken) return false;
  SB_TRY(const auto now, ref_target(repository, move.ref));
  if (!same(now, move.expected)) return false;
  int status =
      libgit2().transaction_set_target(taken->get(), move.ref.c_str(), &move.target, &move.by, move.reason.c_str());
  if (status == 0) status = libgit2().transaction_commit(taken->get());
  if (status == 0) return true;
  Error error = repository.failure(status, move.ref);
  // The last step after the rename is to flush the folder.
  const auto after = ref_target(repository, move.ref);
  error.outcome_unknown = !after || !same(*after, move.expected);
  return error;
}

}  // namespace samebits::git
