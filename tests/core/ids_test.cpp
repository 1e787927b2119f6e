#include <sstream>

#include <doctest/doctest.h>

#include <samebits/clock.hpp>
#include <samebits/digest.hpp>
#include <samebits/object_id.hpp>
#include <samebits/person.hpp>
#include <samebits/version.hpp>

#include "support/must.hpp"

namespace samebits::test {
namespace {

template <class Value>
std::string printed(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Version version(std::string_view text) { return must(Version::parse(text)); }

}  // namespace

TEST_CASE("an object id is 40 or 64 lower-case hex digits") {
  for (const std::size_t length : {40U, 64U}) {
    const std::string text(length, 'a');
    CHECK(printed(commit_id(text)) == text);
    CHECK(printed(must(BlobId::parse(text))) == text);
  }
  for (const std::string& text :
       {std::string(), std::string(39, 'a'), std::string(41, 'a'), std::string(63, 'a'), std::string(65, 'a'),
        std::string(40, 'A'), std::string(40, 'g'), std::string(39, 'a') + '\0', std::string(39, 'a') + '\n'}) {
    CHECK(code_of(CommitId::parse(text)) == "bad_commit_id");
    CHECK(code_of(BlobId::parse(text)) == "bad_request");
  }
}

TEST_CASE("a short id is refused, with the command that gives the full one") {
  CHECK(CommitId::parse("4f9d").error().hint == "git rev-parse 4f9d gives the full id");
  CHECK(CommitId::parse("$(id)").error().hint.find("$(id)") == std::string::npos);
  CHECK(CommitId::parse("main").error().message.find("'main'") != std::string::npos);
}

TEST_CASE("ids are ordered by their text and the brief form is its beginning") {
  CHECK(commit_id(std::string(40, '1')) < commit_id(std::string(40, '2')));
  CHECK(commit_id("0123456789" + std::string(30, '0')).brief() == "0123456");
}

TEST_CASE("a digest is SHA-256 and lower-case") {
  const std::string hex(64, '1');
  CHECK(printed(must(Digest::parse("sha256:" + hex))) == "sha256:" + hex);
  CHECK(must(Digest::parse("sha256:" + hex)).hex() == hex);
  for (const std::string& text :
       {hex, "sha512:" + hex, "sha256:" + std::string(64, 'A'), "sha256:" + std::string(40, '1'), "SHA256:" + hex,
        "sha256:" + hex + "1", "sha256:" + hex + "\n", std::string()})
    CHECK(code_of(Digest::parse(text)) == "bad_request");
}

TEST_CASE("a version is three numbers and perhaps a pre-release") {
  for (const char* text : {"0.0.0", "1.2.3", "10.20.30", "1.2.3-rc.1", "1.2.3-0", "1.2.3--", "1.2.3-a-b.c", "1.2.3-0a",
                           "99999999999999999999999.0.99999999999999999999"})
    CHECK(printed(version(text)) == text);
  for (const char* text : {"",         "v",      "1",        "1.2",        "1.2.3.4",     "1.2.x",     "01.2.3",
                           "1.02.3",   "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3-a.",    "1.2.3-a_b", "1.2.3-\xC3\xA9",
                           "-1.2.3",   "+1.2.3", " 1.2.3",   "1.2.3 ",     "1.2.3\n",     "V1.2.3",    "vv1.2.3",
                           "1.2.3;id", "latest", "1..3",     ".2.3",       "1.2.3-rc.1+b"})
    CHECK(code_of(Version::parse(text)) == "bad_version");
}

TEST_CASE("one leading v belongs to the tag, not to the version") {
  CHECK(version("v1.2.3").str() == "1.2.3");
  CHECK(version("v1.2.3") == version("1.2.3"));
}

TEST_CASE("build metadata is refused since no tag can hold it") {
  CHECK(Version::parse("1.2.3+5").error().message ==
        "'1.2.3+5' is no version: build metadata is not legal in an image tag");
}

TEST_CASE("versions are ordered by precedence") {
  const std::vector<std::string> ascending = {"0.0.1",
                                              "0.1.0",
                                              "1.0.0-0",
                                              "1.0.0-2",
                                              "1.0.0-10",
                                              "1.0.0--",
                                              "1.0.0-A",
                                              "1.0.0-alpha",
                                              "1.0.0-alpha.1",
                                              "1.0.0-alpha.1.0",
                                              "1.0.0-alpha.beta",
                                              "1.0.0-beta.2",
                                              "1.0.0-beta.11",
                                              "1.0.0-rc.1",
                                              "1.0.0",
                                              "1.0.1-a",
                                              "1.0.9",
                                              "1.0.10",
                                              "1.9.0",
                                              "1.10.0",
                                              "2.0.0",
                                              "18446744073709551616.0.0",
                                              "18446744073709551617.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    CAPTURE(ascending[i]);
    CHECK((version(ascending[i]) <=> version(ascending[i])) == std::strong_ordering::equal);
    for (std::size_t j = i + 1; j < ascending.size(); ++j) {
      CAPTURE(ascending[j]);
      CHECK(version(ascending[i]) < version(ascending[j]));
      CHECK(version(ascending[j]) > version(ascending[i]));
    }
  }
}

TEST_CASE("an author has a name and a mail that Git can write") {
  const Person person = must(Person::parse("Ada Lovelace <ada@example.com>"));
  CHECK(person.name == "Ada Lovelace");
  CHECK(person.mail == "ada@example.com");
  CHECK(person.str() == "Ada Lovelace <ada@example.com>");
  CHECK(must(Person::parse("J\xC3\xB6rg <j@x>")).name == "J\xC3\xB6rg");
  for (const char* text : {"", "Ada", "Ada <>", " <ada@x>", "<ada@x>", "Ada <ada@x", "Ada <a<b>", "A>da <a@x>",
                           "Ada  <a@x>", " Ada <a@x>", "Ada < a@x>", "Ada <a@x> ", "A\nda <a@x>", "Ada <a@x\r>",
                           ". <a@x>", "Ada <,>", "\xFF <a@x>", "Ada \xE2\x80\xAE <a@x>"})
    CHECK(code_of(Person::parse(text)) == "bad_option");
  CHECK(code_of(Person::parse(std::string(500, 'a') + " <a@x>")) == "bad_option");
}

TEST_CASE("a time is RFC 3339 in UTC and comes back as it was") {
  for (const char* text :
       {"2026-11-24T09:00:00Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59Z"})
    CHECK(format_time(must(parse_time(text))) == text);
  for (const char* text :
       {"", "2026-11-24", "2026-11-24T09:00:00", "2026-11-24T09:00:00+01:00", "2026-11-24 09:00:00Z",
        "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T09:60:00Z",
        "2026-11-24T09:00:61Z", "2026-11-24T09:00:0aZ", "2026-11-24T09:00:00z"})
    CHECK(code_of(parse_time(text)) == "bad_request");
}

}  // namespace samebits::test
