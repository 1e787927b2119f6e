#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "support/child.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

struct Repository {
  TempFolder folder;
  GitRepository git = GitRepository::bare(folder.path() / "gitops.git");
  Context context;
  CommitId tip = must(write({}, "1"));
  fs::path lock = git.folder() / "refs/heads/main.lock";
  fs::path note = git.folder() / "samebits-lock";

  Result<CommitId> write(std::optional<CommitId> expected, std::string bytes) {
    return open_local_gitops(git.location(), "main")
        ->commit(context, {.expected_tip = std::move(expected),
                           .changes = {{.path = path("file"), .bytes = std::move(bytes)}},
                           .message = "Change",
                           .author = {},
                           .time = system_clock().now()});
  }
  static void put(const fs::path& file, std::string_view bytes) { std::ofstream(file) << bytes; }
};

}  // namespace

TEST_CASE("the lock file of a killed holder does not stop the next one") {
  Repository at;
  Repository::put(at.lock, at.tip.str() + "\n");
  Repository::put(at.note, "refs/heads/main");
  CHECK(code_of(at.write(at.tip, "2")) == "none");
  CHECK(!fs::exists(at.lock));
  CHECK(!fs::exists(at.note));
  CHECK(at.git.fsck().empty());
}

TEST_CASE("a killed holder's lock file goes also where the next one only looks") {
  Repository at;
  Repository::put(at.lock, "");
  Repository::put(at.note, "refs/heads/main");
  must(open_local_source(at.git.location())->branch_tip(at.context, ""));
  CHECK(!fs::exists(at.lock));
  CHECK(!fs::exists(at.note));
}

TEST_CASE("a lock file of another git is not touched") {
  Repository at;
  Repository::put(at.lock, "");
  SUBCASE("without a note") {}
  SUBCASE("with a note about another reference") { Repository::put(at.note, "refs/heads/other"); }
  SUBCASE("with a note cut short by the kill") { Repository::put(at.note, ""); }
  CHECK(code_of(at.write(at.tip, "2")) == "unreachable");
  CHECK(fs::exists(at.lock));
}

TEST_CASE("a lock file that is written while it is looked at is alive") {
  Repository at;
  Repository::put(at.lock, "");
  Repository::put(at.note, "refs/heads/main");
  const auto said = in_children(2, [&](int process) -> std::string {
    if (process == 0) return code_of(at.write(at.tip, "2"));
    // Another git takes and leaves the lock again and again, longer than a dead one is looked at.
    Context context;
    for (int turn = 0; turn < 300; ++turn) {
      Repository::put(at.lock, std::to_string(turn));
      must(system_clock().pause(context, std::chrono::milliseconds(5)));
    }
    return "alive";
  });
  CHECK(said == std::vector<std::string>{"unreachable", "alive"});
  CHECK(fs::exists(at.lock));
}

TEST_CASE("a note cannot name a file outside the references") {
  Repository at;
  const fs::path precious = at.folder.path() / "precious.lock";
  Repository::put(precious, "mine");
  for (const char* name : {"refs/../../precious", "../precious", "/precious", "config"}) {
    Repository::put(at.note, name);
    must(open_local_source(at.git.location())->branch_tip(at.context, ""));
  }
  CHECK(fs::exists(precious));
  CHECK(fs::exists(at.git.folder() / "config"));
}

TEST_CASE("a repository with alternates is written to itself") {
  Repository at;
  at.git.git("clone --quiet --bare --shared . ../shared.git");
  const GitRepository shared = GitRepository::at(at.folder.path() / "shared.git");
  const auto gitops = open_local_gitops(shared.location(), "main");
  must(gitops->commit(at.context, {.expected_tip = at.tip,
                                   .changes = {{.path = path("file"), .bytes = "2"}},
                                   .message = "Change",
                                   .author = {},
                                   .time = system_clock().now()}));
  CHECK(shared.fsck().empty());
  CHECK(at.git.git("rev-parse main") == at.tip.str());
}

}  // namespace samebits::test
