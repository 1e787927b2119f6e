#include "core/diff.hpp"

#include <doctest/doctest.h>

#include "support/must.hpp"

namespace samebits::test {
namespace {

std::string numbered(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("equal texts have no diff") {
  CHECK(unified_diff("f", "a\n", "a\n").empty());
  CHECK(unified_diff("f", "", "").empty());
}

TEST_CASE("a changed line stands between three lines of context") {
  std::string after = numbered(1, 9);
  after.replace(after.find("5\n"), 2, "five\n");
  CHECK(unified_diff("values/prod/api.yaml", numbered(1, 9), after) ==
        "--- a/values/prod/api.yaml\n+++ b/values/prod/api.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes that lie apart are hunks of their own, near ones share one") {
  const std::string apart = "0\n" + numbered(1, 20) + "21\n22\n";
  const std::string diff = unified_diff("f", numbered(1, 20) + "21\n", apart);
  CHECK(diff == "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -19,3 +20,4 @@\n 19\n 20\n 21\n+22\n");
  std::string near = numbered(1, 9);
  near.replace(near.find("2\n"), 2, "two\n");
  near.replace(near.find("8\n"), 2, "eight\n");
  CHECK(unified_diff("f", numbered(1, 9), near) ==
        "--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n 1\n-2\n+two\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n 9\n");
}

TEST_CASE("an absolute path is one that patch takes") {
  CHECK(unified_diff("/tmp/f", "a\n", "b\n") == "--- a/tmp/f\n+++ b/tmp/f\n@@ -1 +1 @@\n-a\n+b\n");
}

TEST_CASE("a missing final line break is shown") {
  CHECK(unified_diff("f", "a", "a\n") == "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("a file that is made or removed is compared with nothing") {
  CHECK(unified_diff("f", "", "a\n", false) == "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(unified_diff("f", "a\n", "", true, false) == "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("files too different to compare are shown as replaced whole") {
  const std::string diff = unified_diff("f", numbered(1, 3000), numbered(10001, 13000));
  CHECK(diff.find("@@ -1,3000 +1,3000 @@\n-1\n-2\n") != std::string::npos);
  CHECK(diff.find("-3000\n+10001\n") != std::string::npos);
}

}  // namespace samebits::test
