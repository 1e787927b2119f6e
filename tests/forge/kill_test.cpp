#include "forge/forge_world.hpp"
#include "support/killed_at.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("a release that is killed at any request to the forge is completed by running it again") {
  ForgeWorld world;
  world.make_releasable();
  world.keep();
  must(world.release());
  const std::string state = world.forge.state();
  const std::string values = world.values();
  const std::string commits = world.commits();
  for (const bool before : {true, false})
    for (int request = 1;; ++request) {
      CAPTURE(request);
      CAPTURE(before);
      world.begin();
      const std::string outcome = killed_at(world.forge, request, before, [&] { return code_of(world.release()); });
      if (outcome != "killed") {
        CHECK(outcome == "none");
        CHECK(request > 10);
        break;
      }
      must(world.release());
      CHECK(world.forge.state() == state);
      CHECK(world.values() == values);
      CHECK(world.commits() == commits);
    }
}
