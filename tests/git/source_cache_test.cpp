#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "contracts/source_contract.hpp"
#include "servers/git_http_server.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/remote_git.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

/// A source repository behind a server, and a folder that processes share. Each `ask` is what a process of its own
/// does.
struct SourceWorld {
  TempFolder folder;
  GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  GitHttpServer server{folder.path()};
  fs::path cache = folder.path() / "cache";
  Context context;
  std::string like = "open";
  int number = 0;

  CommitId commit(const std::string& branch, const std::optional<CommitId>& parent, unsigned noise = 0) {
    const std::string tree = repository.git("hash-object -t tree -w /dev/null");
    std::ofstream message(folder.path() / "message");
    message << "Commit " << ++number << "\n";
    // No two commits have the same, so that it cannot be sent as a difference.
    for (unsigned word = 1; word <= noise; ++word)
      message << (static_cast<unsigned>(number) * 977U + word) * 2654435761U << "\n";
    message.close();
    const std::string id = repository.git("commit-tree " + tree + (parent ? " -p " + parent->str() : "") + " -F " +
                                          (folder.path() / "message").string());
    repository.git("update-ref refs/heads/" + branch + " " + id);
    return commit_id(id);
  }
  std::vector<CommitId> commits(int count, unsigned noise = 0) {
    std::vector<CommitId> made{commit("main", {}, noise)};
    while (static_cast<int>(made.size()) < count) made.push_back(commit("main", made.back(), noise));
    return made;
  }

  struct Said {
    std::optional<Ancestry> ancestry;
    std::size_t requests = 0;
    bool operator==(const Said&) const = default;
  };
  Said ask(const CommitId& left, const CommitId& right) {
    RemoteGit remote(server.url(like, "source.git"));
    const auto source = open_remote_source(remote.transport(), {.cache = cache.string(), .signing = {}});
    const auto ancestry = must(source->ancestry(context, left, right));
    return {.ancestry = ancestry, .requests = remote.http.count()};
  }
  /// The one file that is kept.
  fs::path file() const { return fs::directory_iterator(cache / "git")->path(); }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

using Said = SourceWorld::Said;

void keep_contract(std::string_view like) {
  SourceWorld world;
  RemoteGit remote(world.server.url(like, "source.git"));
  SourceContract(
      {.open = [&] { return open_remote_source(remote.transport(), {.cache = world.cache.string(), .signing = {}}); },
       .commit = [&](const std::string& branch,
                     const std::optional<CommitId>& parent) { return world.commit(branch, parent); }})
      .run();
}

}  // namespace

TEST_CASE("how two commits lie to each other is asked once for all processes") {
  for (const char* like : {"open", "plain"}) {
    SourceWorld world;
    world.like = like;
    const auto main = world.commits(5);
    CHECK(world.ask(main[1], main[4]) == Said{Ancestry::ancestor, 1});
    CHECK(world.ask(main[1], main[4]) == Said{Ancestry::ancestor, 0});
    CHECK(world.ask(main[4], main[4]) == Said{Ancestry::same, 0});
    CHECK(world.ask(main[2], main[3]) == Said{Ancestry::ancestor, 0});
    CHECK(world.ask(main[0], main[0]) == Said{Ancestry::same, 1});
    CHECK(world.ask(main[0], main[0]) == Said{Ancestry::same, 0});
    CHECK(world.ask(main[4], main[1]) == Said{Ancestry::descendant, 1});
    const CommitId next = world.commit("main", main[4]);
    CHECK(world.ask(main[4], next) == Said{Ancestry::ancestor, 1});
    CHECK(world.ask(main[1], next) == Said{Ancestry::ancestor, 0});
  }
}

TEST_CASE("where the branch is, is asked each time") {
  SourceWorld world;
  const auto main = world.commits(3);
  for (int turn = 0; turn < 2; ++turn) {
    RemoteGit remote(world.server.url("open", "source.git"));
    const auto source = open_remote_source(remote.transport(), {.cache = world.cache.string(), .signing = {}});
    const auto tip = must(source->branch_tip(world.context, "main"));
    CHECK(must(source->ancestry(world.context, main[1], *tip)) == Ancestry::ancestor);
    CHECK(remote.http.count() == (turn == 0 ? 2 : 1));
  }
}

TEST_CASE("a server without filters is asked each time, and says the same") {
  SourceWorld world;
  world.like = "bare";
  const auto main = world.commits(3);
  const CommitId side = world.commit("side", main[0]);
  for (int turn = 0; turn < 2; ++turn) {
    CHECK(world.ask(main[1], main[2]).ancestry == Ancestry::ancestor);
    CHECK(world.ask(side, main[2]).ancestry == Ancestry::diverged);
  }
}

TEST_CASE("commits that lie apart are never taken for related, and what was thrown away is seen") {
  SourceWorld world;
  const auto main = world.commits(3);
  CHECK(world.ask(main[2], main[2]).ancestry == Ancestry::same);
  CHECK(world.ask(main[0], main[2]).ancestry == Ancestry::ancestor);
  const CommitId other = world.commit("main", main[0]);
  CHECK(world.ask(main[2], other).ancestry == Ancestry::diverged);
  CHECK(world.ask(main[2], other).ancestry == Ancestry::diverged);
  CHECK(world.ask(main[0], other) == Said{Ancestry::ancestor, 1});
  CHECK(world.ask(main[0], other) == Said{Ancestry::ancestor, 0});
  CHECK(!world.ask(commit_id(std::string(40, 'a')), other).ancestry);
  CHECK(!world.ask(other, commit_id(std::string(40, 'a'))).ancestry);
}

TEST_CASE("a history that is long is not fetched whole, and what is asked is answered") {
  SourceWorld world;
  const auto main = world.commits(40, 2000);
  CHECK(world.ask(main.front(), main.back()) == Said{Ancestry::ancestor, 2});
  CHECK(world.ask(main.back(), main.front()).ancestry == Ancestry::descendant);
}

TEST_CASE("a damaged cache of commits is removed, and costs what none costs") {
  SourceWorld world;
  const auto main = world.commits(4);
  const Said first{Ancestry::ancestor, 1};
  CHECK(world.ask(main[1], main[3]) == first);
  const fs::path file = world.file();
  const std::string whole = bytes_of(file);
  std::vector<std::string> damaged{"", "x", whole.substr(0, whole.size() / 2), whole + "x",
                                   whole.substr(0, whole.find('\n') + 1)};
  for (const std::size_t at : {std::size_t{3}, std::size_t{30}, whole.size() / 2, whole.size() - 1}) {
    damaged.push_back(whole);
    damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 1);
  }
  for (const std::string& bytes : damaged) {
    CAPTURE(bytes.size());
    write(file, bytes);
    CHECK(world.ask(main[1], main[3]) == first);
    CHECK(bytes_of(file) == whole);
  }
  fs::remove_all(world.cache);
  write(world.cache, "no folder");
  CHECK(world.ask(main[1], main[3]) == first);
  CHECK(bytes_of(world.cache) == "no folder");
}

TEST_CASE("a cache of commits that somebody else filled proves nothing that is not true") {
  SourceWorld world;
  const auto main = world.commits(3);
  CHECK(world.ask(main[1], main[2]).ancestry == Ancestry::ancestor);
  SourceWorld other;
  other.number = 100;
  const auto evil = other.commits(3);
  CHECK(other.ask(evil[0], evil[2]).ancestry == Ancestry::ancestor);
  write(world.file(), bytes_of(other.file()));
  CHECK(!world.ask(evil[1], main[2]).ancestry);
  CHECK(!world.ask(main[0], evil[2]).ancestry);
  write(world.file(), bytes_of(other.file()));
  CHECK(world.ask(main[1], main[2]) == Said{Ancestry::ancestor, 1});
}

TEST_CASE("the cache of commits is its owner's alone") {
  SourceWorld world;
  const auto main = world.commits(3);
  world.ask(main[0], main[2]);
  for (const auto& entry : fs::recursive_directory_iterator(world.cache)) {
    const auto rights = fs::status(entry.path()).permissions() & (fs::perms::group_all | fs::perms::others_all);
    CHECK(rights == fs::perms::none);
    CHECK(entry.path().string().find("source") == std::string::npos);
  }
}

TEST_CASE("a source with a cache keeps the contract of Source") { keep_contract("open"); }
TEST_CASE("a source with a cache at a server without filters keeps the contract of Source") { keep_contract("bare"); }

}  // namespace samebits::test
