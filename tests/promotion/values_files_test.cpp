#include <fstream>
#include <iterator>
#include <vector>

#include <doctest/doctest.h>

#include "support/cli.hpp"

namespace samebits::test {
namespace {

const std::vector<std::string> names = {"one.yaml", "two.yaml", "three.yaml"};
const std::string old_bytes = "image:\n  tag: v1 # kept\n";
const std::string new_bytes = "image:\n  tag: v2 # kept\n";

std::string command_of(const PipelineWorld& world) {
  const std::string folder = world.root().string() + "/";
  return "values set " + folder + "one.yaml image.tag=v2 --file " + folder + "two.yaml --file " + folder + "three.yaml";
}

void write_files(const PipelineWorld& world) {
  for (const std::string& name : names) std::ofstream(world.root() / name, std::ios::trunc) << old_bytes;
}

std::vector<std::string> read_files(const PipelineWorld& world) {
  std::vector<std::string> found;
  for (const std::string& name : names) {
    std::ifstream stream(world.root() / name, std::ios::binary);
    found.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return found;
}

const std::vector<std::string> all_old(names.size(), old_bytes);
const std::vector<std::string> all_new(names.size(), new_bytes);

}  // namespace

TEST_CASE(
    "values set on several files is killed after any of its writes: each file is old or new, and a rerun ends it") {
  const PipelineWorld world;
  const std::string command = command_of(world);
  for (int at = 1;; ++at) {
    CAPTURE(at);
    write_files(world);
    const Fault fault{.kind = "kill", .at = at};
    const CliRun run = run_cli(world, command, &fault);
    for (const std::string& bytes : read_files(world)) CHECK((bytes == old_bytes || bytes == new_bytes));
    if (!run.was_killed()) {
      CHECK(run.status == 0);
      CHECK(read_files(world) == all_new);
      CHECK(at > 9);
      return;
    }
    REQUIRE(run_cli(world, command).status == 0);
    CHECK(read_files(world) == all_new);
  }
}

TEST_CASE("values set on several files whose disk fails at any write changes all files or none") {
  for (const std::string kind : {"full", "read-only"}) {
    const PipelineWorld world;
    const std::string command = command_of(world);
    for (int at = 1;; ++at) {
      CAPTURE(kind);
      CAPTURE(at);
      write_files(world);
      const Fault fault{.kind = kind, .at = at};
      const CliRun run = run_cli(world, command, &fault);
      CAPTURE(run.said);
      if (run.status == 0) {
        CHECK(read_files(world) == all_new);
        break;
      }
      REQUIRE(run.code() == "internal");
      const bool says_what_is_left = run.said.find("cannot be changed back") != std::string::npos;
      CHECK((read_files(world) == all_old || (kind == "read-only" && says_what_is_left)));
    }
  }
}

}  // namespace samebits::test
