#include <doctest/doctest.h>

#include "registry/release_world.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("a release tag that is moved before the release ends is never in its receipt") {
  ReleaseWorld world;
  // Somebody else writes the tag after all of our own looks at it but the last: put, then two that see it right.
  int looks = -1;
  world.twin.after = [&](const Asked& asked, Answer&) {
    if (!asked.path().ends_with("/v1.0.0")) return;
    if (asked.method == "PUT") looks = 0;
    if (asked.method == "HEAD" && looks >= 0 && ++looks == 2)
      world.twin.set_tag("v1.0.0", world.digest_of(world.second));
  };
  const auto released = world.release(world.first);
  REQUIRE(code_of(released) == "digest_mismatch");
  CHECK(released.error().message.find(world.digest_of(world.first)) != std::string::npos);
  CHECK(released.error().message.find(world.digest_of(world.second)) != std::string::npos);
  CHECK_FALSE(released.error().hint.empty());
  world.twin.after = {};
  CHECK(code_of(world.release(world.first)) == "tag_exists");
}

TEST_CASE("what stands in a URL before @ is in no error") {
  for (const std::string location :
       {"https://ada:secret-0123@git.invalid/x.git?key=secret-0123", "ssh://ada:secret-0123@git.invalid/x.git"}) {
    CAPTURE(location);
    Client client({.gitops = location});
    const auto status = client->status({});
    REQUIRE_FALSE(status.has_value());
    CHECK(text_of(status.error()).find("secret-0123") == std::string::npos);
    CHECK(status.error().remote.find("secret-0123") == std::string::npos);
  }
}
