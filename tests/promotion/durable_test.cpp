#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "support/cli.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

/// Follows what a command flushed and named, and complains where a crash at that moment would lose something.
class FlushOrder {
 public:
  void flushed(const fs::path& path) {
    ++flushes_[path];
    unflushed_folders_.erase(path);
  }

  void named(const fs::path& from, const fs::path& to) {
    CAPTURE(to.string());
    // The bytes are on the disk before anybody can find them by their name, and were waited for once.
    CHECK(flushes_[from] == 1);
    const std::string text = to.string();
    if (const auto objects = text.find("/objects/"); objects != std::string::npos) {
      ++objects_;
      unflushed_folders_.insert(to.parent_path());
      unflushed_folders_.insert(text.substr(0, objects + std::string_view("/objects").size()));
    } else if (text.find("/refs/") != std::string::npos) {
      ++references_;
      CHECK_MESSAGE(unflushed_folders_.empty(), "a reference moves before the objects that it names are durable");
      unflushed_references_.insert(to.parent_path());
    }
  }

  void ended(int least_objects) const {
    CHECK(objects_ >= least_objects);
    CHECK(references_ > 0);
    for (const fs::path& folder : unflushed_references_) CHECK(flushes_.contains(folder));
  }

 private:
  std::map<fs::path, int> flushes_;
  std::set<fs::path> unflushed_folders_;
  std::set<fs::path> unflushed_references_;
  int objects_ = 0;
  int references_ = 0;
};

void check_order(const PipelineWorld& world, const std::string& command, int least_objects) {
  const Fault noted{.kind = "note"};
  const CliRun run = run_cli(world, command, &noted);
  CAPTURE(run.said);
  REQUIRE(run.status == 0);
  std::ifstream log(world.root() / "flushes.log");
  FlushOrder order;
  for (std::string line; std::getline(log, line);) {
    std::istringstream words(line);
    std::string what;
    std::string path;
    std::string other;
    words >> what >> path >> other;
    if (what == "flushed")
      order.flushed(fs::path(path).lexically_normal());
    else
      order.named(fs::path(path).lexically_normal(), fs::path(other).lexically_normal());
  }
  order.ended(least_objects);
}

}  // namespace

TEST_CASE("what a promotion writes is durable before the branch names it") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  check_order(world, "promote preprod --sha " + commit.str(), 8);
}

TEST_CASE("what a release writes is durable before a tag or the branch names it") {
  PipelineWorld world;
  world.make_releasable();
  check_order(world, "release 1.0.0", 12);
}

}  // namespace samebits::test
