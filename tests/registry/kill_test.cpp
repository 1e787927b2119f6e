#include <doctest/doctest.h>

#include "registry/release_world.hpp"
#include "support/killed_at.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::string outcome_of(const Result<Retagged>& result) {
  if (!result) return code_of(result);
  return result->outcome == TagCreated::created ? "created" : "already";
}

}  // namespace

TEST_CASE("a retag that is killed at any request is completed by running it again") {
  RegistryDouble twin;
  const std::string digest = twin.put(std::string(oci_index_type), sample_index("main-1"), "main-1");
  const auto retag = [&] {
    Network network;
    Context context;
    return outcome_of(
        open_registry(must(ImageRepo::parse(twin.repository())), network)->retag(context, "main-1", "v1"));
  };
  for (const bool before : {true, false}) {
    int request = 1;
    while (killed_at(twin, request, before, retag) == "killed") {
      CAPTURE(request);
      const std::string again = retag();
      CHECK((again == "created" || again == "already"));
      CHECK(twin.tag("v1") == digest);
      twin.remove_tag("v1");
      ++request;
    }
    CHECK(request == 6);
    twin.remove_tag("v1");
  }
}

TEST_CASE("a release that is killed at any request to the registry is completed by running it again") {
  ReleaseWorld world;
  must(world.release(world.second));
  const std::string values = world.values();
  const std::string commits = world.commits();
  for (const bool before : {true, false}) {
    for (int request = 1;; ++request) {
      CAPTURE(request);
      world.begin();
      const std::string outcome =
          killed_at(world.twin, request, before, [&] { return code_of(world.release(world.second)); });
      if (outcome != "killed") {
        CHECK(outcome == "none");
        CHECK(request > 4);
        break;
      }
      const auto receipt = must(world.release(world.second));
      CHECK(receipt.images.front().digest.str() == world.twin.tag("v1.0.0"));
      CHECK(world.git_tag() == world.second);
      CHECK(world.values() == values);
      CHECK(world.commits() == commits);
    }
  }
}
