// GitHub's double, and what we ask of it, against GitHub's own description of its API.
#include "forge/forge_world.hpp"
#include "forge/remote_gitops.hpp"
#include "servers/prism_server.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A world whose every exchange with the forge goes by Prism.
struct HeldWorld {
  std::unique_ptr<PrismServer> prism;
  ForgeWorld world;

  explicit HeldWorld(const char* gates = ForgeWorld::gate_by_app)
      : world(gates, false, [this](const std::string& origin) {
          prism = std::make_unique<PrismServer>(origin);
          return prism->origin();
        }) {}
};

}  // namespace

TEST_CASE("what a promotion asks of GitHub and what the double answers are as GitHub describes it") {
  HeldWorld held;
  ForgeWorld& world = held.world;
  world.make_releasable();
  must(world.release());
  CHECK(!must(world.release()).changed);
  CHECK(world.forge.tagged("v1.0.0") == world.second);
  must(world.pass_gate("in_progress"));
  must(world.pass_gate("failure"));
  CHECK(world.gate() == Verdict::failed);
  CHECK(must(world.client().promoter().status({})).unfinished.empty());
  CHECK(must(world.client().promoter().doctor({})).findings.empty());
}

TEST_CASE("so are a gate of a workflow, a gate of reviews, and the pull requests of previews") {
  HeldWorld held(
      "gates:\n  preprod-tests: {check: \"CD / Preprod Tests\", app: github-actions, "
      "workflow: .github/workflows/cd.yml, environment: preprod}\n  ran-in-preprod: {deployed-in: preprod}\n"
      "  reviewed: {approved: 1}\n");
  ForgeWorld& world = held.world;
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name,
                                      .sha = world.second,
                                      .digest = world.digest(),
                                      .app = GithubDouble::workflows_app,
                                      .slug = "github-actions",
                                      .suite = 6001});
  world.forge.add(GithubDouble::Run{.sha = world.second});
  CHECK(world.gate() == Verdict::passed);
  const std::string head = world.forge.commit("feature", world.first);
  world.forge.add({.number = 7, .head = head, .merge_commit = world.second});
  world.forge.review(7, "linus", "APPROVED", head);
  CHECK(must(world.client().promoter().gate_show({.sha = world.second, .gate = "reviewed"})).gates.front().verdict ==
        Verdict::passed);
  world.twin.put(std::string(oci_index_type), sample_index(head), "pr-7-" + head);
  must(world.client().promoter().preview_up({.pr = 7, .sha = head}));
  CHECK(must(world.client().promoter().preview_prune({})).changed);
}

TEST_CASE("so is what doctor asks of the branch that holds the policy") {
  HeldWorld held;
  ForgeWorld& world = held.world;
  add_file(world.options().gitops, ".github/CODEOWNERS", "samebits.yaml @ada\n");
  const auto unknown = [&] {
    ClientOptions options = world.options();
    options.ports.gitops = [&] {
      return std::make_unique<RemoteGitOps>(world.options().gitops, held.prism->origin() + "/acme/service-demo");
    };
    const Report report = must(Client(options).promoter().doctor({}));
    for (const Error& finding : report.findings) FAIL_CHECK(finding.message);
    std::string text;
    for (const std::string& line : report.unknown) text += line + "\n";
    return text;
  };
  CHECK(unknown().find("past review by: app 424242;") != std::string::npos);
  world.forge.branch_rules.clear();
  world.forge.branch_protection =
      R"({"enforce_admins": {"enabled": true}, "required_pull_request_reviews": {"require_code_owner_reviews": true,
          "bypass_pull_request_allowances": {"users": [{"login": "ada"}]}}})";
  CHECK(unknown().find("past review by: user ada;") != std::string::npos);
}

TEST_CASE("an answer that GitHub does not describe is found") {
  HeldWorld held;
  ForgeWorld& world = held.world;
  world.forge.after = [](const Asked& asked, Answer& answer) {
    if (asked.path().ends_with("/heads/main") && answer.status == 200)
      answer.body.replace(answer.body.find("\"object\""), 8, "\"thing\"");
  };
  CHECK(code_of(world.client().promoter().promote({.environment = "preprod", .sha = world.second})) == "server_error");
}

TEST_CASE("a request that GitHub does not describe is found") {
  HeldWorld held;
  Network network(network_with(held.prism->origin(), GithubDouble::token));
  const auto forge = must(open_forge({.url = held.prism->origin() + "/acme/service-demo", .forge = "github"}, network));
  Context context;
  const auto refused =
      forge.evidence->post(context, commit_id(held.world.second),
                           {.gate = "e2e", .conclusion = "splendid", .time = {}, .kind = EvidenceKind::check});
  CHECK(!refused);
  CHECK(held.world.forge.checks().empty());
}
