#include "git/libgit2.hpp"

#include <mutex>

#include "core/text.hpp"

namespace samebits::git {

void start_libgit2() {
  static std::once_flag once;
  std::call_once(once, [] {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                            GIT_CONFIG_LEVEL_GLOBAL})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  });
}

namespace {

struct Mapped {
  ErrorCode code;
  const char* hint;
};

Mapped mapped(int status, std::string_view text) {
  const auto says = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (says("objectformat"))
    return {ErrorCode::unsupported, "repositories with SHA-256 objects are not supported yet: use one with SHA-1"};
  if (says("unsupported extension") || says("unsupported repository version"))
    return {ErrorCode::unsupported, "the repository uses a format that this version cannot write"};
  if (status == GIT_ELOCKED)
    return {ErrorCode::unreachable, "another git holds the lock; if no git runs, remove the .lock file that is named"};
  if (says("No space left") || says("File too large")) return {ErrorCode::internal, "make room on the disk"};
  if (says("Permission denied") || says("Read-only file system"))
    return {ErrorCode::internal, "check the owner and the mode of the repository's folder"};
  if (status == GIT_ENOTFOUND || status == GIT_EINVALID || says("corrupt") || says("invalid") || says("inflate") ||
      says("zlib"))
    return {ErrorCode::bad_answer, "the repository may be damaged: git fsck --full says where"};
  return {ErrorCode::internal, ""};
}

}  // namespace

Error git_error(int status, std::string_view what, std::string_view location) {
  const ::git_error* last = git_error_last();
  const std::string text = last != nullptr && last->message != nullptr ? printable(last->message, 400) : "no reason given";
  const auto [code, hint] = mapped(status, text);
  return Error{.code = code, .message = fmt::format("{}: {}", what, text), .hint = hint, .remote = std::string(location)};
}

git_oid to_oid(const CommitId& id) {
  git_oid oid{};
  git_oid_fromstrn(&oid, id.str().data(), 40);
  return oid;
}

git_oid to_oid(const BlobId& id) {
  git_oid oid{};
  git_oid_fromstrn(&oid, id.str().data(), 40);
  return oid;
}

namespace {

std::string hex(const git_oid& oid) {
  std::string text(40, '0');
  git_oid_fmt(text.data(), &oid);
  return text;
}

}  // namespace

CommitId to_commit_id(const git_oid& oid) { return *CommitId::parse(hex(oid)); }
BlobId to_blob_id(const git_oid& oid) { return *BlobId::parse(hex(oid)); }

Result<Signature> to_signature(const Person& person, Time time) {
  git_signature* made = nullptr;
  const int status =
      git_signature_new(&made, person.name.c_str(), person.mail.c_str(), time.time_since_epoch().count(), 0);
  if (status == 0) return Signature(made);
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' cannot be the author of a commit", printable(person.str())),
               .hint = "write NAME <MAIL> without '<', '>' and line breaks in them"};
}

}  // namespace samebits::git
