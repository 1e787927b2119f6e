#include <doctest/doctest.h>

#include "contracts/evidence_contract.hpp"
#include "contracts/gitops_contract.hpp"
#include "contracts/source_contract.hpp"
#include "servers/git_http_server.hpp"
#include "support/git_repository.hpp"
#include "support/remote_git.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

void keep_gitops_contract(std::string_view like) {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  const GitHttpServer server(folder.path());
  RemoteGit remote(server.url(like, "gitops.git"));
  GitOpsContract([&] { return remote.gitops(); }).run();
  CHECK(repository.fsck().empty());
}

void keep_source_contract(std::string_view like) {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  const GitHttpServer server(folder.path());
  RemoteGit remote(server.url(like, "source.git"));
  int count = 0;
  const auto commit = [&](const std::string& branch, const std::optional<CommitId>& parent) {
    const std::string tree = repository.git("hash-object -t tree -w /dev/null");
    const std::string id = repository.git("commit-tree " + tree + (parent ? " -p " + parent->str() : "") +
                                          " -m 'Commit " + std::to_string(++count) + "'");
    repository.git("update-ref refs/heads/" + branch + " " + id);
    return commit_id(id);
  };
  SourceContract({.open = [&] { return remote.source(); }, .commit = commit}).run();
  CHECK(repository.fsck().find("error") == std::string::npos);
}

}  // namespace

TEST_CASE("a server with all filters keeps the contract of GitOps") { keep_gitops_contract("open"); }
TEST_CASE("a server with the plain filters keeps the contract of GitOps") { keep_gitops_contract("plain"); }
TEST_CASE("a server without filters keeps the contract of GitOps") { keep_gitops_contract("bare"); }
TEST_CASE("a server that checks what is pushed keeps the contract of GitOps") { keep_gitops_contract("strict"); }
TEST_CASE("a server that moved keeps the contract of GitOps") { keep_gitops_contract("moved"); }

TEST_CASE("a server with all filters keeps the contract of Source") { keep_source_contract("open"); }
TEST_CASE("a server with the plain filters keeps the contract of Source") { keep_source_contract("plain"); }
TEST_CASE("a server without filters keeps the contract of Source") { keep_source_contract("bare"); }

TEST_CASE("the ledger of a remote branch keeps the contract of Evidence") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  const GitHttpServer server(folder.path());
  RemoteGit remote(server.url("open", "source.git"));
  const auto gitops = remote.gitops("samebits/gates");
  EvidenceContract([&] { return open_ledger(*gitops, system_clock(), "api", Person{}); }).run();
}

}  // namespace samebits::test
