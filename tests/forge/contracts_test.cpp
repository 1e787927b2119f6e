#include "contracts/changes_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/releases_contract.hpp"
#include "contracts/source_contract.hpp"
#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("GitHub is a Source") {
  GithubDouble forge;
  Network network(network_with(forge.server_origin(), GithubDouble::token));
  SourceContract(
      {.open = [&] { return std::move(must(open_forge({.url = forge.url(), .forge = "github"}, network)).source); },
       .commit =
           [&](const std::string& branch, const std::optional<CommitId>& parent) {
             return commit_id(forge.commit(branch, parent ? parent->str() : ""));
           }})
      .run();
}

TEST_CASE("GitHub's checks are an Evidence") {
  GithubDouble forge;
  Network network(network_with(forge.server_origin(), GithubDouble::token));
  std::map<char, CommitId> commits;
  for (const char letter : {'a', 'b'}) commits.emplace(letter, commit_id(forge.commit("main")));
  EvidenceContract(
      [&] { return std::move(must(open_forge({.url = forge.url(), .forge = "github"}, network)).evidence); },
      [&](char letter) { return commits.at(letter); })
      .run();
}

TEST_CASE("GitHub has Changes") {
  GithubDouble forge;
  Network network(network_with(forge.server_origin(), GithubDouble::token));
  const std::string base = forge.commit("main");
  const std::string open_head = forge.commit("one", base);
  const std::string head = forge.commit("two", base);
  const std::string merge = forge.commit("main", base);
  forge.add({.number = 1, .head = open_head, .open = true});
  forge.add({.number = 2, .head = head, .merge_commit = merge});
  forge.review(2, "linus", "APPROVED", head);
  forge.review(2, "ken", "CHANGES_REQUESTED", head);
  ChangesContract(
      {.open = [&] { return std::move(must(open_forge({.url = forge.url(), .forge = "github"}, network)).changes); },
       .open_head = commit_id(open_head),
       .merged_head = commit_id(head),
       .merge = commit_id(merge),
       .approver = "linus"})
      .run();
}

TEST_CASE("GitHub has Releases") {
  GithubDouble forge;
  Network network(network_with(forge.server_origin(), GithubDouble::token));
  const std::string commit = forge.commit("main");
  ReleasesContract(
      {.open = [&] { return std::move(must(open_forge({.url = forge.url(), .forge = "github"}, network)).releases); },
       .commit = commit_id(commit),
       .tag = [&](const std::string& name) { forge.point_tag(name, commit); }})
      .run();
}
