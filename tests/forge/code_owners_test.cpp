#include "forge/code_owners.hpp"

#include <string>

#include <doctest/doctest.h>

TEST_CASE("the last pattern of a CODEOWNERS file that fits says whether a file has owners") {
  struct Case {
    std::string text;
    bool owned;
  };
  const Case cases[] = {
      {"", false},
      {"# samebits.yaml @ada\n", false},
      {"* @ada\n", true},
      {"*.yaml @ada @grace\r\n", true},
      {"samebits.yaml\t@ada # the rules\n", true},
      {"/samebits.yaml @acme/release\n", true},
      {"**/samebits.yaml @ada\n", true},
      {"samebits\\.yaml @ada\n", true},
      {"/s?mebits.y*l @ada\n", true},
      {"/values/ @ada\n/values/*.yaml @ada\n", false},
      {"docs/samebits.yaml @ada\n", false},
      {"* @ada\n/samebits.yaml\n", false},
      {"/samebits.yaml @ada\n*.md @grace\n", true},
      {"samebits.yam @ada\nSAMEBITS.yaml @ada\n", false},
      {"********************************************** @ada\n", true},
      {"*a*a*a*a*a*a*a*a*a*a*a*a* @ada\n", false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(samebits::github::names_owner(one.text, "samebits.yaml") == one.owned);
  }
}
