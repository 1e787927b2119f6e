#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <samebits/local_file.hpp>
#include <samebits/values_file.hpp>

#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits {
namespace {

using test::code_of;
using test::must;

Result<EditedValues> set(std::string_view bytes, std::string_view assignment, const EditOptions& options = {}) {
  const auto edit = must(parse_assignment(assignment));
  return edit_values(bytes, std::span(&edit, 1), options);
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Far above what any of these takes, far below what a loop or quadratic work would take.
constexpr auto bound = std::chrono::seconds(60);

}  // namespace

TEST_CASE("a file over the limit is refused before it is parsed") {
  const auto edited = set("a: 1\n" + repeated("# x\n", 100), "a=2", {.max_bytes = 100});
  CHECK(code_of(edited) == "not_editable");
  CHECK(code_of(set(repeated("# x\n", 5 << 20), "a=2")) == "not_editable");
}

TEST_CASE("input made to hurt parsers takes bounded time") {
  const std::string bomb = [] {
    std::string text = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 60; ++i)
      text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
    return text;
  }();
  const std::string inputs[] = {
      ",x\n",
      ",",
      repeated("[", 100'000),
      repeated("{a: ", 100'000),
      repeated("- ", 100'000),
      repeated("? ", 100'000),
      bomb,
      "a: \"" + repeated("x", 4 << 20) + "\"\n",
      "a: [" + repeated("{b: 1}, ", 200'000) + "]\n",
      repeated("---\na: 1\n", 5'000),
      repeated("&a ", 50'000),
      "a: |\n" + repeated("\n", 1 << 20),
  };
  for (const std::string& input : inputs) {
    CAPTURE(input.substr(0, 40));
    const auto begin = std::chrono::steady_clock::now();
    const auto edited = set(input, "a=2");
    if (edited) CHECK(must(set(edited->bytes, "a=2")).changes.empty());
    CHECK(std::chrono::steady_clock::now() - begin < bound);
  }
}

TEST_CASE("reading through aliases takes bounded time and memory") {
  std::string lending = "a0: &a0 {k: 1}\n";
  for (int i = 1; i < 40; ++i) lending += fmt::format("a{0}: &a{0} {{<<: [*a{1}, *a{1}]}}\n", i, i - 1);
  const std::string repeating =
      "a: &a \"" + std::string(1'000'000, 'x') + "\"\nb: [" + repeated("*a, ", 20'000) + "]\n";
  const auto path = [](std::string_view text) { return must(ValuePath::parse(text)); };
  const auto begin = std::chrono::steady_clock::now();
  CHECK(must(read_values(lending, std::vector{path("a39.k")}, {})).front()->text == "1");
  CHECK_FALSE(must(read_values(lending, std::vector{path("a39.nope")}, {})).front());
  CHECK(code_of(read_values(repeating, std::vector{path("b")}, {})) == "not_editable");
  CHECK(must(read_values(repeating, std::vector{path("b[19999]")}, {})).front()->text.size() == 1'000'000);
  CHECK(std::chrono::steady_clock::now() - begin < bound);
}

TEST_CASE("a large value that repeats nothing is read whole") {
  const std::string bytes = "a: [" + repeated("x, ", 1'000'000) + "x]\n";
  const auto found = must(read_values(bytes, std::vector{must(ValuePath::parse("a"))}, {}));
  REQUIRE(found.front());
  CHECK(found.front()->text.size() == 4 * 1'000'001 + 1);
}

TEST_CASE("many edits are one pass") {
  std::string before, after;
  std::vector<ValuesEdit> edits;
  for (int i = 0; i < 2'000; ++i) {
    before += fmt::format("service-{}:\n  image: {{tag: v1}} # {}\n", i, i);
    after += fmt::format("service-{}:\n  image: {{tag: v{}}} # {}\n", i, i + 2, i);
    edits.push_back(must(parse_assignment(fmt::format("service-{}.image.tag=v{}", i, i + 2))));
  }
  const auto edited = must(edit_values(before, edits));
  CHECK(edited.bytes == after);
  CHECK(edited.changes.size() == 2'000);
}

TEST_CASE("a local file is replaced whole, with its mode, through a symbolic link") {
  const test::TempFolder folder;
  const auto file = folder.path() / "values.yaml";
  const auto link = folder.path() / "link.yaml";
  std::ofstream(file) << "a: 1\n";
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  std::filesystem::create_symlink("values.yaml", link);
  struct stat before {};
  REQUIRE(::stat(file.c_str(), &before) == 0);
  must(write_local_file(link.string(), "a: 2\n"));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(bytes_of(file) == "a: 2\n");
  struct stat now {};
  REQUIRE(::stat(file.c_str(), &now) == 0);
  CHECK(now.st_mode == before.st_mode);
  CHECK(now.st_uid == before.st_uid);
  CHECK(now.st_gid == before.st_gid);
  CHECK(now.st_ino != before.st_ino);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("a local file that cannot be written is as it was") {
  const test::TempFolder folder;
  const auto inside = folder.path() / "no" / "values.yaml";
  CHECK_FALSE(write_local_file(inside.string(), "a: 2\n"));
  CHECK_FALSE(std::filesystem::exists(inside));
}

TEST_CASE("several local files are replaced together, or none where one changed meanwhile or cannot be written") {
  const test::TempFolder folder;
  const std::string one = (folder.path() / "one.yaml").string();
  const std::string two = (folder.path() / "two.yaml").string();
  std::ofstream(one) << "a: 1\n";
  std::ofstream(two) << "a: 1\n";
  const std::vector<LocalFileChange> changes = {{.path = one, .before = "a: 1\n", .after = "a: 2\n"},
                                                {.path = two, .before = "a: 1\n", .after = "a: 2\n"}};
  SUBCASE("together") {
    must(replace_local_files(changes));
    CHECK(bytes_of(one) == "a: 2\n");
    CHECK(bytes_of(two) == "a: 2\n");
  }
  SUBCASE("somebody else was faster") {
    std::ofstream(two) << "a: 3\n";
    const auto lost = replace_local_files(changes);
    CHECK(code_of(lost) == "lost_race");
    CHECK(lost.error().where.file == two);
    CHECK(bytes_of(one) == "a: 1\n");
    CHECK(bytes_of(two) == "a: 3\n");
  }
  SUBCASE("the second became a folder after it was read") {
    std::filesystem::remove(two);
    std::filesystem::create_directory(two);
    CHECK_FALSE(replace_local_files(changes));
    CHECK(bytes_of(one) == "a: 1\n");
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("a file of another owner keeps owner and group where root replaces it") {
  if (::geteuid() != 0) return;  // only root may make such a file
  const test::TempFolder folder;
  const auto file = folder.path() / "values.yaml";
  std::ofstream(file) << "a: 1\n";
  constexpr uid_t owner = 12345;
  constexpr gid_t group = 23456;
  REQUIRE(::chown(file.c_str(), owner, group) == 0);
  std::filesystem::permissions(file, std::filesystem::perms(02640));
  must(write_local_file(file.string(), "a: 2\n"));
  struct stat now {};
  REQUIRE(::stat(file.c_str(), &now) == 0);
  CHECK(now.st_uid == owner);
  CHECK(now.st_gid == group);
  CHECK((now.st_mode & 07777U) == 02640U);
}

}  // namespace samebits
