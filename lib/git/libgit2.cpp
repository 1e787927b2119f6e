#include "git/libgit2.hpp"

#include <array>

#include <fmt/format.h>

#include "system/shared_library.hpp"

namespace samebits::git {
namespace {

struct Loaded {
  Libgit2 functions;
  std::string failure;
};

/// Never shut down: handles may outlive every scope that could do it.
void start(const Libgit2& git) {
  git.libgit2_init();
  // Nothing outside the repository may change what is done.
  for (const int level :
       {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
    git.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  // Git refuses foreign repositories because it runs programs that their configuration names; nothing is run here.
  git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  git.libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  git.libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
  git.libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
  // Folders of many thousand files are looked at several times in one operation.
  constexpr std::size_t largest_cached_tree = std::size_t{16} << 20;
  git.libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, largest_cached_tree);
  // As are the records of an environment, one after the other.
  constexpr std::size_t largest_cached_record = std::size_t{8} << 10;
  git.libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_BLOB, largest_cached_record);
  // Both are kept by what is done here: objects are never removed and work trees never looked at.
  std::array<const char*, 2> extensions{"preciousobjects", "worktreeconfig"};
  git.libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
}

Loaded load() {
  if (linked_libgit2 != nullptr) {
    start(linked_libgit2());
    return {linked_libgit2(), ""};
  }
  Libgit2 git;
  // Structures and constants are those of one version only.
  SharedLibrary library("libgit2.so." LIBGIT2_SOVERSION);
#define SB_FIND(name) library.find(git.name, "git_" #name);
  SB_LIBGIT2(SB_FIND)
#undef SB_FIND
  if (library.failure().empty()) start(git);
  return {git, library.failure()};
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

Result<void> load_libgit2() {
  if (loaded().failure.empty()) return {};
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("libgit2 cannot be loaded: {}", loaded().failure),
               .hint = "install it (Debian: libgit2-" LIBGIT2_SOVERSION "); all that reads or writes Git needs it"};
}

const Libgit2& libgit2() noexcept { return loaded().functions; }

}  // namespace samebits::git
