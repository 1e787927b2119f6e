#include <filesystem>

#include <doctest/doctest.h>

#include "support/cli.hpp"

namespace samebits::test {
namespace {

/// Nothing that a killed process held holds up anybody.
void check_no_lock_is_left(const PipelineWorld& world) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.root())) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".lock") || name == "samebits-lock") FAIL_CHECK("left: " << entry.path().string());
  }
}

/// Kills the command after each of its writes, one after the other, and runs it again: what comes out is what an
/// undisturbed run gives. Ends with the first run that no kill stops. Gives the number of writes.
int kill_after_every_write(const PipelineWorld& base, const std::string& command) {
  const PipelineWorld undisturbed(base);
  REQUIRE(run_cli(undisturbed, command).status == 0);
  const std::string wanted = undisturbed.outcome();
  for (int at = 1;; ++at) {
    CAPTURE(at);
    const PipelineWorld world(base);
    const Fault fault{.kind = "kill", .at = at};
    const CliRun disturbed = run_cli(world, command, &fault);
    if (disturbed.was_killed()) {
      const CliRun again = run_cli(world, command);
      CAPTURE(again.said);
      REQUIRE(again.status == 0);
    } else {
      CAPTURE(disturbed.said);
      REQUIRE(disturbed.status == 0);
    }
    REQUIRE(world.outcome() == wanted);
    CHECK(world.fsck().empty());
    check_no_lock_is_left(world);
    if (!disturbed.was_killed()) return at - 1;
  }
}

}  // namespace

TEST_CASE("a release that is killed after any of its writes is completed by the next run") {
  PipelineWorld world;
  world.make_releasable();
  CHECK(kill_after_every_write(world, "release 1.0.0") > 25);
}

TEST_CASE("a promotion that is killed after any of its writes is completed by the next run") {
  PipelineWorld world;
  world.make_releasable();
  const CommitId next = world.merge_and_build();
  CHECK(kill_after_every_write(world, "promote preprod --sha " + next.str()) > 12);
}

TEST_CASE("a preview that is killed after any of its writes is completed by the next run") {
  PipelineWorld world;
  const CommitId head = world.push_branch("feature");
  world.build("pr-42-" + head.str(), "one");
  const std::string up = "preview up --pr 42 --sha " + head.str();
  CHECK(kill_after_every_write(world, up) > 12);
  REQUIRE(run_cli(world, up).status == 0);
  CHECK(kill_after_every_write(world, "preview down --pr 42") > 6);
}

TEST_CASE("a rollback that is killed after any of its writes is completed by the next run") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  CHECK(kill_after_every_write(world, "rollback production --to v1.0.0") > 12);
}

TEST_CASE("evidence whose post is killed after any of its writes is recorded once by the next run") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  CHECK(kill_after_every_write(world, "gate post --gate preprod-tests --conclusion success --sha " + commit.str()) >
        10);
}

}  // namespace samebits::test
