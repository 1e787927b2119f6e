#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <samebits/result.hpp>

#include "git/handles.hpp"
#include "git/loose_object.hpp"

namespace samebits::git {

/// The objects that have files of their own. Those that one operation makes wait in memory, where libgit2 reads them as
/// any other, and reach the disk together, because the disk is waited for once and not once an object.
///
/// Crash consistency is an invariant: objects are durable before the reference that names them. `move_ref` keeps it,
/// the only way in which a reference is moved, by calling `write` first.
class DurableObjects {
 public:
  /// Puts itself in front of the repository's object database, which owns it. Errors: of libgit2, out_of_memory.
  static Result<DurableObjects*> attach(git_repository& repository, std::string_view location);
  DurableObjects(const DurableObjects&) = delete;
  DurableObjects& operator=(const DurableObjects&) = delete;

  /// Takes the bytes of an object of our own making, lets it wait and gives its id; nothing where the database has it.
  /// libgit2's write would look for collisions of SHA-1, a millisecond for a folder of thousands of files.
  std::optional<git_oid> add(git_odb& odb, git_object_t type, std::string& bytes);
  /// Makes all that waits durable. Errors: internal (disk full, read-only), bad_answer (the folder is gone).
  Result<void> write();
  /// Forgets what an operation left that came to nothing.
  void forget() noexcept { waiting_.clear(); }

 private:
  struct Object {
    git_object_t type = GIT_OBJECT_INVALID;
    /// Nothing: the database has it already. Whoever wrote it may have been killed before it was flushed.
    std::optional<std::string> bytes;
  };
  struct ById {
    bool operator()(const git_oid& left, const git_oid& right) const noexcept {
      return libgit2().oid_cmp(&left, &right) < 0;
    }
  };
  friend struct DurableBackend;

  DurableObjects(std::string_view folder, std::string_view location) : folder_(folder), location_(location) {}
  /// Null where it does not wait here.
  const Object* find(const git_oid& id) const;

  /// What the header of an object's file says, whose bytes are kept for whoever reads it next; nothing where it has no
  /// file, or a large or a damaged one.
  std::optional<LooseHeader> look_at(const git_oid& id);
  /// The bytes of the object's file, read if they are not kept; nothing where there are none.
  std::optional<std::string> take_looked_at(const git_oid& id);

  std::string folder_;
  std::string location_;
  std::map<git_oid, Object, ById> waiting_;
  std::optional<std::pair<git_oid, std::string>> looked_at_;
};

}  // namespace samebits::git
