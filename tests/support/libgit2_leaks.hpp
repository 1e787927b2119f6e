#pragma once

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace samebits::test {

/// While one lives, LeakSanitizer does not count: for a test that takes libgit2 1.5.1 into one of its errors that leak.
#ifdef __SANITIZE_ADDRESS__
using LeaksOfLibgit2 = __lsan::ScopedDisabler;
#else
struct LeaksOfLibgit2 {
  ~LeaksOfLibgit2() {}  // not trivial, so that nobody calls it unused
};
#endif

}  // namespace samebits::test
