#include <doctest/doctest.h>

#include "support/cli.hpp"

namespace samebits::test {
namespace {

/// Lets the machine fail from each of the command's writes on, then run it again on a healthy one.
void fail_at_every_write(const PipelineWorld& base, const std::string& command, const std::string& kind,
                         const std::string& reason) {
  const PipelineWorld undisturbed(base);
  REQUIRE(run_cli(undisturbed, command).status == 0);
  const std::string wanted = undisturbed.outcome();
  for (int at = 1;; ++at) {
    CAPTURE(at);
    const PipelineWorld world(base);
    const Fault fault{.kind = kind, .at = at};
    const CliRun disturbed = run_cli(world, command, &fault);
    CAPTURE(disturbed.said);
    if (disturbed.status != 0) {
      CHECK(disturbed.status == 1);
      CHECK(disturbed.code() == "internal");
      CHECK(disturbed.said.find(reason) != std::string::npos);
      CHECK(disturbed.said.find("\"hint\":\"") != std::string::npos);
      CHECK(world.gitops().fsck().empty());
    }
    REQUIRE(run_cli(world, command).status == 0);
    REQUIRE(world.outcome() == wanted);
    CHECK(world.fsck().empty());
    if (disturbed.status == 0) return;
  }
}

}  // namespace

TEST_CASE("a release on a disk that is full from any write on says so, and the next run completes it") {
  PipelineWorld world;
  world.make_releasable();
  fail_at_every_write(world, "release 1.0.0", "full", "No space left on device");
}

TEST_CASE("a promotion on a disk that becomes read-only at any write says so, and the next run completes it") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  fail_at_every_write(world, "promote preprod --sha " + commit.str(), "read-only", "Read-only file system");
}

TEST_CASE("on a read-only disk nothing is written and everything can be read") {
  PipelineWorld world;
  world.make_releasable();
  const std::string before = world.fingerprint();
  const Fault fault{.kind = "read-only", .at = 1};
  for (const char* command : {"release 1.0.0", "preview down --pr 1", "rollback production --to v1.0.0"}) {
    CAPTURE(command);
    const CliRun run = run_cli(world, command, &fault);
    CAPTURE(run.said);
    CHECK(world.fingerprint() == before);
  }
  for (const char* command : {"status", "history preprod", "check --all", "preview list", "release 1.0.0 --dry-run"}) {
    CAPTURE(command);
    const CliRun run = run_cli(world, command, &fault);
    CAPTURE(run.said);
    CHECK(run.status == 0);
  }
}

}  // namespace samebits::test
