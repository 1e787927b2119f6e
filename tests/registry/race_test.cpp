#include <doctest/doctest.h>

#include "registry/release_world.hpp"
#include "support/child.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::string outcome_of(const Result<Receipt>& result) {
  return result ? result->images.front().digest.str() : code_of(result);
}

}  // namespace

TEST_CASE("of two releases of one version from different commits one wins, and its receipt is true") {
  ReleaseWorld world;
  int wins[2] = {0, 0};
  for (int round = 0; round < SAMEBITS_ROUNDS; ++round) {
    CAPTURE(round);
    world.begin();
    const std::string commits[2] = {world.first, world.second};
    const auto outcomes = in_children(2, [&](int number) { return outcome_of(world.release(commits[number])); });
    const std::string tag = world.twin.tag("v1.0.0");
    int successes = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      if (!outcomes[i].starts_with("sha256:")) {
        CHECK_MESSAGE(outcomes[i] == "tag_exists", outcomes[i]);
        continue;
      }
      ++successes;
      ++wins[i];
      CHECK(outcomes[i] == tag);
      CHECK(tag == world.digest_of(commits[i]));
      CHECK(world.git_tag() == commits[i]);
    }
    CHECK(successes == 1);
    CHECK(world.commits() == "2");
  }
  MESSAGE("the first won " << wins[0] << " times, the second " << wins[1]);
}

/// No registry has a compare-and-swap: what is promised of bare tags is that nobody is told a lie about what was read,
/// that a conflict names a digest that was there, and that somebody succeeds.
TEST_CASE("of two bare tags that race at least one succeeds, and whoever fails is told what is there") {
  RegistryDouble twin;
  std::string digests[2];
  for (int i = 0; i < 2; ++i)
    digests[i] = twin.put(std::string(oci_index_type), sample_index(std::to_string(i)), "main-" + std::to_string(i));
  int both = 0;
  for (int round = 0; round < SAMEBITS_ROUNDS; ++round) {
    CAPTURE(round);
    twin.remove_tag("v1");
    const auto outcomes = in_children(2, [&](int number) -> std::string {
      Network network;
      Context context;
      const auto registry = open_registry(must(ImageRepo::parse(twin.repository())), network);
      const auto done = registry->retag(context, "main-" + std::to_string(number), "v1");
      return done ? done->digest.str() : code_of(done) + " " + done.error().message;
    });
    int successes = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      if (outcomes[i] == digests[i]) {
        ++successes;
        continue;
      }
      CHECK_MESSAGE(outcomes[i].starts_with("tag_exists"), outcomes[i]);
      CHECK(outcomes[i].find(digests[1 - i]) != std::string::npos);
    }
    CHECK(successes >= 1);
    if (successes == 2) ++both;
    CHECK((twin.tag("v1") == digests[0] || twin.tag("v1") == digests[1]));
  }
  MESSAGE("in " << both << " of " << SAMEBITS_ROUNDS << " rounds both were told success");
}
