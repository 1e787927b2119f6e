#include "git/local_repository.hpp"

#include <poll.h>

#include <samebits/person.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::git {
namespace {

/// A writer holds a reference's lock for some milliseconds; what is held for longer was left behind.
constexpr int max_lock_attempts = 400;

std::string folder_of(std::string_view location) {
  constexpr std::string_view scheme = "file://";
  if (location.starts_with(scheme)) location.remove_prefix(scheme.size());
  return std::string(location);
}

}  // namespace

LocalRepository::LocalRepository(std::string_view location) : location_(location) {}

Result<git_repository*> LocalRepository::open() {
  if (repository_) return repository_.get();
  start_libgit2();
  git_repository* opened = nullptr;
  const int status =
      git_repository_open_ext(&opened, folder_of(location_).c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  repository_.reset(opened);
  if (status == 0) return opened;
  if (status == GIT_ENOTFOUND)
    return Error{.code = ErrorCode::repository_missing,
                 .message = fmt::format("there is no Git repository in '{}'", printable(location_)),
                 .hint = "check the path; a local repository is a folder with .git, or a bare one",
                 .remote = location_};
  return error(status, "the repository cannot be opened");
}

Result<std::string> LocalRepository::branch_ref(std::string_view branch) {
  SB_TRY(git_repository * repository, open());
  if (!branch.empty()) {
    const std::string name = fmt::format("refs/heads/{}", branch);
    int valid = 0;
    git_reference_name_is_valid(&valid, name.c_str());
    if (valid == 1) return name;
    return Error{.code = ErrorCode::bad_request, .message = fmt::format("'{}' is no branch name", printable(branch))};
  }
  git_reference* head = nullptr;
  const int status = git_reference_lookup(&head, repository, "HEAD");
  const Reference owned(head);
  if (status != 0) return error(status, "HEAD cannot be read");
  if (const char* target = git_reference_symbolic_target(head)) return std::string(target);
  return Error{.code = ErrorCode::bad_request,
               .message = "HEAD names no branch",
               .hint = "say which branch with --branch, or services.*.source.branch",
               .remote = location_};
}

Result<std::optional<git_oid>> LocalRepository::read_ref(const std::string& name) {
  SB_TRY(git_repository * repository, open());
  git_oid oid{};
  const int status = git_reference_name_to_id(&oid, repository, name.c_str());
  if (status == 0) return std::optional(oid);
  if (status == GIT_ENOTFOUND) return std::optional<git_oid>();
  return error(status, fmt::format("{} cannot be read", name));
}

Result<bool> LocalRepository::swap_ref(Context& context, const std::string& name,
                                       const std::optional<git_oid>& expected, const git_oid& to,
                                       const std::string& log_message) {
  SB_TRY(git_repository * repository, open());
  git_transaction* started = nullptr;
  int status = git_transaction_new(&started, repository);
  const Transaction transaction(started);
  if (status != 0) return error(status, "a transaction cannot be started");
  for (int attempt = 0; (status = git_transaction_lock_ref(started, name.c_str())) == GIT_ELOCKED; ++attempt) {
    SB_CHECK(context.check());
    if (attempt == max_lock_attempts) return error(status, fmt::format("{} is locked", name));
    ::poll(nullptr, 0, 5);
  }
  if (status != 0) return error(status, fmt::format("{} cannot be locked", name));
  SB_TRY(const auto current, read_ref(name));
  const bool same = current.has_value() == expected.has_value() && (!current || git_oid_equal(&*current, &*expected) == 1);
  if (!same) return false;
  SB_TRY(const auto signature, to_signature(Person{}, Time{}));
  status = git_transaction_set_target(started, name.c_str(), &to, signature.get(), log_message.c_str());
  if (status == 0) status = git_transaction_commit(started);
  if (status != 0) return error(status, fmt::format("{} cannot be written", name));
  return true;
}

}  // namespace samebits::git
