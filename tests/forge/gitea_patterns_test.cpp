#include "forge/gitea_patterns.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace samebits::gitea;

namespace {

enum class Answer { no, yes, unknown };

Answer answer(std::optional<bool> fits) { return !fits ? Answer::unknown : *fits ? Answer::yes : Answer::no; }

}  // namespace

TEST_CASE("a line of a CODEOWNERS file of Gitea is a regular expression for the whole path") {
  struct Case {
    std::string text;
    Answer owned;
  };
  const Case cases[] = {
      {"", Answer::no},
      {"# samebits.yaml @ada\n", Answer::no},
      {"* @ada\n", Answer::yes},
      {"*.yaml @ada\n", Answer::yes},
      {"*.yml @ada\n", Answer::no},
      {"**/samebits.yaml @ada\n", Answer::unknown},
      {".* @ada\n", Answer::yes},
      {".*\\\\.yaml @ada\r\n", Answer::yes},
      {"samebits.yaml\t@ada # the rules\n", Answer::yes},
      // Versions differ.
      {"/samebits.yaml @ada\n", Answer::unknown},
      {"!/samebits.yaml @ada\n", Answer::unknown},
      {"/values/.* @ada\n", Answer::no},
      {"samebits @ada\n", Answer::no},
      {"values/.* @ada\n", Answer::no},
      {"!values/.* @ada\n", Answer::yes},
      {"!.*yaml @ada\n", Answer::no},
      {"samebits.yaml\n", Answer::no},
      // Each that fits counts, not the last.
      {".* @ada\nsamebits.yaml\n", Answer::yes},
      {"(?<name>x @ada\n", Answer::unknown},
      {"(?<name>x @ada\nsamebits.yaml @ada\n", Answer::yes},
      {"docs|samebits.yaml @ada\n", Answer::yes},
      {".{3}ebits.yaml @ada\n", Answer::unknown},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(answer(names_owner(one.text, "samebits.yaml")) == one.owned);
  }
}

TEST_CASE("a rule of Gitea for tags holds for those that its pattern fits") {
  struct Case {
    std::string pattern;
    std::string tag;
    Answer fits;
  };
  const Case cases[] = {
      {"v*", "v1.2.3", Answer::yes},
      {"v*", "api/v1.2.3", Answer::no},
      {"*", "api/v1.2.3", Answer::yes},
      {"**", "api/v1.2.3", Answer::yes},
      {"v?.2.3", "v1.2.3", Answer::yes},
      {"v1.2.3", "v1x2.3", Answer::no},
      {"{api,web}/v*", "api/v1.2.3", Answer::yes},
      {"{api,web}/v*", "job/v1.2.3", Answer::no},
      {"v[0-9].*", "v1.2.3", Answer::yes},
      {"v[!0-9].*", "v1.2.3", Answer::no},
      {"v[0-9", "v1", Answer::unknown},
      {"v\\*", "v*", Answer::yes},
      {"v\\*", "v1", Answer::no},
      {"v1}", "v1}", Answer::yes},
      {"/^v/", "v1.2.3", Answer::yes},
      {"/1/", "v1.2.3", Answer::yes},
      {"/^1/", "v1.2.3", Answer::no},
      {"/^v[0-9]+/", "v1.2.3", Answer::yes},
      {"/(?i)^V/", "v1.2.3", Answer::unknown},
      {"/", "v1.2.3", Answer::no},
      {"//", "v1.2.3", Answer::yes},
      {"", "v1.2.3", Answer::no},
  };
  for (const Case& one : cases) {
    CAPTURE(one.pattern);
    CAPTURE(one.tag);
    CHECK(answer(fits_tag(one.pattern, one.tag)) == one.fits);
  }
}

TEST_CASE("a pattern that could take long is not judged") {
  CHECK(!fits_tag("/(a*)*(a*)*(a*)*(a*)*b/", std::string(50, 'a')));
  CHECK(!fits_tag("/" + std::string(5000, '(') + "/", "v1"));
  CHECK(!fits_tag("*a*a*a*a*a*a*a", "v1"));
  CHECK(!fits_tag("v*", std::string(5000, 'v')));
  CHECK(!names_owner("(x?){90000} @ada\n", "samebits.yaml"));
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "(a|b).*x @ada\n";
  CHECK(!names_owner(many, "samebits.yaml"));
}
