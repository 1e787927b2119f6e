#include <limits>

#include <doctest/doctest.h>

#include "json/document_parts.hpp"
#include "support/must.hpp"

namespace samebits::test {
namespace {

std::string reason(std::string_view text) {
  const auto parsed = parse_json(text, "the text");
  return parsed ? "none" : parsed.error().message;
}

}  // namespace

TEST_CASE("JSON is read as RFC 8259 has it") {
  for (const char* text : {"null", "true", "false", "0", "-1", "1.5", "\"\"", "[]", "{}", "[1,[2,{\"a\":null}]]",
                           " \t\r\n{} ", "\"\\u0041\\ud83d\\ude80\""})
    CHECK(reason(text) == "none");
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "NaN",
                           "Infinity",
                           "nul",
                           "[1 2]",
                           "{}{}",
                           "{} x",
                           "// c\n{}",
                           "\"a\nb\"",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "1e999",
                           "{\"\\udc00\":1}"})
    CHECK(code_of(parse_json(text, "the text")) == "bad_request");
  CHECK(reason(std::string_view("{}\0", 3)).find("a NUL byte at byte 2") != std::string::npos);
}

TEST_CASE("a member that stands twice is refused, however it is written") {
  CHECK(reason(R"({"a":1,"a":1})").find("'a' stands twice") != std::string::npos);
  CHECK(reason(R"({"a":1,"\u0061":1})").find("'a' stands twice") != std::string::npos);
  CHECK(reason(R"([{"a":1},{"a":1}])") == "none");
  CHECK(reason("{\"\x7f\":1,\"\x7f\":1}").find("'?' stands twice") != std::string::npos);
}

TEST_CASE("text that is not UTF-8 is refused") {
  for (const std::string& bytes : {std::string("\xFF"), std::string("\xC0\x80"), std::string("\xED\xA0\x80"),
                                   std::string("\xF5\x80\x80\x80"), std::string("\xE2\x82")}) {
    CHECK(code_of(parse_json("\"" + bytes + "\"", "the text")) == "bad_request");
    CHECK(code_of(parse_json("{\"" + bytes + "\":1}", "the text")) == "bad_request");
  }
}

TEST_CASE("nesting is bounded and never grows the stack") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  CHECK(reason(nested(64)) == "none");
  CHECK(reason(nested(65)).find("more than 64 levels") != std::string::npos);
  CHECK(reason(std::string(10'000'000, '[')).find("more than 64 levels") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  CHECK(code_of(parse_json(objects, "the text")) == "bad_request");
}

TEST_CASE("100 MB are refused by their size") {
  std::string large(100U << 20U, ' ');
  large.front() = '[';
  large.back() = ']';
  CHECK(reason(large).find("more than 16777216 bytes") != std::string::npos);
  CHECK(code_of(parse_json("[1]", "the text", 2)) == "bad_request");
}

TEST_CASE("integers keep every digit of 64 bits, and other numbers are doubles") {
  CHECK(*must(parse_json("9223372036854775807", "")).integer() == 9223372036854775807);
  CHECK(*must(parse_json("-9223372036854775808", "")).integer() == std::numeric_limits<std::int64_t>::min());
  CHECK(must(parse_json("9223372036854775808", "")).number() != nullptr);
  CHECK(*must(parse_json("1.5", "")).number() == 1.5);
  CHECK(*must(parse_json("1e2", "")).number() == 100);
  CHECK(*must(parse_json("0e100", "")).number() == 0);
  CHECK(*must(parse_json("-12.5e-1", "")).number() == -1.25);
}

TEST_CASE("documents show integers beyond 2^53 as text") {
  const auto shown = [](std::string_view text) { return write_json(with_exact_numbers(must(parse_json(text, "")))); };
  CHECK(shown("9007199254740992") == "9007199254740992");
  CHECK(shown("9007199254740993") == "\"9007199254740993\"");
  CHECK(shown(R"({"a":[-9007199254740993,0.5]})") == R"({"a":["-9007199254740993",0.5]})");
  CHECK(write_json(std::int64_t{9007199254740993}) == "9007199254740993");
  CHECK(write_json(std::numeric_limits<std::uint64_t>::max()) == "\"18446744073709551615\"");
  CHECK(write_json(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("what is written is valid UTF-8 without control characters") {
  Json json;
  json.add("\xFF", "a\xFF\x7f\x1b\xC2\x9B\xC2\xA0");
  CHECK(write_json(json) == "{\"\xEF\xBF\xBD\":\"a\xEF\xBF\xBD\\u007f\\u001B\\u009b\xC2\xA0\"}");
  CHECK(canonical_json(json) == write_json(json));
}

TEST_CASE("members keep their order, and canonical text sorts them") {
  const Json json = must(parse_json(R"({"b":[1,{"d":1,"c":2}],"a":"x"})", ""));
  CHECK(write_json(json) == R"({"b":[1,{"d":1,"c":2}],"a":"x"})");
  CHECK(canonical_json(json) == R"({"a":"x","b":[1,{"c":2,"d":1}]})");
  CHECK(write_json(must(parse_json(R"({"a":[1]})", "")), true) == "{\n  \"a\": [\n    1\n  ]\n}");
}

TEST_CASE("a pointer finds what RFC 6901 says") {
  const Json json = must(parse_json(R"({"a":[10,{"b/c":1,"d~e":2}],"":3})", ""));
  CHECK(json.at_pointer("") == &json);
  CHECK(*json.at_pointer("/a/0")->integer() == 10);
  CHECK(*json.at_pointer("/a/1/b~1c")->integer() == 1);
  CHECK(*json.at_pointer("/a/1/d~0e")->integer() == 2);
  CHECK(*json.at_pointer("/")->integer() == 3);
  for (const char* pointer : {"a", "/x", "/a/2", "/a/-1", "/a/0/x", "/a/1x", "/a/"})
    CHECK(json.at_pointer(pointer) == nullptr);
}

TEST_CASE("members of what is no object are not there") {
  CHECK(Json(1).find("a") == nullptr);
  CHECK(Json("text").text("a").empty());
  CHECK(must(parse_json(R"({"a":1})", "")).text("a").empty());
  CHECK(Json().is_null());
}

}  // namespace samebits::test
