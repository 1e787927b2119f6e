#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "contracts/evidence_contract.hpp"
#include "contracts/gitops_contract.hpp"
#include "contracts/source_contract.hpp"
#include "support/git_repository.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

TEST_CASE("a bare repository keeps the contract of GitOps") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  GitOpsContract([&] { return open_local_gitops(repository.location(), "main"); }).run();
  CHECK(repository.fsck().empty());
}

TEST_CASE("a branch beside the one checked out keeps the contract of GitOps") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  GitOpsContract([&] { return open_local_gitops(repository.location(), "samebits/gates"); }).run();
  CHECK(repository.fsck().find("error") == std::string::npos);
}

TEST_CASE("a local repository keeps the contract of Source") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  int count = 0;
  const auto commit = [&](const std::string& branch, const std::optional<CommitId>& parent) {
    const std::string tree = repository.git("hash-object -t tree -w /dev/null");
    const std::string id = repository.git("commit-tree " + tree + (parent ? " -p " + parent->str() : "") +
                                          " -m 'Commit " + std::to_string(++count) + "'");
    repository.git("update-ref refs/heads/" + branch + " " + id);
    return commit_id(id);
  };
  SourceContract({.open = [&] { return open_local_source(repository.location()); }, .commit = commit}).run();
  CHECK(repository.fsck().find("error") == std::string::npos);
}

TEST_CASE("the ledger of a local branch keeps the contract of Evidence") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  const auto gitops = open_local_gitops(repository.location(), "samebits/gates");
  EvidenceContract([&] { return open_ledger(*gitops, system_clock(), "api", Person{}); }).run();
}

}  // namespace samebits::test
