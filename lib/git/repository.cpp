#include "git/repository.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/git_error.hpp"
#include "git/local_folder.hpp"

namespace samebits::git {
Result<Repository> Repository::open(std::string_view location) {
  SB_CHECK(load_libgit2());
  SB_TRY(const std::string folder, local_folder(location));
  RepositoryHandle handle;
  const int status = libgit2().repository_open_ext(out(handle), folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (status == GIT_ENOTFOUND)
    return Error{.code = ErrorCode::repository_missing,
                 .message = fmt::format("there is no Git repository in '{}'", folder),
                 .hint = fmt::format("give the folder that holds '.git', or make one: git init --bare '{}'", folder),
                 .remote = folder};
  if (status < 0) return git_error_of(status, folder, "the repository");
  SB_TRY(DurableObjects* const made, DurableObjects::attach(*handle, folder));
  Repository opened(folder, std::move(handle));
  opened.made_ = made;
  return opened;
}

Result<Repository> Repository::over(std::string_view location, git_odb& odb) {
  RepositoryHandle handle;
  if (const int status = libgit2().repository_wrap_odb(out(handle), &odb); status < 0)
    return git_error_of(status, location, "the repository");
  return Repository(location, std::move(handle));
}

Error Repository::failure(int status, std::string_view subject) const {
  return git_error_of(status, location_, subject);
}

Result<CommitHandle> Repository::find_commit(const git_oid& id) const {
  CommitHandle commit;
  const int status = libgit2().commit_lookup(out(commit), get(), &id);
  if (status < 0 && status != GIT_ENOTFOUND) return failure(status, "commit " + to_hex(id));
  return commit;
}

Result<CommitHandle> Repository::require_commit(const CommitId& id) const {
  CommitHandle commit;
  if (const auto oid = to_oid(id.str())) {
    SB_TRY(commit, find_commit(*oid));
  }
  if (commit == nullptr)
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("'{}' has no commit {}", location_, id),
                 .hint = "fetch it into that repository, or check the id",
                 .remote = location_};
  return commit;
}

Result<TreeHandle> Repository::tree_of(const git_commit& commit) const {
  return tree(*libgit2().commit_tree_id(&commit));
}

Result<TreeHandle> Repository::tree(const git_oid& id) const {
  TreeHandle tree;
  if (const int status = libgit2().tree_lookup(out(tree), get(), &id); status < 0)
    return failure(status, "tree " + to_hex(id));
  return tree;
}

Result<SignatureHandle> Repository::signature(const Person& person, Time time) const {
  SignatureHandle signature;
  const git_time_t seconds = time.time_since_epoch().count();
  const bool breaks = (person.name + person.mail).find_first_of(std::string_view("\n\0", 2)) != std::string::npos;
  if (breaks || libgit2().signature_new(out(signature), person.name.c_str(), person.mail.c_str(), seconds, 0) < 0)
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("Git refuses the author '{}'", printable(person.str())),
                 .hint = "write it as 'NAME <MAIL>'"};
  return signature;
}

std::optional<git_oid> to_oid(std::string_view hex) {
  git_oid id;
  if (hex.size() != GIT_OID_HEXSZ || libgit2().oid_fromstrn(&id, hex.data(), hex.size()) < 0) return std::nullopt;
  return id;
}

std::string to_hex(const git_oid& id) {
  std::string hex(GIT_OID_HEXSZ, '0');
  libgit2().oid_fmt(hex.data(), &id);
  return hex;
}

CommitId to_commit_id(const git_oid& id) { return CommitId::parse(to_hex(id)).value(); }

}  // namespace samebits::git
