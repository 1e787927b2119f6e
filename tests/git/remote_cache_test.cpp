#include <algorithm>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "support/child.hpp"
#include "support/must.hpp"
#include "support/remote_git.hpp"
#include "support/remote_world.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

/// Each `gitops` is what a process of its own would have.
struct CachedWorld : RemoteWorld {
  fs::path cache = folder.path() / "cache";

  std::unique_ptr<GitOps> gitops(RemoteGit& remote, std::string_view branch = "main") const {
    return open_remote_gitops(remote.transport(), branch, {.cache = cache.string(), .signing = {}});
  }
  /// The one file that is kept.
  fs::path file() const {
    for (const auto& entry : fs::directory_iterator(cache / "git"))
      if (entry.path().extension() != ".lock") return entry.path();
    return {};
  }
};

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

const std::vector<RepoPath>& files() {
  static const std::vector<RepoPath> paths{path("values/prod/s7.yaml"), path("values/dev/s7.yaml"),
                                           path(".samebits/prod/s7.json"), path(".samebits/dev/s7.json")};
  return paths;
}

/// Reads what a promotion of two environments reads, and commits it.
std::string promote(CachedWorld& world, GitOps& gitops, const CommitId& tip, const std::string& tag) {
  if (auto file = gitops.read(world.context, tip, path("samebits.yaml")); !file) return code_of(file);
  if (auto fetched = gitops.prefetch(world.context, tip, files()); !fetched) return code_of(fetched);
  NewCommit commit = world.change(tip, files().front().str(), "");
  commit.changes.clear();
  for (const RepoPath& file : files()) {
    if (auto read = gitops.read(world.context, tip, file); !read) return code_of(read);
    commit.changes.push_back({.path = file, .bytes = "tag: " + tag + "\n"});
  }
  return code_of(gitops.commit(world.context, commit));
}

std::size_t requests_of_promotion(CachedWorld& world, const std::string& tag, std::string_view branch = "main") {
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote, branch);
  CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), tag) == "none");
  return remote.http.count();
}

}  // namespace

TEST_CASE("a promotion by the next process takes two requests, and one where it begins at the tip that was seen") {
  CachedWorld world;
  CHECK(requests_of_promotion(world, "v2") == 4);
  CHECK(requests_of_promotion(world, "v3") == 2);
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote);
  const auto seen = gitops->remembered_tip(world.context);
  REQUIRE(seen);
  CHECK(promote(world, *gitops, *seen, "v4") == "none");
  CHECK(remote.http.count() == 1);
  CHECK(world.repository.git("show main:values/dev/s7.yaml") == "tag: v4");
  CHECK(world.repository.git("rev-list --count main") == "4");
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("what is based on a tip that has moved is refused, and the next try is at the new one") {
  CachedWorld world;
  requests_of_promotion(world, "v2");
  const CommitId before = commit_id(world.repository.git("rev-parse main"));
  RemoteGit other(world.server.url("open", "gitops.git"));
  must(other.gitops()->commit(world.context, world.change(before, "values/prod/s9.yaml", "tag: v9\n")));
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote);
  CHECK(gitops->remembered_tip(world.context) == before);
  CHECK(promote(world, *gitops, before, "v3") == "lost_race");
  const CommitId now = *must(gitops->tip(world.context));
  CHECK(now.str() == world.repository.git("rev-parse main"));
  CHECK(promote(world, *gitops, now, "v3") == "none");
  CHECK(world.repository.git("show main:values/prod/s9.yaml") == "tag: v9");
  CHECK(world.repository.git("rev-list --count main") == "4");
}

TEST_CASE("where others moved the branch it is asked for, until they rest") {
  CachedWorld world;
  requests_of_promotion(world, "v2");
  const CommitId before = commit_id(world.repository.git("rev-parse main"));
  RemoteGit other(world.server.url("open", "gitops.git"));
  must(other.gitops()->commit(world.context, world.change(before, "values/prod/s9.yaml", "tag: v9\n")));
  const auto begins_at_once = [&] {
    RemoteGit remote(world.server.url("open", "gitops.git"));
    const auto gitops = world.gitops(remote);
    const bool begins = gitops->remembered_tip(world.context).has_value();
    must(gitops->read(world.context, *must(gitops->tip(world.context)), path("samebits.yaml")));
    return begins;
  };
  CHECK(begins_at_once());
  CHECK_FALSE(begins_at_once());
  CHECK(begins_at_once());
}

TEST_CASE("a tip whose history was thrown away is refused too") {
  CachedWorld world;
  requests_of_promotion(world, "v2");
  world.repository.git("update-ref refs/heads/main main~1");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote);
  const auto seen = gitops->remembered_tip(world.context);
  REQUIRE(seen);
  CHECK(promote(world, *gitops, *seen, "v3") == "lost_race");
  CHECK(world.repository.git("rev-list --count main") == "1");
}

TEST_CASE("the HEAD branch is asked for: it may be another one now") {
  CachedWorld world;
  CHECK(requests_of_promotion(world, "v2", "") == 4);
  CHECK(requests_of_promotion(world, "v3", "") == 2);
  world.repository.git("branch trunk main");
  world.repository.git("symbolic-ref HEAD refs/heads/trunk");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote, "");
  CHECK(!gitops->remembered_tip(world.context));
  CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), "v4") == "none");
  CHECK(world.repository.git("show trunk:values/dev/s7.yaml") == "tag: v4");
  CHECK(world.repository.git("show main:values/dev/s7.yaml") == "tag: v3");
}

TEST_CASE("what a server offers is kept too") {
  for (const auto& [like, requests] : {std::pair("plain", 2), std::pair("bare", 2)}) {
    CachedWorld world;
    for (const int expected : {100, requests}) {
      RemoteGit remote(world.server.url(like, "gitops.git"));
      const auto gitops = world.gitops(remote);
      CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), std::to_string(expected)) == "none");
      CHECK(remote.http.count() <= static_cast<std::size_t>(expected));
    }
    const CommitId tip = commit_id(world.repository.git("rev-parse main"));
    RemoteGit other(world.server.url("open", "gitops.git"));
    must(other.gitops()->commit(world.context, world.change(tip, "values/prod/s9.yaml", "tag: v9\n")));
    RemoteGit remote(world.server.url(like, "gitops.git"));
    const auto gitops = world.gitops(remote);
    must(gitops->read(world.context, *must(gitops->tip(world.context)), path("values/prod/s9.yaml")));
    CHECK(std::none_of(remote.http.lines.begin(), remote.http.lines.end(),
                       [](const std::string& line) { return line.find("info/refs") != std::string::npos; }));
  }
}

TEST_CASE("a cache that is damaged anywhere is removed and the promotion costs what a first one costs") {
  CachedWorld world;
  requests_of_promotion(world, "v2");
  const fs::path file = world.file();
  const std::string whole = bytes_of(file);
  const std::string other = whole.substr(0, whole.find('\n'));
  std::vector<std::string> damaged{"", "x", whole.substr(0, whole.size() / 2), whole + "x", other + "\n"};
  for (const std::size_t at : {std::size_t{3}, std::size_t{30}, whole.size() / 3, whole.size() / 2, whole.size() - 1}) {
    damaged.push_back(whole);
    damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 1);
  }
  for (const std::string& bytes : damaged) {
    CAPTURE(bytes.size());
    write(file, bytes);
    RemoteGit remote(world.server.url("open", "gitops.git"));
    CHECK(!world.gitops(remote)->remembered_tip(world.context));
    CHECK(!fs::exists(file));
    CHECK(requests_of_promotion(world, "v" + std::to_string(bytes.size())) == 4);
    CHECK(fs::exists(file));
  }
}

TEST_CASE("a cache of another branch or repository is not taken for ours") {
  CachedWorld world;
  requests_of_promotion(world, "v2");
  const std::string main = bytes_of(world.file());
  fs::remove(world.file());
  world.repository.git("branch other main~1");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  must(world.gitops(remote, "other")->tip(world.context));
  requests_of_promotion(world, "v3");
  for (const auto& entry : fs::directory_iterator(world.cache / "git")) write(entry.path(), main);
  CHECK(!world.gitops(remote, "other")->remembered_tip(world.context));
}

TEST_CASE("a cache that is deleted, or a folder that cannot be written, changes nothing") {
  CachedWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = world.gitops(remote);
  CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), "v2") == "none");
  fs::remove_all(world.cache);
  const auto turn = gitops->take_turn(world.context);
  fs::remove_all(world.cache);
  CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), "v3") == "none");
  CHECK(fs::exists(world.file()));
  fs::remove_all(world.cache);
  write(world.cache, "no folder");
  CHECK(gitops->take_turn(world.context) == nullptr);
  CHECK(promote(world, *gitops, *must(gitops->tip(world.context)), "v4") == "none");
  CHECK(requests_of_promotion(world, "v5") == 4);
  CHECK(bytes_of(world.cache) == "no folder");
  CHECK(world.repository.git("rev-list --count main") == "5");
}

TEST_CASE("the cache is its owner's alone and holds no credential, in its names neither") {
  CachedWorld world;
  RemoteGit remote(world.server.url("auth", "gitops.git"));
  remote.url.replace(remote.url.find("localhost"), 0, "ada@");
  remote.credentials = FixedCredentials("ada", "secret-of-ada");
  CHECK(promote(world, *world.gitops(remote), commit_id(world.repository.git("rev-parse main")), "v2") == "none");
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(world.folder.path() / "cache")) {
    CHECK(entry.path().string().find("ada@") == std::string::npos);
    const auto rights = fs::status(entry.path()).permissions() & (fs::perms::group_all | fs::perms::others_all);
    CHECK(rights == fs::perms::none);
    if (!entry.is_regular_file()) continue;
    ++seen;
    for (const char* secret : {"secret-of-ada", "YWRhOnNlY3JldC1vZi1hZGE"})
      CHECK(bytes_of(entry.path()).find(secret) == std::string::npos);
  }
  CHECK(seen == 1);
}

TEST_CASE("processes that share a cache lose nothing, also where it is deleted and damaged meanwhile") {
  CachedWorld world;
  constexpr int processes = 6;
  constexpr int each = 5;
  const std::string url = world.server.url("open", "gitops.git");
  const auto said = in_children(processes, [&](int process) -> std::string {
    Context context;
    for (int number = 0; number < each;) {
      RemoteGit remote(url);
      const auto gitops = world.gitops(remote);
      const auto turn = number % 2 == 0 ? gitops->take_turn(context) : nullptr;
      auto tip = gitops->remembered_tip(context);
      if (!tip || number % 3 == 2) {
        const auto asked = gitops->tip(context);
        if (!asked || !*asked) return "no tip";
        tip = *asked;
      }
      const auto file = gitops->read(context, *tip, path("samebits.yaml"));
      if (!file || !*file) return "no file";
      const std::string line = std::to_string(process) + "-" + std::to_string(number) + "\n";
      const auto made = gitops->commit(context, world.change(*tip, "samebits.yaml", (*file)->bytes + line));
      if (made) ++number;
      if (!made && made.error().code != ErrorCode::lost_race) return text_of(made.error());
      // A tip that is not there any more is not tried again and again.
      if (const auto now = gitops->tip(context); !made && now && *now)
        static_cast<void>(gitops->read(context, **now, path("samebits.yaml")));
      std::error_code ignored;
      if (process == 0) fs::remove_all(world.cache, ignored);
      if (process == 1)
        for (const auto& entry : fs::directory_iterator(world.cache / "git", ignored)) write(entry.path(), "damaged");
    }
    return "done";
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(world.repository.git("show main:samebits.yaml | grep -c -- -") == std::to_string(processes * each));
  CHECK(world.repository.git("rev-list --count main") == std::to_string(processes * each + 1));
  CHECK(world.repository.git("rev-list --count --min-parents=2 main") == "0");
  CHECK(world.repository.fsck().empty());
}

}  // namespace samebits::test
