#include "forge/github_contracts.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("GitHub is a Source") {
  FrontedGithub github;
  hold_source(github);
}

TEST_CASE("GitHub's checks are an Evidence") {
  FrontedGithub github;
  hold_evidence(github);
}

TEST_CASE("GitHub has Changes") {
  FrontedGithub github;
  hold_changes(github);
}

TEST_CASE("GitHub has Releases") {
  FrontedGithub github;
  hold_releases(github);
}
