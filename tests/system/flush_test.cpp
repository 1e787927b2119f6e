#include "system/flush.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::vector<FileDescriptor> new_files(const std::filesystem::path& folder, int count) {
  std::vector<FileDescriptor> made;
  for (int i = 0; i < count; ++i) {
    made.emplace_back(::open((folder / std::to_string(i)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    begin_to_flush(made.back());
  }
  return made;
}

}  // namespace

TEST_CASE("no file, some and many are flushed") {
  const TempFolder folder;
  for (const int count : {0, 1, 2, 3, 50}) {
    CAPTURE(count);
    CHECK(flush_all(new_files(folder.path(), count)) == 0);
  }
}

TEST_CASE("one file that cannot be flushed is told of, wherever it stands") {
  const TempFolder folder;
  for (const std::size_t bad : {0U, 7U, 39U}) {
    CAPTURE(bad);
    auto files = new_files(folder.path(), 40);
    files[bad] = FileDescriptor(-1);
    CHECK(flush_all(files) == EBADF);
  }
}
