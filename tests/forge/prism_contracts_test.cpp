// The contract of each port, with GitHub's own description of its API between us and the double.
#include "forge/github_contracts.hpp"
#include "servers/prism_server.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// GitHub's double behind Prism.
struct HeldGithub {
  std::unique_ptr<PrismServer> prism;
  FrontedGithub github{[this](const std::string& origin) {
    prism = std::make_unique<PrismServer>(origin);
    return prism->origin();
  }};
};

}  // namespace

TEST_CASE("GitHub is a Source as GitHub describes it") {
  HeldGithub held;
  hold_source(held.github);
}

TEST_CASE("GitHub's checks are an Evidence as GitHub describes them") {
  HeldGithub held;
  hold_evidence(held.github);
}

TEST_CASE("GitHub has Changes as GitHub describes them") {
  HeldGithub held;
  hold_changes(held.github);
}

TEST_CASE("GitHub has Releases as GitHub describes them") {
  HeldGithub held;
  hold_releases(held.github);
}
