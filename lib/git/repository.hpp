#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <samebits/clock.hpp>
#include <samebits/object_id.hpp>
#include <samebits/person.hpp>

#include "git/durable_objects.hpp"
#include "git/handles.hpp"

namespace samebits::git {

/// An opened local repository.
class Repository {
 public:
  /// `location` is a folder or a `file://` URL. Reads no configuration but the repository's own.
  /// Errors: repository_missing, unsupported, bad_option, bad_answer.
  static Result<Repository> open(std::string_view location);
  /// The objects of `odb` and nothing else; `location` is for messages.
  static Result<Repository> over(std::string_view location, git_odb& odb);

  git_repository* get() const noexcept { return handle_.get(); }
  const std::string& location() const noexcept { return location_; }
  /// What libgit2 reported on this thread; `subject` is what was read or written.
  Error failure(int status, std::string_view subject) const;

  /// Null if there is no such commit.
  Result<CommitHandle> find_commit(const git_oid& id) const;
  /// Errors: commit_missing.
  Result<CommitHandle> require_commit(const CommitId& id) const;
  Result<TreeHandle> tree_of(const git_commit& commit) const;
  Result<TreeHandle> tree(const git_oid& id) const;
  Result<SignatureHandle> signature(const Person& person, Time time) const;
  /// What was made through this repository and is on no disk yet; null where it is never to be on one.
  DurableObjects* made() const noexcept { return made_; }

 private:
  Repository(std::string_view location, RepositoryHandle handle) : location_(location), handle_(std::move(handle)) {}

  std::string location_;
  RepositoryHandle handle_;
  DurableObjects* made_ = nullptr;
};

/// A repository that is opened on first use and kept.
class KeptRepository {
 public:
  explicit KeptRepository(std::string_view location) : location_(location) {}
  const std::string& location() const noexcept { return location_; }

  /// Runs `work` on the repository. Where something of it looks damaged it is opened anew and `work` runs again:
  /// a `git gc` may just have taken away packs that were open, or a folder that an object was to be written into.
  template <class Work>
  auto use(Work work) -> decltype(work(std::declval<const Repository&>())) {
    constexpr int most_attempts = 3;
    for (int attempt = 1;; ++attempt) {
      if (!opened_) {
        auto opened = Repository::open(location_);
        if (!opened) return std::move(opened).error();
        opened_ = *std::move(opened);
      }
      auto result = work(*opened_);
      if (DurableObjects* made = opened_->made(); made != nullptr) made->forget();
      if (result || !may_have_been_repacked(result.error()) || attempt == most_attempts) return result;
      opened_.reset();
    }
  }

 private:
  static bool may_have_been_repacked(const Error& error) {
    return error.code == ErrorCode::bad_answer && !error.outcome_unknown;
  }

  std::string location_;
  std::optional<Repository> opened_;
};

/// Nothing if `hex` is no SHA-1 object id.
std::optional<git_oid> to_oid(std::string_view hex);
std::string to_hex(const git_oid& id);
CommitId to_commit_id(const git_oid& id);

}  // namespace samebits::git
