#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "support/pipeline_world.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

enum class Damage { removed, emptied, garbled };

std::vector<std::string> objects_of(const GitRepository& git) {
  std::istringstream lines(git.git("cat-file --batch-all-objects --batch-check='%(objectname)'"));
  std::vector<std::string> ids;
  for (std::string id; std::getline(lines, id);) ids.push_back(id);
  return ids;
}

void damage(const GitRepository& git, const std::string& id, Damage how) {
  const fs::path file = git.folder() / "objects" / id.substr(0, 2) / id.substr(2);
  fs::permissions(file, fs::perms::owner_all);
  if (how == Damage::removed) fs::remove(file);
  if (how == Damage::emptied) fs::resize_file(file, 0);
  if (how != Damage::garbled) return;
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  bytes.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
  bytes << "garbled";
}

/// A release from a repository one of whose objects is not what it was: it is done, or refused and says which object
/// and what to do; the branch is where it was, or at a commit that is whole.
void check_release(const PipelineWorld& world, const GitRepository& git, const std::string& id) {
  const std::string tip = world.gitops().git("rev-parse main");
  const auto released = world.client()->release({.version = "1.0.0"});
  if (released) {
    CHECK(world.tag_in("prod") == "v1.0.0");
    return;
  }
  const std::string said = text_of(released.error());
  CAPTURE(said);
  CHECK(code_of(released) == "bad_answer");
  CHECK(said.find(id) != std::string::npos);
  CHECK(said.find(git.location()) != std::string::npos);
  // Evidence that cannot be read is a verdict of its gate, whose hint is to look at that.
  const bool is_of_gate = said.find("gate 'preprod-tests' is error") != std::string::npos;
  CHECK(said.find(is_of_gate ? "gate show" : "fsck --full") != std::string::npos);
  CHECK(world.gitops().git("rev-parse main") == tip);
}

}  // namespace

TEST_CASE("each object of both repositories may be missing or corrupt") {
  PipelineWorld base;
  base.make_releasable();
  for (const bool of_gitops : {true, false}) {
    for (const std::string& id : objects_of(of_gitops ? base.gitops() : base.source())) {
      for (const Damage how : {Damage::removed, Damage::emptied, Damage::garbled}) {
        CAPTURE(of_gitops);
        CAPTURE(id);
        CAPTURE(static_cast<int>(how));
        const PipelineWorld world(base);
        const GitRepository& git = of_gitops ? world.gitops() : world.source();
        damage(git, id, how);
        check_release(world, git, id);
      }
    }
  }
}

TEST_CASE("a pack that is cut off, garbled or without its index is told") {
  PipelineWorld base;
  const CommitId commit = base.merge_and_build();
  base.gitops().git("repack -a -d --quiet");
  for (const std::string_view what : {"cut", "garbled", "no index", "garbled index"}) {
    CAPTURE(what);
    const PipelineWorld world(base);
    for (const auto& entry : fs::directory_iterator(world.gitops().folder() / "objects/pack")) {
      const bool is_pack = entry.path().extension() == ".pack";
      const bool is_index = entry.path().extension() == ".idx";
      fs::permissions(entry.path(), fs::perms::owner_all);
      if (is_pack && what == "cut") fs::resize_file(entry.path(), 40);
      if (is_index && what == "no index") fs::remove(entry.path());
      if ((is_pack && what == "garbled") || (is_index && what == "garbled index")) {
        std::fstream bytes(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
        bytes.seekp(12);
        bytes << std::string(fs::file_size(entry.path()) - 12, 'x');
      }
    }
    const auto refused = world.client()->promote({.environment = "preprod", .sha = commit.str()});
    REQUIRE(code_of(refused) == "bad_answer");
    CHECK(refused.error().hint.find("fsck --full") != std::string::npos);
  }
}

}  // namespace samebits::test
