#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

/// Commit 5 ran in preprod and passed its gates; nothing was released.
PlanWorld releasable() {
  PlanWorld at;
  at.passes('5');
  return at;
}

PlanWorld released(std::string_view tag = "v1.0.0", char bits = '5') {
  PlanWorld at = releasable();
  at.runs("prod", tag, bits, "release").runs("dev", tag, bits, "release");
  at.git_tag(tag, bits, bits).image(tag, bits);
  return at;
}

std::string steps(const Decision& decision) {
  return std::string(decision.git_tag->exists ? "kept" : "create") + " " +
         (decision.image_tag->exists ? "kept" : "create") + " " + actions(decision);
}

}  // namespace

TEST_CASE("a release takes what preprod runs, with its gates and its bits") {
  PlanWorld at = releasable();
  const Decision decision = must(at.decide(release("1.0.0")));
  CHECK(steps(decision) == "create create edit edit");
  const ImageDecision& image = decision.images.front();
  CHECK(image.tag == "v1.0.0");
  CHECK(image.version == "1.0.0");
  CHECK(image.snapshot == snapshot('5'));
  CHECK(image.digest == digest('5'));
  CHECK(image.commit == commit('5'));
  CHECK(decision.git_tag->name == "v1.0.0");
  CHECK(decision.gates.size() == 2);
  const std::vector<std::string> lines = {"preprod-tests passed " + decision.gates[0].evidence[0].id,
                                          "ran-in-preprod passed " + decision.gates[1].evidence[0].id};
  for (const TargetDecision& target : decision.targets) CHECK(target.record->gates == lines);
}

TEST_CASE("a release resumes after every step") {
  PlanWorld tagged = releasable();
  tagged.git_tag("v1.0.0", '5', '5');
  CHECK(steps(must(tagged.decide(release("1.0.0")))) == "kept create edit edit");
  tagged.image("v1.0.0", '5');
  CHECK(steps(must(tagged.decide(release("1.0.0")))) == "kept kept edit edit");
  tagged.runs("prod", "v1.0.0", '5', "release");
  CHECK(steps(must(tagged.decide(release("1.0.0")))) == "kept kept none edit");
  tagged.runs("dev", "v1.0.0", '5', "release");
  CHECK(steps(must(tagged.decide(release("1.0.0")))) == "kept kept none none");
}

TEST_CASE("a version that was begun keeps its commit, whatever moved since") {
  PlanWorld at = releasable();
  at.git_tag("v1.0.0", '5', '5').passes('6');
  CHECK(must(at.decide(release("1.0.0"))).images.front().commit == commit('5'));
  Intent main = release("1.0.0");
  main.main_tip = true;
  CHECK(must(at.decide(main)).images.front().commit == commit('5'));
  CHECK(at.outcome(release("1.0.0", '6')) == "tag_exists");
}

TEST_CASE("a complete release is reported as it was decided, without asking its gates again") {
  PlanWorld at = releasable();
  const Decision first = must(at.decide(release("1.0.0")));
  at.runs("prod", "v1.0.0", '5', "release").runs("dev", "v1.0.0", '5', "release");
  at.git_tag("v1.0.0", '5', '5').image("v1.0.0", '5');
  for (const char* environment : {"prod", "dev"}) {
    StoredRecord stored = *at.truth.records.at(at.target(environment));
    change(stored, [&](Record& record) { record.gates = first.targets.front().record->gates; });
    at.truth.records.insert_or_assign(at.target(environment), stored);
  }
  at.evidence('5', evidence_item("preprod-tests", "failure", '5'));
  const Decision again = must(at.decide(release("1.0.0")));
  CHECK(again.targets_done());
  REQUIRE(again.gates.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(again.gates[i].name == first.gates[i].name);
    CHECK(again.gates[i].verdict == first.gates[i].verdict);
    CHECK(again.gates[i].reason == first.gates[i].reason);
    CHECK(again.gates[i].evidence == first.gates[i].evidence);
  }
}

TEST_CASE("gates of a record that say nothing any more are shown as far as they are known") {
  PlanWorld at = released();
  StoredRecord stored = *at.truth.records.at(at.target("prod"));
  change(stored, [](Record& record) {
    record.gates = {"preprod-tests passed gone", "old-gate passed 1 2", "broken", "odd good"};
  });
  at.truth.records.insert_or_assign(at.target("prod"), stored);
  const Decision decision = must(at.decide(release("1.0.0")));
  REQUIRE(decision.gates.size() == 3);
  CHECK(decision.gates[0].evidence.front().id == "gone");
  CHECK(decision.gates[1].evidence.size() == 2);
  CHECK(decision.gates[2].verdict == Verdict::error);
}

TEST_CASE("each gate that does not pass refuses the release with its code") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5');
  CHECK(at.outcome(release("1.0.0")) == "gate_missing");
  at.evidence('5', evidence_item("preprod-tests", "pending", '5'));
  CHECK(at.outcome(release("1.0.0")) == "gate_pending");
  at.evidence('5', evidence_item("preprod-tests", "failure", '5'));
  CHECK(at.outcome(release("1.0.0")) == "gate_failed");
  at.evidence('5', evidence_item("preprod-tests", "success", '6'));
  CHECK(at.outcome(release("1.0.0")) == "gate_failed");
  at.evidence('5', evidence_item("preprod-tests", "success", '5', "dev"));
  CHECK(at.outcome(release("1.0.0")) == "gate_failed");
  at.evidence('5', evidence_item("preprod-tests", "success", '5'));
  CHECK(at.outcome(release("1.0.0")) == "edit edit");
  CHECK(at.outcome(release("1.0.0", '6')) == "gate_missing");
  PlanWorld by_hand;
  by_hand.has("preprod", snapshot('5')).evidence('5', evidence_item("preprod-tests", "success", '5'));
  CHECK(by_hand.outcome(release("1.0.0")) == "unverified");
}

TEST_CASE("the tag of a snapshot that was moved behind its environment releases nothing") {
  PlanWorld at = releasable();
  at.pipeline.release.gates.clear();
  at.image(snapshot('5'), '7');
  CHECK(at.outcome(release("1.0.0")) == "digest_mismatch");
}

TEST_CASE("a version is newer than what the group runs") {
  PlanWorld at = released("v1.0.0", '4');
  at.passes('5');
  CHECK(at.outcome(release("1.0.1")) == "edit edit");
  CHECK(at.outcome(release("0.9.9")) == "version_not_newer");
  CHECK(at.outcome(adopting(release("0.9.9"))) == "version_not_newer");
  CHECK(at.outcome(release("1.0.0", '5')) == "tag_exists");
}

TEST_CASE("a release that was left since is superseded and never moves the group back") {
  PlanWorld at = released("v1.0.0", '4');
  at.runs("prod", "v1.1.0", '5', "release").runs("dev", "v1.1.0", '5', "release");
  at.git_tag("v1.1.0", '5', '5').image("v1.1.0", '5');
  CHECK(at.outcome(release("1.0.0")) == "superseded");
  CHECK(at.decide(release("1.0.0")).error().hint ==
        "to go back to it: samebits rollback production --to v1.0.0 --service api");
  at.runs("prod", "v1.0.0", '4', "rollback").runs("dev", "v1.0.0", '4', "rollback");
  CHECK(at.outcome(release("1.1.0")) == "superseded");
  CHECK(at.outcome(adopting(release("1.1.0"))) == "superseded");
  CHECK(at.outcome(release("1.0.0")) == "none none");
  CHECK(must(at.decide(release("1.0.0"))).targets.back().record->operation == "release");
}

TEST_CASE("a lone environment is named by its own name where a release is superseded") {
  PlanWorld at = released("v1.0.0", '4');
  for (Environment& environment : at.pipeline.environments) environment.lockstep.clear();
  for (const char* environment : {"prod", "dev"}) at.has(environment, "");
  CHECK(at.decide(release("1.0.0")).error().hint ==
        "to go back to it: samebits rollback prod --to v1.0.0 --service api");
  CHECK(at.decide(release("1.0.0")).error().message == "v1.0.0 was released and left since: 'prod' runs nothing now");
}

TEST_CASE("a member that a person moved is brought to the version that the other runs") {
  PlanWorld at = released("v1.0.0", '5');
  at.has("dev", "v0.9.0");
  CHECK(at.outcome(release("1.0.0")) == "none edit");
  at.has("dev", "v1.1.0");
  CHECK(at.outcome(release("1.0.0")) == "version_not_newer");
  at.has("dev", "latest");
  CHECK(at.outcome(release("1.0.0")) == "unknown_current");
  CHECK(at.outcome(adopting(release("1.0.0"))) == "none edit");
}

TEST_CASE("a published version is never moved") {
  PlanWorld other_commit = releasable();
  other_commit.git_tag("v1.0.0", '4', '4');
  CHECK(other_commit.outcome(release("1.0.0", '5')) == "tag_exists");
  PlanWorld other_bits = releasable();
  other_bits.git_tag("v1.0.0", '5', '6');
  CHECK(other_bits.outcome(release("1.0.0")) == "tag_exists");
  PlanWorld other_service = releasable();
  other_service.git_tag("v1.0.0", '5', '5', "web");
  other_service.truth.git_tags.insert_or_assign({"api", "v1.0.0"}, *other_service.truth.git_tags.at({"web", "v1.0.0"}));
  CHECK(other_service.outcome(release("1.0.0")) == "tag_exists");
  PlanWorld plain = releasable();
  for (const char* message : {"", "Release\n\nService: api\n", "Service: api\nImage-Digest: x\nPromotion-Id: 1\n"}) {
    plain.truth.git_tags.insert_or_assign({"api", "v1.0.0"},
                                          GitTag{.name = "v1.0.0", .commit = commit('5'), .message = message});
    CHECK(plain.outcome(release("1.0.0")) == "tag_exists");
  }
  PlanWorld other_image = releasable();
  other_image.image("v1.0.0", '6');
  CHECK(other_image.outcome(release("1.0.0")) == "tag_exists");
}

TEST_CASE("a release whose snapshot's tag is gone still knows its bits") {
  PlanWorld at = released();
  at.no_image(snapshot('5'));
  CHECK(at.outcome(release("1.0.0")) == "none none");
  at.image("v1.0.0", '6');
  CHECK(at.outcome(release("1.0.0")) == "image_missing");
  PlanWorld fresh = releasable();
  fresh.no_image(snapshot('5'));
  CHECK(fresh.outcome(release("1.0.0")) == "image_missing");
}

TEST_CASE("only what is on the protected branch is released") {
  PlanWorld at;
  at.passes('a');
  CHECK(at.outcome(release("1.0.0")) == "not_on_main");
  CHECK(at.outcome(release("1.0.0", 'e')) == "commit_missing");
  PlanWorld main = releasable();
  main.truth.main_tips.insert_or_assign("api", commit('5'));
  Intent tip = release("1.0.0");
  tip.main_tip = true;
  CHECK(must(main.decide(tip)).images.front().commit == commit('5'));
  main.truth.main_tips.clear();
  CHECK(main.outcome(tip) == "commit_missing");
}

TEST_CASE("a release without a snapshot to take says what to do") {
  PlanWorld at;
  CHECK(at.outcome(release("1.0.0")) == "unknown_current");
  CHECK(at.decide(release("1.0.0")).error().message == "nothing was promoted to 'preprod' yet");
  at.has("preprod", "latest");
  CHECK(at.decide(release("1.0.0")).error().message == "'preprod' runs 'latest', which is no snapshot");
  at.pipeline.release.from = "nowhere";
  CHECK(at.outcome(release("1.0.0")) == "bad_config");
}

TEST_CASE("a pre-release goes only where that is allowed") {
  PlanWorld at = releasable();
  CHECK(at.outcome(release("1.0.0-rc.1")) == "wrong_track");
  for (Environment& environment : at.pipeline.environments) environment.pre_release = true;
  CHECK(at.outcome(release("1.0.0-rc.1")) == "edit edit");
}

TEST_CASE("a version is of one service and its tag is legal") {
  PlanWorld at = releasable();
  for (Environment& environment : at.pipeline.environments) environment.pre_release = true;
  CHECK(at.outcome(release("1.0.0-" + std::string(130, 'a'))) == "bad_version");
  at.pipeline.services.push_back(at.pipeline.services.front());
  at.pipeline.services.back().name = "web";
  Intent both = release("1.0.0");
  CHECK(at.outcome(both) == "bad_request");
  both.services = {"api", "web"};
  CHECK(at.outcome(both) == "bad_request");
}

TEST_CASE("a pipeline without an environment for releases says so") {
  PlanWorld at = releasable();
  std::erase_if(at.pipeline.environments,
                [](const Environment& environment) { return environment.track == Track::release; });
  CHECK(at.outcome(release("1.0.0")) == "bad_request");
}

TEST_CASE("a record of the version with other bits is a conflict") {
  PlanWorld at = released();
  at.image(snapshot('5'), '5').runs("prod", "v1.0.0", '6', "release");
  CHECK(at.outcome(release("1.0.0")) == "digest_mismatch");
}

}  // namespace samebits::test
