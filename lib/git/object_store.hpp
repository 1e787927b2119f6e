#pragma once

#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/repository.hpp"

namespace samebits::git {

struct OidHash {
  std::size_t operator()(const git_oid& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.id, sizeof value);
    return value;
  }
};
struct OidEqual {
  bool operator()(const git_oid& left, const git_oid& right) const noexcept {
    return libgit2().oid_equal(&left, &right) == 1;
  }
};

struct StoredObject {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string bytes = {};
};

/// Objects in memory, as an object database that libgit2 reads and writes. Has a fixed address.
class ObjectStore {
 public:
  /// Errors: out_of_memory.
  static Result<std::unique_ptr<ObjectStore>> open(std::string_view location);
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  /// A repository that has these objects and nothing else.
  const Repository& repository() const noexcept { return *repository_; }
  /// Null if it is not here.
  const StoredObject* find(const git_oid& id) const;
  bool has(const git_oid& id) const { return objects_.contains(id); }
  /// Keeps an object and gives its id. Errors: out_of_memory.
  Result<git_oid> put(git_object_t type, std::string bytes);
  void put(const git_oid& id, git_object_t type, std::string bytes);
  /// The objects that were written through the repository since this was called last, in the order of writing.
  std::vector<git_oid> take_written();
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  friend struct StoreBackend;
  ObjectStore() = default;

  std::unordered_map<git_oid, StoredObject, OidHash, OidEqual> objects_;
  std::vector<git_oid> written_;
  std::size_t bytes_ = 0;
  std::optional<Repository> repository_;
};

}  // namespace samebits::git
