#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("gate post makes one check with the digest, and the gate passes by it") {
  ForgeWorld world;
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  CHECK(world.gate_verdict().reason == "no_evidence");
  const Receipt receipt = must(world.pass_gate());
  CHECK(receipt.changed);
  CHECK(world.gate() == Verdict::passed);
  CHECK(!must(world.pass_gate()).changed);
  REQUIRE(world.forge.checks().size() == 1);
  const Json check = world.forge.checks().front();
  CHECK(check.text("name") == ForgeWorld::check_name);
  CHECK(check.text("head_sha") == world.second);
  CHECK(check.text("external_id") == world.digest());
  CHECK(check.text("conclusion") == "success");
}

TEST_CASE("a gate that pins no workflow needs no right to read runs") {
  ForgeWorld world;
  world.make_releasable();
  world.forge.permissions.erase("actions=read");
  world.forge.permissions.erase("statuses=read");
  world.forge.permissions.erase("statuses=write");
  world.forge.add(GithubDouble::Check{
      .name = "build", .sha = world.second, .app = GithubDouble::workflows_app, .slug = "github-actions"});
  must(world.pass_gate("failure"));
  must(world.pass_gate());
  must(world.release());
}

TEST_CASE("what another app said under the same name, of the same bits, does not count as posted") {
  ForgeWorld world;
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  for (const char* conclusion : {"success", "in_progress"})
    world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name,
                                        .sha = world.second,
                                        .conclusion = conclusion,
                                        .digest = world.digest(),
                                        .app = 999001,
                                        .slug = "helpful-linter",
                                        .status = conclusion == std::string("success") ? "completed" : "in_progress"});
  CHECK(world.gate_verdict().reason == "other_producer");
  CHECK(must(world.pass_gate()).changed);
  CHECK(world.gate() == Verdict::passed);
  CHECK(world.forge.checks().size() == 3);
  CHECK(!must(world.pass_gate()).changed);
  // Nor does it reopen what is posted.
  world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name,
                                      .sha = world.second,
                                      .conclusion = "failure",
                                      .digest = world.digest(),
                                      .app = 999001,
                                      .slug = "helpful-linter"});
  CHECK(!must(world.pass_gate()).changed);
  CHECK(world.gate() == Verdict::passed);
}

TEST_CASE("a post by credentials whose word the gate does not take is refused, and says whose it is") {
  ForgeWorld world(
      "gates:\n  preprod-tests: {check: \"CD / Preprod Tests\", app: another-app, environment: preprod}\n"
      "  ran-in-preprod: {deployed-in: preprod}\n");
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  const auto refused = world.pass_gate();
  REQUIRE(code_of(refused) == "permission_missing");
  CHECK(refused.error().message.find("as 'samebits-gate'") != std::string::npos);
  CHECK(refused.error().hint.find("'another-app'") != std::string::npos);
  CHECK(world.gate_verdict().reason == "other_producer");
}

TEST_CASE("a cancelled job closes the gate again") {
  ForgeWorld world;
  world.make_releasable();
  must(world.pass_gate("cancelled"));
  CHECK(world.gate() == Verdict::failed);
  CHECK(code_of(world.release()) == "gate_failed");
}

TEST_CASE("a check that is still open is completed, not doubled") {
  ForgeWorld world;
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  must(world.pass_gate("in_progress"));
  CHECK(world.gate() == Verdict::pending);
  must(world.pass_gate());
  CHECK(world.gate() == Verdict::passed);
  CHECK(world.forge.checks().size() == 1);
}

TEST_CASE("the job of an older promotion cannot pass the gate of a newer one") {
  ForgeWorld world;
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.first}));
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  const auto late =
      world.client().promoter().gate_post({.gate = "preprod-tests", .sha = world.first, .conclusion = "success"});
  CHECK(code_of(late) == "superseded");
  CHECK(world.forge.checks().empty());
}

TEST_CASE("a lost answer to a post is read back") {
  for (const bool done : {true, false}) {
    CAPTURE(done);
    ForgeWorld world;
    must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
    int posts = 0;
    const auto cut = [&](Answer& answer) {
      answer.body = std::string(100, ' ');
      answer.cut_after = 10;
    };
    if (done)
      world.forge.after = [&](const Asked& asked, Answer& answer) {
        if (asked.method == "POST" && ++posts == 1) cut(answer);
      };
    else
      world.forge.before = [&](const Asked& asked) -> std::optional<Answer> {
        if (asked.method != "POST" || ++posts > 1) return std::nullopt;
        Answer answer;
        cut(answer);
        return answer;
      };
    const auto first = world.pass_gate();
    CHECK(code_of(first) == (done ? "none" : "outcome_unknown"));
    must(world.pass_gate());
    CHECK(world.forge.checks().size() == 1);
    CHECK(world.gate() == Verdict::passed);
  }
}

TEST_CASE("a gate that is not by a forge's check never falls back to the ledger") {
  ForgeWorld world(
      "gates:\n  preprod-tests: {ledger: true, environment: preprod}\nrelease: {gates: [preprod-tests]}\n");
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  CHECK(world.gate_verdict().code == ErrorCode::unsupported);
  CHECK(world.gate_verdict().message.find("gates.preprod-tests.ledger") != std::string::npos);
  CHECK(code_of(world.pass_gate()) == "unsupported");
  CHECK(world.forge.checks().empty());
  CHECK(code_of(world.release()) == "unsupported");
}

TEST_CASE("a release by a commit that is not on main is refused before anything is written") {
  ForgeWorld world;
  world.make_releasable();
  const std::string side = world.forge.commit("side", world.first);
  world.twin.put(std::string(oci_index_type), sample_index(side), "main-" + side);
  world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name, .sha = side, .digest = world.digest()});
  CHECK(code_of(world.client().promoter().release({.version = "1.0.0", .sha = side})) == "not_on_main");
  CHECK(world.forge.tags() == 0);
}

TEST_CASE("reviews decide a gate 'approved': the head, not the author, and the last word of each") {
  const std::string gates = "gates:\n  reviewed: {approved: 2}\nrelease: {gates: [reviewed]}\n";
  ForgeWorld world(gates);
  must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
  const std::string head = world.forge.commit("feature", world.first);
  const std::string older(40, 'b');
  const auto reason = [&] {
    return must(world.client().promoter().gate_show({.sha = world.second, .gate = "reviewed"})).gates.front().reason;
  };
  CHECK(reason() == "no_pull_request");
  world.forge.add({.number = 6, .head = head, .merge_commit = world.second, .base = "develop"});
  world.forge.add({.number = 7, .head = head, .merge_commit = world.second});
  CHECK(reason() == "no_approval");
  world.forge.review(7, "grace", "APPROVED", head);
  world.forge.review(7, "passer-by", "APPROVED", head, "NONE");
  world.forge.review(7, "linus", "APPROVED", head);
  world.forge.review(7, "ken", "APPROVED", older);
  CHECK(reason() == "outdated");
  world.forge.review(7, "ken", "APPROVED", head);
  world.forge.review(7, "ken", "COMMENTED", head);
  CHECK(reason().empty());
  world.forge.review(7, "linus", "CHANGES_REQUESTED", head);
  CHECK(reason() == "changes_requested");
  world.forge.review(7, "linus", "DISMISSED", head);
  CHECK(reason() == "no_approval");
  world.forge.review(7, "linus", "APPROVED", head);
  CHECK(code_of(world.release()) == "none");
}
