#include "git/library.hpp"

#include <fmt/format.h>

#include "git/libgit2.hpp"

namespace samebits::git {

std::string library_version() {
  if (!load_libgit2()) return "";
  int major = 0;
  int minor = 0;
  int revision = 0;
  libgit2().libgit2_version(&major, &minor, &revision);
  return fmt::format("{}.{}.{}", major, minor, revision);
}

}  // namespace samebits::git
