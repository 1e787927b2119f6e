#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "support/child.hpp"
#include "support/git_repository.hpp"
#include "support/libgit2_leaks.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

NewCommit change(std::optional<CommitId> tip, std::string bytes) {
  return {.expected_tip = std::move(tip),
          .changes = {{.path = path("values/api.yaml"), .bytes = std::move(bytes)}},
          .message = "Change",
          .author = {},
          .time = system_clock().now()};
}

struct Repository {
  TempFolder folder;
  GitRepository git = GitRepository::bare(folder.path() / "gitops.git");
  Context context;
  CommitId tip = must(open()->commit(context, change({}, "tag: v1\n")));

  std::unique_ptr<GitOps> open() const { return open_local_gitops(git.location(), "main"); }
  fs::path object(const std::string& id) const { return git.folder() / "objects" / id.substr(0, 2) / id.substr(2); }
};

void overwrite(const fs::path& file, std::string_view bytes) {
  fs::permissions(file, fs::perms::owner_all);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("a folder without a repository is named with the remedy") {
  const TempFolder folder;
  Context context;
  for (const std::string& location : {folder.path().string(), (folder.path() / "absent").string()}) {
    const auto tip = open_local_gitops(location, "main")->tip(context);
    REQUIRE(code_of(tip) == "repository_missing");
    CHECK(tip.error().message.find(location) != std::string::npos);
    CHECK(tip.error().hint.find("git init --bare") != std::string::npos);
    CHECK(code_of(open_local_source(location)->list_tags(context)) == "repository_missing");
  }
}

TEST_CASE("a folder inside a work tree is no repository") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  fs::create_directory(repository.folder() / "values");
  Context context;
  CHECK(code_of(open_local_gitops(repository.location() + "/values", "main")->tip(context)) == "repository_missing");
  CHECK(code_of(open_local_gitops(repository.location() + "/.git", "main")->tip(context)) == "none");
}

TEST_CASE("a file URL names a folder") {
  Repository at;
  const std::string spaced = (at.folder.path() / "with space%").string();
  fs::rename(at.git.folder(), spaced);
  const std::string url = "file://" + at.folder.path().string() + "/with%20space%25";
  CHECK(must(open_local_gitops(url, "main")->tip(at.context)) == at.tip);
  CHECK(must(open_local_source("file://localhost" + url.substr(7))->branch_tip(at.context, "")) == at.tip);
  CHECK(code_of(open_local_gitops("file://example.com/x", "main")->tip(at.context)) == "bad_option");
  CHECK(code_of(open_local_gitops("file:///x%0", "main")->tip(at.context)) == "bad_option");
  CHECK(code_of(open_local_gitops("", "main")->tip(at.context)) == "bad_option");
}

TEST_CASE("a repository with SHA-256 ids is unsupported and says so") {
  const LeaksOfLibgit2 of_refusal;
  const TempFolder folder;
  const GitRepository outer = GitRepository::bare(folder.path() / "outer.git");
  outer.git("init --quiet --bare --object-format=sha256 sha256.git");
  Context context;
  const auto tip = open_local_gitops(outer.location() + "/sha256.git", "main")->tip(context);
  REQUIRE(code_of(tip) == "unsupported");
  CHECK(tip.error().message.find("SHA-256") != std::string::npos);
}

TEST_CASE("an unknown extension of the repository is unsupported") {
  const LeaksOfLibgit2 of_refusal;
  Repository at;
  at.git.git("config core.repositoryFormatVersion 1");
  at.git.git("config extensions.futureThing true");
  CHECK(code_of(at.open()->tip(at.context)) == "unsupported");
  // git itself refuses to change it back.
  at.git.git("--version; sed -i /futureThing/d '" + at.git.location() + "/config'");
  at.git.git("config extensions.preciousObjects true");
  CHECK(code_of(at.open()->tip(at.context)) == "none");
}

TEST_CASE("a lock that stays is transient and names the file") {
  Repository at;
  const fs::path lock = at.git.folder() / "refs/heads/main.lock";
  std::ofstream(lock) << "";
  const auto gitops = at.open();
  const auto made = gitops->commit(at.context, change(at.tip, "tag: v2\n"));
  REQUIRE(code_of(made) == "unreachable");
  CHECK(made.error().kind() == ErrorKind::transient);
  CHECK(made.error().hint.find("refs/heads/main.lock") != std::string::npos);
  CHECK(fs::exists(lock));
  Context hurried{.deadline = Context::Clock::now() + std::chrono::milliseconds(30), .cancel = nullptr, .log = {}};
  CHECK(code_of(gitops->commit(hurried, change(at.tip, "tag: v2\n"))) == "timed_out");
  fs::remove(lock);
  CHECK(code_of(gitops->commit(at.context, change(at.tip, "tag: v2\n"))) == "none");
  CHECK(!fs::exists(lock));
}

TEST_CASE("a missing object is named") {
  Repository at;
  const std::string blob = at.git.git("rev-parse main:values/api.yaml");
  const std::string tree = at.git.git("rev-parse main:values");
  fs::remove(at.object(blob));
  const auto file = at.open()->read(at.context, at.tip, path("values/api.yaml"));
  REQUIRE(code_of(file) == "bad_answer");
  CHECK(file.error().message.find(blob) != std::string::npos);
  CHECK(file.error().hint.find("fsck") != std::string::npos);
  fs::remove(at.object(tree));
  CHECK(code_of(at.open()->list(at.context, at.tip, path("values"))) == "bad_answer");
  CHECK(code_of(at.open()->commit(at.context, change(at.tip, "tag: v2\n"))) == "bad_answer");
  fs::remove(at.object(at.tip.str()));
  const auto tip = at.open()->tip(at.context);
  REQUIRE(code_of(tip) == "bad_answer");
  CHECK(tip.error().message.find(at.tip.str()) != std::string::npos);
}

TEST_CASE("a history with a hole is not called diverged") {
  const LeaksOfLibgit2 of_hole;
  Repository at;
  const CommitId second = must(at.open()->commit(at.context, change(at.tip, "tag: v2\n")));
  const CommitId third = must(at.open()->commit(at.context, change(second, "tag: v3\n")));
  fs::remove(at.object(second.str()));
  CHECK(code_of(open_local_source(at.git.location())->ancestry(at.context, at.tip, third)) == "bad_answer");
}

TEST_CASE("a shallow clone does not guess about ancestry") {
  Repository at;
  const CommitId second = must(at.open()->commit(at.context, change(at.tip, "tag: v2\n")));
  const CommitId third = must(at.open()->commit(at.context, change(second, "tag: v3\n")));
  at.git.git("clone --quiet --bare --depth 1 file://" + at.git.location() + " ../shallow.git");
  const auto source = open_local_source((at.folder.path() / "shallow.git").string());
  CHECK(must(source->branch_tip(at.context, "")) == third);
  CHECK(!must(source->ancestry(at.context, at.tip, third)));
  CHECK(must(source->ancestry(at.context, third, third)) == Ancestry::same);
}

TEST_CASE("a corrupt object is named") {
  Repository at;
  const std::string blob = at.git.git("rev-parse main:values/api.yaml");
  const std::string other = at.git.git("rev-parse main:values");
  SUBCASE("no zlib stream") { overwrite(at.object(blob), "garbage garbage garbage"); }
  SUBCASE("cut off") { overwrite(at.object(blob), ""); }
  SUBCASE("another object's bytes") {
    fs::copy_file(at.object(other), at.object(blob), fs::copy_options::overwrite_existing);
  }
  const auto file = at.open()->read(at.context, at.tip, path("values/api.yaml"));
  REQUIRE(code_of(file) == "bad_answer");
  CHECK(file.error().message.find(blob) != std::string::npos);
  CHECK(file.error().hint.find("fsck") != std::string::npos);
}

TEST_CASE("a corrupt reference is named") {
  Repository at;
  overwrite(at.git.folder() / "refs/heads/main", "no id\n");
  const auto tip = at.open()->tip(at.context);
  REQUIRE(code_of(tip) == "bad_answer");
  CHECK(tip.error().message.find("refs/heads/main") != std::string::npos);
}

TEST_CASE("a full disk is told and leaves the branch where it was") {
  Repository at;
  const std::string said = in_child([&]() -> std::string {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &none);
    const auto made = at.open()->commit(at.context, change(at.tip, "tag: v2\n"));
    return made ? "made" : text_of(made.error());
  });
  CHECK(said.find("(internal)") != std::string::npos);
  CHECK(said.find("File too large") != std::string::npos);
  CHECK(must(at.open()->tip(at.context)) == at.tip);
  CHECK(!fs::exists(at.git.folder() / "refs/heads/main.lock"));
  CHECK(at.git.fsck().empty());
  CHECK(code_of(at.open()->commit(at.context, change(at.tip, "tag: v2\n"))) == "none");
}

TEST_CASE("a repository that may not be written is told") {
  Repository at;
  fs::permissions(at.folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  at.git.git("config core.sharedRepository false");
  ::system(("chmod -R a+rX,a-w '" + at.git.location() + "'").c_str());
  const std::string said = in_child([&]() -> std::string {
    // Permissions do not stop root.
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::setuid(nobody) != 0) return "no other user";
    const auto made = at.open()->commit(at.context, change(at.tip, "tag: v2\n"));
    return made ? "made" : text_of(made.error());
  });
  ::system(("chmod -R u+w '" + at.git.location() + "'").c_str());
  CHECK(said.find("(internal)") != std::string::npos);
  CHECK(said.find("Permission denied") != std::string::npos);
  CHECK(must(at.open()->tip(at.context)) == at.tip);
}

TEST_CASE("an open adapter survives that git repacks the repository") {
  Repository at;
  at.git.git("repack -a -d --quiet");
  const auto gitops = at.open();
  CHECK(must(gitops->tip(at.context)) == at.tip);
  const CommitId second = must(at.open()->commit(at.context, change(at.tip, "tag: v2\n")));
  at.git.git("gc --quiet --prune=now");
  CHECK(must(gitops->read(at.context, second, path("values/api.yaml")))->bytes == "tag: v2\n");
  CHECK(must(gitops->read(at.context, at.tip, path("values/api.yaml")))->bytes == "tag: v1\n");
  CHECK(code_of(gitops->commit(at.context, change(second, "tag: v3\n"))) == "none");
}

TEST_CASE("neither hooks nor configuration of the machine have a say") {
  Repository at;
  const fs::path trace = at.folder.path() / "hook-ran";
  for (const char* hook : {"pre-commit", "commit-msg", "post-commit", "reference-transaction", "update"}) {
    const fs::path file = at.git.folder() / "hooks" / hook;
    std::ofstream(file) << "#!/bin/sh\ntouch '" << trace.string() << "'\nexit 1\n";
    fs::permissions(file, fs::perms::owner_all);
  }
  std::ofstream(at.folder.path() / ".gitconfig") << "[broken\n";
  const std::string said = in_child([&]() -> std::string {
    ::setenv("HOME", at.folder.path().c_str(), 1);
    ::setenv("XDG_CONFIG_HOME", at.folder.path().c_str(), 1);
    ::setenv("GIT_DIR", "/nowhere", 1);
    const auto made = at.open()->commit(at.context, change(at.tip, "tag: v2\n"));
    return made ? "made" : text_of(made.error());
  });
  CHECK(said == "made");
  CHECK(!fs::exists(trace));
}

}  // namespace samebits::test
