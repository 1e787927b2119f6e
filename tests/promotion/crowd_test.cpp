#include <algorithm>

#include <doctest/doctest.h>

#include "support/child.hpp"
#include "support/pipeline_world.hpp"

namespace samebits::test {

TEST_CASE("all of 64 processes that promote 64 services at once land") {
  constexpr int processes = 64;
  std::vector<std::string> services;
  for (int i = 0; i < processes; ++i) services.push_back("api-" + std::to_string(i));
  PipelineWorld world({.services = services});
  const CommitId commit = world.merge_and_build();
  const auto said = in_children(processes, [&](int process) -> std::string {
    const auto receipt = world.client()->promote(
        {.environment = "preprod", .sha = commit.str(), .services = {services[static_cast<std::size_t>(process)]}});
    return receipt ? "done" : text_of(receipt.error());
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(world.gitops().git("rev-list --count main") == "65");
  CHECK(world.fsck().empty());
}

TEST_CASE("all of 64 processes that record evidence at once land") {
  constexpr int processes = 64;
  std::vector<std::string> services;
  for (int i = 0; i < processes; ++i) services.push_back("api-" + std::to_string(i));
  PipelineWorld world({.services = services,
                       .more = "gates:\n  audit: {check: Audit, evidence: commit}\n"
                               "release: {gates: [audit]}\n"});
  const CommitId commit = world.merge_and_build();
  const auto said = in_children(processes, [&](int process) -> std::string {
    const auto receipt = world.client()->gate_post({.gate = "audit",
                                                    .sha = commit.str(),
                                                    .conclusion = "success",
                                                    .service = services[static_cast<std::size_t>(process)]});
    return receipt ? "done" : text_of(receipt.error());
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(world.source().git("rev-list --count samebits/gates") == "64");
  CHECK(world.fsck().empty());
}

}  // namespace samebits::test
