#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <samebits/values_file.hpp>

#include "support/must.hpp"

namespace samebits {
namespace {

using test::code_of;
using test::must;

std::string value_at(std::string_view bytes, std::string_view path) {
  const ValuePath parsed = must(ValuePath::parse(path));
  const auto found = must(read_values(bytes, std::span(&parsed, 1)));
  return found[0] ? found[0]->text : "(missing)";
}

std::string json_at(std::string_view bytes, std::string_view path) {
  const ValuePath parsed = must(ValuePath::parse(path));
  return must(read_values(bytes, std::span(&parsed, 1)))[0].value().json;
}

Error refusal(std::string_view bytes, std::string_view assignment, const EditOptions& options = {}) {
  const auto edit = must(parse_assignment(assignment));
  const auto edited = edit_values(bytes, std::span(&edit, 1), options);
  if (edited) FAIL("edited");
  return edited.error();
}

}  // namespace

TEST_CASE("a path finds keys, indexes, selectors and quoted keys") {
  CHECK(value_at("image:\n  tag: v1\n", "image.tag") == "v1");
  CHECK(value_at("l: [a, b]\n", "l[1]") == "b");
  CHECK(value_at("l:\n- name: a\n  t: 1\n- name: b\n  t: 2\n", "l[name=b].t") == "2");
  CHECK(value_at("l:\n- name: \"a]b\"\n  t: 1\n", "l[name=\"a]b\"].t") == "1");
  CHECK(value_at("a.b/c:\n  d: x\n", "[\"a.b/c\"].d") == "x");
  CHECK(value_at("a: 1\n", "b") == "(missing)");
}

TEST_CASE("a path that cannot be read is refused with the column") {
  for (const char* text : {"", ".", "a.", "a..b", "a[", "a[x]", "a[1", "a[\"x]", "a]b", "a[0]b", "a[=x]", "a\tb"}) {
    CAPTURE(text);
    const auto path = ValuePath::parse(text);
    CHECK(code_of(path) == "bad_path");
    if (!path) CHECK(path.error().message.find("column") != std::string::npos);
  }
}

TEST_CASE("an assignment splits at its first = or := outside brackets and quotes") {
  CHECK(must(parse_assignment("a=b=c")).value.text == "b=c");
  CHECK(must(parse_assignment("a:=\"b=c\"")).value.text == "\"b=c\"");
  CHECK(must(parse_assignment("l[k=v].a=x")).path.str() == "l[k=v].a");
  CHECK(must(parse_assignment("[\"a=b\"]=x")).path.str() == "[\"a=b\"]");
  CHECK(must(parse_assignment("a=")).value.text.empty());
  CHECK(code_of(parse_assignment("a")) == "bad_path");
  CHECK(code_of(parse_assignment("a:={")) == "bad_request");
}

TEST_CASE("a value is read with its type") {
  CHECK(json_at("a: 1\n", "a") == "1");
  CHECK(json_at("a: \"1\"\n", "a") == "\"1\"");
  CHECK(json_at("a: true\n", "a") == "true");
  CHECK(json_at("a:\n", "a") == "null");
  CHECK(json_at("a: [x, {b: 2}]\n", "a") == "[\"x\",{\"b\":2}]");
}

TEST_CASE("a mapping is read with what it is lent, and refused where its keys are not those of JSON") {
  const std::string bytes =
      "base: &base {tag: v1, env: [x], n: 1}\nother: &other {tag: v9, z: 2}\n"
      "a:\n  <<: [*base, *other]\n  n: 2\n  more: {<<: *other, tag: q}\n"
      "b: {\"<<\": *base}\nwrong: {<<: 5}\ntwice: {x: 1, x: 2}\nlist: {[1]: 2}\ninside: [{y: 1, \"y\": 2}]\n";
  CHECK(json_at(bytes, "a") == R"({"tag":"v1","env":["x"],"z":2,"n":2,"more":{"z":2,"tag":"q"}})");
  CHECK(json_at(bytes, "a.more") == R"({"z":2,"tag":"q"})");
  CHECK(json_at(bytes, "a.more.tag") == "\"q\"");
  CHECK(json_at(bytes, "b") == R"({"<<":{"tag":"v1","env":["x"],"n":1}})");
  const auto refused = [&](std::string_view path) {
    const ValuePath parsed = must(ValuePath::parse(path));
    const auto found = read_values(bytes, std::span(&parsed, 1));
    return found ? "read"
                 : fmt::format("{}:{}:{}", found.error().where.line, found.error().where.column, code_of(found));
  };
  CHECK(refused("wrong") == "8:13:not_editable");
  CHECK(refused("twice") == "9:15:duplicate_key");
  CHECK(refused("list") == "10:8:not_editable");
  CHECK(refused("inside") == "11:17:duplicate_key");
  CHECK(refused("other") == "read");
}

TEST_CASE("a missing key suggests the nearest that is there") {
  const Error error = refusal("image:\n  tag: v1\n  pullPolicy: x\n", "image.pullPolizy=y");
  CHECK(error.code == ErrorCode::key_missing);
  CHECK(error.hint.find("pullPolicy") != std::string::npos);
}

TEST_CASE("a selector that fits several items names their lines") {
  const Error error = refusal("l:\n- name: a\n- name: b\n- name: a\n", "l[name=a].x=1");
  CHECK(error.code == ErrorCode::bad_path);
  CHECK(error.message.find("2, 4") != std::string::npos);
}

TEST_CASE("a shared node names the places that see it") {
  const Error error = refusal("base: &b\n  tag: v1\nprod: *b\ndev: *b\n", "base.tag=v2");
  CHECK(error.code == ErrorCode::shared_anchor);
  CHECK(error.message.find("3, 4") != std::string::npos);
  CHECK(error.hint.find("--through-anchor") != std::string::npos);
}

TEST_CASE("a values file in memory is read and edited, and stays as it was when refused") {
  auto file = must(ValuesFile::parse("image:\n  tag: v1 # now\n"));
  const ValuePath tag = must(ValuePath::parse("image.tag"));
  CHECK(must(file.get(tag)).value().text == "v1");
  const auto set = must(parse_assignment("image.tag=1.10"));
  const auto changes = must(file.edit(std::span(&set, 1)));
  CHECK(changes == std::vector<ValueChange>{{.path = "image.tag", .line = 2, .before = "v1", .after = "1.10"}});
  CHECK(file.bytes() == "image:\n  tag: \"1.10\" # now\n");
  const auto wrong = must(parse_assignment("image.tga=x"));
  CHECK(code_of(file.edit(std::span(&wrong, 1))) == "key_missing");
  CHECK(file.bytes() == "image:\n  tag: \"1.10\" # now\n");
  CHECK(code_of(ValuesFile::parse("a: [\n")) == "invalid_yaml");
}

}  // namespace samebits
