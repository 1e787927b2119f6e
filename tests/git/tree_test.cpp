#include <filesystem>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

/// A branch with everything that a tree can hold, and HEAD beside it.
struct Furnished {
  TempFolder folder;
  GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  Context context;
  std::unique_ptr<GitOps> gitops = open_local_gitops(repository.location(), "main");
  CommitId tip = fill();

  CommitId fill() const {
    repository.write("values/prod/api.yaml", "tag: v1\r\n");
    repository.write("values/prod/web.yaml", "tag: v1\n");
    repository.write("bin/run", "#!/bin/sh\n");
    repository.git("config core.autocrlf input");
    std::filesystem::permissions(repository.folder() / "bin/run", std::filesystem::perms::owner_all);
    std::filesystem::create_symlink("values/prod/api.yaml", repository.folder() / "link.yaml");
    std::filesystem::create_directory_symlink("values", repository.folder() / "linked");
    repository.git("config core.autocrlf false");
    repository.commit_all("First");
    repository.git("update-index --add --cacheinfo 160000,$(git -C " + repository.location() +
                   " rev-parse HEAD),module");
    repository.git("commit --quiet -m Second");
    repository.git("switch --quiet --detach");
    return commit_id(repository.git("rev-parse main"));
  }

  Result<CommitId> write(std::vector<FileChange> changes) {
    return gitops->commit(context, {.expected_tip = must(gitops->tip(context)),
                                    .changes = std::move(changes),
                                    .message = "Change",
                                    .author = {},
                                    .time = system_clock().now()});
  }
};

FileChange change(std::string_view file, std::optional<std::string> bytes) {
  return {.path = path(file), .bytes = std::move(bytes)};
}

}  // namespace

TEST_CASE("a commit changes the bytes of its files and nothing else in the tree") {
  Furnished at;
  must(at.write({change("bin/run", "#!/bin/sh\nexit 1\n"), change("values/prod/api.yaml", "tag: v2\r\n"),
                 change("values/dev/api.yaml", "tag: v2\n")}));
  CHECK(at.repository.git("diff --raw --abbrev=1 --no-renames main~1 main | cut -d: -f2 | cut -d' ' -f1,2,5") ==
        "100755 100755 M\tbin/run\n000000 100644 A\tvalues/dev/api.yaml\n100644 100644 M\tvalues/prod/api.yaml");
  CHECK(at.repository.git("ls-tree main | cut -d' ' -f1,2 | tr '\\n' ','") ==
        "040000 tree,120000 blob,120000 blob,160000 commit,040000 tree,");
  CHECK(at.repository.git("cat-file blob main:values/prod/api.yaml | od -An -c | tr -d ' '") == "tag:v2\\r\\n");
  CHECK(at.repository.git("diff --stat main~1 main -- link.yaml linked module values/prod/web.yaml").empty());
  CHECK(at.repository.fsck().empty());
}

TEST_CASE("the same change by git gives the same tree") {
  Furnished at;
  must(at.write({change("values/prod/api.yaml", "tag: v2\n"), change("values/prod/web.yaml", {})}));
  at.repository.git("reset --quiet --hard main~1");
  at.repository.write("values/prod/api.yaml", "tag: v2\n");
  at.repository.git("rm --quiet values/prod/web.yaml");
  at.repository.commit_all("By git");
  CHECK(at.repository.git("rev-parse HEAD^{tree}") == at.repository.git("rev-parse main^{tree}"));
}

TEST_CASE("a folder of many files changes as git changes it") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  for (int i = 0; i < 300; ++i) repository.write("values/f" + std::to_string(i), std::to_string(i));
  // Bytes of ids look like the separators of names now and then, and `f1` begins `f10` to `f199`.
  repository.write("values/f1.d/x", "below");
  const CommitId tip = commit_id(repository.commit_all("Many"));
  repository.git("switch --quiet --detach");
  const auto gitops = open_local_gitops(repository.location(), "main");
  Context context;
  std::vector<FileChange> changes;
  for (int i = 0; i < 300; i += 7) changes.push_back(change("values/f" + std::to_string(i), "new"));
  changes.push_back(change("values/f1.d/x", "new"));
  must(gitops->commit(context,
                      {.expected_tip = tip, .changes = changes, .message = "Change", .author = {}, .time = {}}));
  for (const FileChange& changed : changes) repository.write(changed.path.str(), "new");
  repository.commit_all("By git");
  CHECK(repository.git("rev-parse HEAD^{tree}") == repository.git("rev-parse main^{tree}"));
  CHECK(repository.fsck().empty());
}

TEST_CASE("a symbolic link or a submodule is neither read nor written") {
  Furnished at;
  for (const char* file : {"link.yaml", "linked", "linked/prod/api.yaml", "module", "module/file", "values"}) {
    CAPTURE(file);
    CHECK(code_of(at.gitops->read(at.context, at.tip, path(file))) == "not_editable");
    CHECK(code_of(at.write({change(file, "x")})) == "not_editable");
    CHECK(code_of(at.write({change(file, {})})) == "not_editable");
  }
  CHECK(code_of(at.write({change("bin/run/more", "x")})) == "not_editable");
  CHECK(must(at.gitops->tip(at.context)) == at.tip);
  const auto error = at.gitops->read(at.context, at.tip, path("link.yaml")).error();
  CHECK(error.message.find("a symbolic link") != std::string::npos);
  CHECK(error.where.file == "link.yaml");
}

TEST_CASE("a listing holds regular files only") {
  Furnished at;
  at.repository.git("switch --quiet main");
  std::filesystem::create_symlink("api.yaml", at.repository.folder() / "values/prod/latest.yaml");
  at.repository.write("values/prod/a\\b.yaml", "odd\n");
  const CommitId tip = commit_id(at.repository.commit_all("Link"));
  const auto files = must(at.gitops->list(at.context, tip, path("values")));
  REQUIRE(files.size() == 2);
  CHECK(files[0].path == path("values/prod/api.yaml"));
  CHECK(files[1].path == path("values/prod/web.yaml"));
  CHECK(must(at.gitops->list(at.context, tip, path("module"))).empty());
}

TEST_CASE("a blob that is too large is refused before it is read") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  repository.write("large", std::string((std::size_t{64} << 20) + 1, 'x'));
  const CommitId tip = commit_id(repository.commit_all("Large"));
  Context context;
  CHECK(code_of(open_local_gitops(repository.location(), "")->read(context, tip, path("large"))) == "not_editable");
}

TEST_CASE("every commit is what git calls healthy") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  const auto gitops = open_local_gitops(repository.location(), "main");
  Context context;
  std::optional<CommitId> tip;
  const std::vector<std::string> messages{"One line", "With body\n\nand more\n\n\n", "Windows\r\n\r\n",
                                          "\xc3\xa9t\xc3\xa9"};
  std::vector<FileChange> removals;
  for (const std::string& message : messages) {
    const std::string file = "a/" + std::to_string(removals.size());
    removals.push_back(change(file, {}));
    tip = must(gitops->commit(context, {.expected_tip = tip,
                                        .changes = {change(file, message)},
                                        .message = message,
                                        .author = {.name = "A. Lovelace, Jr.", .mail = "ada@example.com"},
                                        .time = Time(std::chrono::seconds(0))}));
  }
  tip = must(gitops->commit(
      context, {.expected_tip = tip, .changes = removals, .message = "Nothing is left", .author = {}, .time = {}}));
  CHECK(repository.fsck().empty());
  CHECK(repository.git("log --format=%B -1 main~3") == "With body\n\nand more");
}

}  // namespace samebits::test
