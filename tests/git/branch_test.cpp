#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

Result<CommitId> write(GitOps& gitops, std::string bytes) {
  Context context;
  return gitops.commit(context, {.expected_tip = must(gitops.tip(context)),
                                 .changes = {{.path = path("file"), .bytes = std::move(bytes)}},
                                 .message = "Change",
                                 .author = {},
                                 .time = system_clock().now()});
}

std::string commit_code(const GitRepository& repository, std::string_view branch) {
  return code_of(write(*open_local_gitops(repository.location(), branch), "new"));
}

}  // namespace

TEST_CASE("a branch that is checked out is refused with the remedy") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  const auto gitops = open_local_gitops(repository.location(), "");
  CHECK(gitops->branch() == "main");
  // Also before its first commit.
  CHECK(code_of(write(*gitops, "1")) == "branch_checked_out");
  repository.write("file", "0");
  const std::string first = repository.commit_all("First");
  const auto refused = write(*gitops, "1");
  REQUIRE(code_of(refused) == "branch_checked_out");
  CHECK(refused.error().hint.find("switch --detach") != std::string::npos);
  CHECK(repository.git("rev-parse main") == first);
  repository.git("switch --quiet --detach");
  CHECK(code_of(write(*gitops, "1")) == "none");
  CHECK(commit_code(repository, "other") == "none");
  CHECK(repository.git("status --porcelain").empty());
}

TEST_CASE("a branch that a linked work tree is on is refused") {
  const TempFolder folder;
  const GitRepository seed = GitRepository::with_work_tree(folder.path() / "seed");
  seed.write("file", "0");
  seed.commit_all("First");
  const std::string linked = (folder.path() / "linked").string();
  SUBCASE("of a repository with a work tree") {
    seed.git("worktree add --quiet -b side '" + linked + "'");
    CHECK(commit_code(seed, "side") == "branch_checked_out");
    // Opened through the linked work tree, the main one counts too.
    CHECK(code_of(write(*open_local_gitops(linked, "main"), "1")) == "branch_checked_out");
    CHECK(code_of(write(*open_local_gitops(linked, "free"), "1")) == "none");
    std::filesystem::remove_all(linked);
    CHECK(commit_code(seed, "side") == "none");
  }
  SUBCASE("of a bare repository") {
    seed.git("clone --quiet --bare . ../bare.git");
    seed.git("-C ../bare.git worktree add --quiet '" + linked + "' main");
    const auto gitops = open_local_gitops((folder.path() / "bare.git").string(), "main");
    const auto refused = write(*gitops, "1");
    REQUIRE(code_of(refused) == "branch_checked_out");
    CHECK(refused.error().message.find("linked") != std::string::npos);
    seed.git("-C '" + linked + "' switch --quiet --detach");
    CHECK(code_of(write(*gitops, "1")) == "none");
  }
}

TEST_CASE("the empty name is the HEAD branch") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  repository.git("symbolic-ref HEAD refs/heads/trunk/one");
  const auto gitops = open_local_gitops(repository.location(), "");
  Context context;
  CHECK(gitops->branch() == "trunk/one");
  CHECK(!must(gitops->tip(context)));
  const CommitId made = must(write(*gitops, "1"));
  CHECK(repository.git("rev-parse refs/heads/trunk/one") == made.str());
  CHECK(must(open_local_source(repository.location())->branch_tip(context, "")) == made);
}

TEST_CASE("a detached HEAD names no branch") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  repository.write("file", "0");
  repository.commit_all("First");
  repository.git("switch --quiet --detach");
  Context context;
  CHECK(code_of(open_local_gitops(repository.location(), "")->tip(context)) == "bad_option");
  CHECK(open_local_gitops(repository.location(), "")->branch() == "HEAD");
  CHECK(code_of(open_local_source(repository.location())->branch_tip(context, "")) == "bad_option");
}

TEST_CASE("packed references are read and moved") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  const auto gitops = open_local_gitops(repository.location(), "main");
  const auto source = open_local_source(repository.location());
  Context context;
  const CommitId first = must(write(*gitops, "1"));
  repository.git("tag -m Release v1");
  repository.git("tag plain");
  repository.git("pack-refs --all --prune");
  CHECK(must(gitops->tip(context)) == first);
  CHECK(must(source->find_tag(context, "v1"))->message == "Release\n");
  CHECK(must(source->find_tag(context, "plain")) == GitTag{.name = "plain", .commit = first});
  const NewGitTag again{.name = "v1", .commit = first, .message = "m", .tagger = {}, .time = {}};
  CHECK(code_of(source->create_tag(context, again)) == "tag_exists");
  const CommitId second = must(write(*gitops, "2"));
  CHECK(repository.git("rev-parse main") == second.str());
  CHECK(must(source->list_tags(context)).size() == 2);
}

TEST_CASE("a symbolic branch is written where it leads") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  repository.git("symbolic-ref refs/heads/alias refs/heads/main");
  const CommitId made = must(write(*open_local_gitops(repository.location(), "alias"), "1"));
  CHECK(repository.git("symbolic-ref refs/heads/alias") == "refs/heads/main");
  CHECK(repository.git("rev-parse refs/heads/main") == made.str());
  repository.git("symbolic-ref refs/heads/x refs/heads/y");
  repository.git("symbolic-ref refs/heads/y refs/heads/x");
  Context context;
  CHECK(code_of(open_local_gitops(repository.location(), "x")->tip(context)) == "bad_answer");
}

TEST_CASE("a branch cannot be made where another stands in the way") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  must(write(*open_local_gitops(repository.location(), "a/b"), "1"));
  for (const bool packed : {false, true}) {
    CAPTURE(packed);
    if (packed) repository.git("pack-refs --all --prune");
    CHECK(commit_code(repository, "a") == "bad_option");
    CHECK(commit_code(repository, "a/b/c") == "bad_option");
  }
  repository.git("update-ref -d refs/heads/a/b");
  CHECK(commit_code(repository, "a") == "none");
  CHECK(repository.fsck().empty());
}

TEST_CASE("names that Git refuses are refused") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  for (const char* name : {"a..b", "a b", "a.lock", "/a", "a/", "a~1", "a:b", "@{"}) {
    CAPTURE(name);
    CHECK(code_of(open_local_gitops(repository.location(), name)
                      ->commit(*std::make_unique<Context>(), {.expected_tip = {},
                                                              .changes = {{.path = path("file"), .bytes = "1"}},
                                                              .message = "m",
                                                              .author = {},
                                                              .time = {}})) == "bad_option");
  }
}

TEST_CASE("a nested tag leads to its commit and a tag of a tree is an error") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  const CommitId first = must(write(*open_local_gitops(repository.location(), "main"), "1"));
  repository.git("tag -m Inner inner");
  repository.git("tag -m Outer outer inner");
  repository.git("tag tree main^{tree}");
  const auto source = open_local_source(repository.location());
  Context context;
  CHECK(must(source->find_tag(context, "outer")) == GitTag{.name = "outer", .commit = first, .message = "Outer\n"});
  CHECK(code_of(source->find_tag(context, "tree")) == "bad_answer");
  CHECK(must(source->list_tags(context)).size() == 2);
}

}  // namespace samebits::test
