#include <doctest/doctest.h>

#include "support/schema_files.hpp"

namespace samebits::test {

TEST_CASE("the library judges samebits.yaml by the published schema") {
  CHECK(std::string(pipeline_schema()) == schema_text("samebits"));
}

TEST_CASE("every published schema is of draft 4, has a title and refuses what is no object") {
  std::size_t schemas = 0;
  for (const auto& entry : std::filesystem::directory_iterator(schema_folder())) {
    CAPTURE(entry.path().filename());
    const std::string name = entry.path().stem().string();
    const Json schema = must(parse_json(schema_text(name), "the schema"));
    CHECK(schema.text("$schema") == "http://json-schema.org/draft-04/schema#");
    CHECK_FALSE(schema.text("title").empty());
    CHECK(violation("[]", name) == " type");
    CHECK(violation(R"({"no such member":1})", name) != "");
    ++schemas;
  }
  CHECK(schemas >= 27);
}

TEST_CASE("a violation names the place and the keyword") {
  const std::string_view schema = R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}}})";
  const auto found = find_violation(must(parse_json(R"({"a":["x",1]})", "")), schema);
  REQUIRE(found);
  CHECK(found->pointer == "/a/1");
  CHECK(found->keyword == "type");
  CHECK_FALSE(find_violation(must(parse_json(R"({"a":["x"]})", "")), schema));
}

}  // namespace samebits::test
