#pragma once

#include "contracts/changes_contract.hpp"
#include "contracts/evidence_contract.hpp"
#include "contracts/releases_contract.hpp"
#include "contracts/source_contract.hpp"
#include "forge/forge_world.hpp"

namespace samebits::test {

/// GitHub's double with nothing in it, and what stands before it, if anything does.
class FrontedGithub {
 public:
  explicit FrontedGithub(const ForgeWorld::Front& front = {})
      : origin_(front ? front(forge.server_origin()) : forge.server_origin()),
        network_(network_with(origin_, GithubDouble::token)) {}

  ForgePorts open() {
    const std::string path = forge.url().substr(forge.server_origin().size());
    return must(open_forge({.url = origin_ + path, .forge = "github"}, network_));
  }

  GithubDouble forge;

 private:
  std::string origin_;
  Network network_;
};

// Each port of GitHub, held to its contract: see tests/contracts.

inline void hold_source(FrontedGithub& github) {
  SourceContract({.open = [&] { return std::move(github.open().source); },
                  .commit =
                      [&](const std::string& branch, const std::optional<CommitId>& parent) {
                        return commit_id(github.forge.commit(branch, parent ? parent->str() : ""));
                      }})
      .run();
}

inline void hold_evidence(FrontedGithub& github) {
  std::map<char, CommitId> commits;
  for (const char letter : {'a', 'b'}) commits.emplace(letter, commit_id(github.forge.commit("main")));
  EvidenceContract([&] { return std::move(github.open().evidence); }, [&](char letter) { return commits.at(letter); })
      .run();
}

inline void hold_changes(FrontedGithub& github) {
  GithubDouble& forge = github.forge;
  const std::string base = forge.commit("main");
  const std::string open_head = forge.commit("one", base);
  const std::string head = forge.commit("two", base);
  const std::string merge = forge.commit("main", base);
  forge.add({.number = 1, .head = open_head, .open = true});
  forge.add({.number = 2, .head = head, .merge_commit = merge});
  forge.review(2, "linus", "APPROVED", head);
  forge.review(2, "ken", "CHANGES_REQUESTED", head);
  ChangesContract({.open = [&] { return std::move(github.open().changes); },
                   .open_head = commit_id(open_head),
                   .merged_head = commit_id(head),
                   .merge = commit_id(merge),
                   .approver = "linus"})
      .run();
}

inline void hold_releases(FrontedGithub& github) {
  const std::string commit = github.forge.commit("main");
  ReleasesContract({.open = [&] { return std::move(github.open().releases); },
                    .commit = commit_id(commit),
                    .tag = [&](const std::string& name) { github.forge.point_tag(name, commit); }})
      .run();
}

}  // namespace samebits::test
