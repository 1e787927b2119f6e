#include <samebits/documents.hpp>

#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A world with a preview for each of the numbers.
class PreviewWorld : public ForgeWorld {
 public:
  explicit PreviewWorld(const std::vector<std::uint64_t>& numbers) {
    for (const std::uint64_t number : numbers) {
      const std::string head = forge.commit("feature-" + std::to_string(number), first);
      heads[number] = head;
      twin.put(std::string(oci_index_type), sample_index(head), "pr-" + std::to_string(number) + "-" + head);
      must(client().promoter().preview_up({.pr = number, .sha = head}));
    }
  }
  std::string previews() const {
    std::string names;
    for (const EnvironmentState& state : must(client().promoter().preview_list()).environments)
      names += state.name + " ";
    return names;
  }
  std::map<std::uint64_t, std::string> heads;
};

}  // namespace

TEST_CASE("prune removes the previews of closed pull requests, and what nobody knows of stays and is said") {
  PreviewWorld world({1, 2, 3, 4});
  world.forge.add({.number = 1, .head = world.heads[1], .open = true});
  world.forge.add({.number = 2, .head = world.heads[2]});
  world.forge.add({.number = 3, .head = world.heads[3], .merge_commit = world.second});
  const std::string before = world.commits();
  const Plan plan = must(world.client().promoter().plan(PreviewPruneRequest{}));
  CHECK(plan.diff.find("pr-2") != std::string::npos);
  CHECK(plan.diff.find("pr-1") == std::string::npos);
  CHECK(world.commits() == before);
  CHECK(world.previews() == "pr-1 pr-2 pr-3 pr-4 ");
  const Receipt receipt = must(world.client().promoter().preview_prune({}));
  CHECK(receipt.changed);
  CHECK(world.previews() == "pr-1 pr-4 ");
  REQUIRE(receipt.warnings.size() == 1);
  CHECK(receipt.warnings.front().find("pr-4") != std::string::npos);
  CHECK(!must(world.client().promoter().preview_prune({})).changed);
}

TEST_CASE("a plan to prune is applied while it holds: no more and no other preview goes") {
  PreviewWorld world({1, 2, 3});
  world.forge.add({.number = 1, .head = world.heads[1]});
  world.forge.add({.number = 2, .head = world.heads[2]});
  world.forge.add({.number = 3, .head = world.heads[3], .open = true});
  const std::string plan = to_json(must(world.client().promoter().plan(PreviewPruneRequest{})));
  must(world.client().promoter().plan(ApplyRequest{.plan = plan}));
  world.forge.add({.number = 3, .head = world.heads[3]});
  CHECK(code_of(world.client().promoter().apply({.plan = plan})) == "plan_outdated");
  CHECK(world.previews() == "pr-1 pr-2 pr-3 ");
  world.forge.add({.number = 3, .head = world.heads[3], .open = true});
  CHECK(must(world.client().promoter().apply({.plan = plan})).changed);
  CHECK(world.previews() == "pr-3 ");
  CHECK(code_of(world.client().promoter().apply({.plan = plan})) == "plan_outdated");
}

TEST_CASE("prune removes nothing while the forge cannot say") {
  PreviewWorld world({1});
  world.forge.add({.number = 1, .head = world.heads[1]});
  world.forge.permissions.erase("pull_requests=read");
  const Receipt receipt = must(world.client().promoter().preview_prune({}));
  CHECK(!receipt.changed);
  REQUIRE(receipt.warnings.size() == 1);
  CHECK(receipt.warnings.front().find("pull_requests: read") != std::string::npos);
  CHECK(world.previews() == "pr-1 ");
}

TEST_CASE("prune needs a forge") {
  PreviewWorld world({1});
  ClientOptions options = world.options();
  options.promoter.config = "apiVersion: samebits/v1\nservices:\n  service-demo: {image: \"" + world.twin.repository() +
                            "\", source: /nowhere}\n";
  CHECK(code_of(Client(options).promoter().preview_prune({})) == "unsupported");
}
