#include "git/git_error.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "core/text.hpp"
#include "git/libgit2.hpp"

namespace samebits::git {
namespace {

/// What libgit2 appended to a message about a system call: `Permission denied`.
std::string_view system_reason(std::string_view message) {
  const auto colon = message.rfind(": ");
  return colon == std::string_view::npos ? message : message.substr(colon + 2);
}

ErrorCode code_for(int status, int klass, std::string_view message) {
  if (status == GIT_ELOCKED) return ErrorCode::unreachable;
  if (status == GIT_EINVALIDSPEC) return ErrorCode::bad_option;
  switch (klass) {
    case GIT_ERROR_NOMEMORY:
      return ErrorCode::out_of_memory;
    case GIT_ERROR_OS:
      // Not the system has a problem then: a part of the repository is gone.
      return system_reason(message) == std::strerror(ENOENT) ? ErrorCode::bad_answer : ErrorCode::internal;
    case GIT_ERROR_REPOSITORY:
      if (message.starts_with("unsupported")) return ErrorCode::unsupported;
      return ErrorCode::bad_answer;
    case GIT_ERROR_ZLIB:
    case GIT_ERROR_REFERENCE:
    case GIT_ERROR_CONFIG:
    case GIT_ERROR_ODB:
    case GIT_ERROR_OBJECT:
    case GIT_ERROR_TAG:
    case GIT_ERROR_TREE:
    case GIT_ERROR_SHA:
    case GIT_ERROR_INDEXER:
      return ErrorCode::bad_answer;
    default:
      return status == GIT_ENOTFOUND || status == GIT_EMISMATCH ? ErrorCode::bad_answer : ErrorCode::internal;
  }
}

std::string hint_for(ErrorCode code, std::string_view location) {
  switch (code) {
    case ErrorCode::unreachable:
      return fmt::format("another git holds a '.lock' file in '{}'; remove it if no git runs there", location);
    case ErrorCode::bad_answer:
      return fmt::format("look at the repository's health: git -C '{}' fsck --full", location);
    case ErrorCode::internal:
      return fmt::format("look at free space and permissions of '{}'", location);
    default:
      return {};
  }
}

}  // namespace

Error git_error_of(int status, std::string_view location, std::string_view subject) {
  const git_error* last = libgit2().error_last();
  const std::string said = last == nullptr || last->message == nullptr ? "no reason given" : last->message;
  const int klass = last == nullptr ? int{GIT_ERROR_NONE} : last->klass;
  const ErrorCode code = code_for(status, klass, said);
  Error error{.code = code, .message = {}, .hint = hint_for(code, location), .remote = std::string(location)};
  if (code == ErrorCode::unsupported && said.find("objectformat") != std::string::npos) {
    error.message = fmt::format("the repository '{}' names its objects by SHA-256", location);
    error.hint = "use a repository with SHA-1 object ids: git init --object-format=sha1";
  } else if (klass == GIT_ERROR_OS || klass == GIT_ERROR_FILESYSTEM) {
    error.message = fmt::format("{} in '{}': {}", subject, location, printable(system_reason(said)));
  } else if (code == ErrorCode::bad_answer && status == GIT_ENOTFOUND) {
    error.message = fmt::format("{} is missing in '{}'", subject, location);
  } else if (code == ErrorCode::bad_answer) {
    error.message = fmt::format("{} in '{}' is damaged: {}", subject, location, printable(said));
  } else {
    error.message = fmt::format("{} in '{}': {}", subject, location, printable(said));
  }
  return error;
}

}  // namespace samebits::git
