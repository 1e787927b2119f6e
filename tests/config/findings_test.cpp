#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <samebits/pipeline.hpp>

#include "support/must.hpp"

namespace samebits::test {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string findings_of(const std::string& yaml) {
  std::vector<Error> findings;
  const auto loaded = load_pipeline(yaml, "samebits.yaml", &findings);
  CHECK(loaded.has_value() == findings.empty());
  std::string text;
  for (const Error& finding : findings) {
    CHECK(finding.code == ErrorCode::bad_config);
    CHECK(finding.where.file == "samebits.yaml");
    text += fmt::format("{}:{} {}\n  {}\n", finding.where.line, finding.where.column, finding.message, finding.hint);
  }
  return text;
}

}  // namespace

TEST_CASE("every finding has its line and column and says what to write instead") {
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SAMEBITS_CASES "/config")) {
    CAPTURE(entry.path().filename());
    const std::string found = findings_of(bytes_of(entry.path() / "samebits.yaml"));
    CHECK(found == bytes_of(entry.path() / "findings.txt"));
    CHECK(found.find("  \n") == std::string::npos);
    ++cases;
  }
  CHECK(cases >= 30);
}

TEST_CASE("the error is the first finding and counts the others") {
  const auto loaded = load_pipeline("apiVersion: samebits/v1\nservices: {}\nx: 1\ny: 2\n", "config.yaml");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().where == Place{.file = "config.yaml", .line = 2, .column = 11});
  CHECK(loaded.error().message == "services is missing or empty (and 2 more: samebits check lists them)");
}

TEST_CASE("a file of any bytes is refused without harm") {
  for (const std::string& bytes : {std::string("\0", 1), std::string("\xFF\xFE"), std::string(2U << 20U, 'a'),
                                   std::string(100000, '['), std::string(100000, '-'), std::string("? a\n: b\n"),
                                   std::string("services:\n  {a: b}: c\n"), std::string("\t\n")})
    CHECK(code_of(load_pipeline(bytes, "samebits.yaml")) == "bad_config");
}

}  // namespace samebits::test
