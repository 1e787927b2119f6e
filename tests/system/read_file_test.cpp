#include <fstream>
#include <sys/stat.h>
#include <thread>

#include <doctest/doctest.h>

#include "support/must.hpp"
#include "support/temp_folder.hpp"
#include "system/files.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::string bytes_of(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 251);
  return bytes;
}

}  // namespace

TEST_CASE("a file is read whole, whatever its size, and to its limit") {
  const TempFolder folder(memory_folder());
  const auto path = folder.path() / "file";
  for (const std::size_t size : {0U, 1U, 510U, 511U, 512U, 513U, 1024U, 65535U, 65536U, 65537U, 131072U, 300000U}) {
    CAPTURE(size);
    const std::string bytes = bytes_of(size);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    CHECK(must(read_file(path)) == bytes);
    CHECK(must(read_file(path, size)) == bytes);
    if (size > 0) CHECK(code_of(read_file(path, size - 1)) == "not_editable");
  }
}

TEST_CASE("what does not say its size is read to its end") {
  const TempFolder folder(memory_folder());
  const auto pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string bytes = bytes_of(200000);
  std::jthread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
  CHECK(must(read_file(pipe)) == bytes);
  // A regular file of size 0, by what it says.
  const auto status = must(read_file("/proc/self/status"));
  REQUIRE(status);
  CHECK(status->starts_with("Name:"));
  CHECK(status->find("voluntary_ctxt_switches") != std::string::npos);
}

TEST_CASE("what is not there is nothing, and a folder is no file") {
  const TempFolder folder(memory_folder());
  CHECK_FALSE(must(read_file(folder.path() / "none")));
  CHECK_FALSE(must(read_file(folder.path() / "none" / "below")));
  CHECK(code_of(read_file(folder.path())) == "not_editable");
}
