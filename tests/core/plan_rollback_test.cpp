#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

/// prod and dev ran v1.0.0, then v1.1.0.
PlanWorld released_twice() {
  PlanWorld at;
  for (const char* environment : {"prod", "dev"})
    at.runs(environment, "v1.0.0", '2', "release").runs(environment, "v1.1.0", '3', "release");
  at.image("v1.0.0", '2').image("v1.1.0", '3');
  return at;
}

}  // namespace

TEST_CASE("a group goes back to a tag of its records, with the bits that they name") {
  PlanWorld at = released_twice();
  const Decision decision = must(at.decide(rollback("production", "v1.0.0")));
  CHECK(actions(decision) == "edit edit");
  CHECK(decision.images.size() == 1);
  CHECK(decision.images.front().digest == digest('2'));
  CHECK(decision.images.front().commit == commit('2'));
  CHECK(decision.images.front().snapshot == snapshot('2'));
  CHECK(decision.images.front().version == "1.0.0");
  CHECK(decision.targets.front().record->operation == "rollback");
  CHECK(decision.targets.front().record->replaced == Replaced{.tag = "v1.1.0", .digest = digest('3')});
  CHECK_FALSE(decision.git_tag);
}

TEST_CASE("a rollback to what runs changes nothing") {
  PlanWorld at = released_twice();
  CHECK(at.outcome(rollback("production", "v1.1.0")) == "none none");
}

TEST_CASE("a rollback goes only to what the chain recorded or replaced") {
  PlanWorld at = released_twice();
  at.image("v0.9.0", '1');
  CHECK(at.outcome(rollback("production", "v0.9.0")) == "nothing_to_roll_back");
  PlanWorld first;
  for (const char* environment : {"prod", "dev"}) {
    first.runs(environment, "v1.0.0", '2', "release");
    change(first.truth.chains.at(first.target(environment)).front(),
           [](Record& record) { record.replaced = Replaced{.tag = "v0.9.0", .digest = digest('1')}; });
  }
  first.image("v0.9.0", '1');
  const Decision decision = must(first.decide(rollback("production", "v0.9.0")));
  CHECK(actions(decision) == "edit edit");
  CHECK_FALSE(decision.images.front().commit);
  CHECK(decision.images.front().snapshot.empty());
  change(first.truth.chains.at(first.target("dev")).front(), [](Record& record) { record.replaced->digest.reset(); });
  CHECK(first.outcome(rollback("production", "v0.9.0")) == "unverified");
  PlanWorld nothing;
  CHECK(nothing.outcome(rollback("production", "v1.0.0")) == "nothing_to_roll_back");
}

TEST_CASE("a rollback needs the bits to be what the records say") {
  PlanWorld at = released_twice();
  at.image("v1.0.0", '7');
  CHECK(at.outcome(rollback("production", "v1.0.0")) == "digest_mismatch");
  at.no_image("v1.0.0");
  CHECK(at.outcome(rollback("production", "v1.0.0")) == "image_missing");
}

TEST_CASE("a rollback names a group, a lone environment or one preview") {
  PlanWorld at = released_twice();
  CHECK(at.outcome(rollback("prod", "v1.0.0")) == "bad_request");
  CHECK(at.outcome(rollback("preview", "pr-42-" + std::string(40, '4'))) == "bad_request");
  CHECK(at.outcome(rollback("pr-x", "pr-42-" + std::string(40, '4'))) == "bad_request");
  at.runs("preprod", snapshot('4'), '4').runs("preprod", snapshot('5'), '5');
  CHECK(at.outcome(rollback("preprod", snapshot('4'))) == "edit");
  at.runs("pr-42", "pr-42-" + std::string(40, '4'), '4').runs("pr-42", "pr-42-" + std::string(40, '5'), '5');
  CHECK(at.outcome(rollback("pr-42", "pr-42-" + std::string(40, '4'))) == "edit");
}

TEST_CASE("a rollback takes the tags of the track") {
  PlanWorld at = released_twice();
  CHECK(at.outcome(rollback("production", snapshot('4'))) == "wrong_track");
  CHECK(at.outcome(rollback("production", "latest")) == "bad_tag");
  CHECK(at.outcome(rollback("production", "main-4f9d")) == "bad_commit_id");
}

TEST_CASE("a rollback leads out of a value that a person wrote") {
  PlanWorld at = released_twice();
  at.has("prod", "latest");
  const Decision decision = must(at.decide(rollback("production", "v1.1.0")));
  CHECK(actions(decision) == "edit none");
  CHECK(decision.targets.front().record->replaced == Replaced{.tag = "latest", .digest = {}});
}

TEST_CASE("a group needs the tag in the records of every member") {
  PlanWorld at = released_twice();
  at.truth.chains.at(at.target("dev")).pop_back();
  change(at.truth.chains.at(at.target("dev")).front(), [](Record& record) { record.replaced.reset(); });
  CHECK(at.outcome(rollback("production", "v1.0.0")) == "nothing_to_roll_back");
}

}  // namespace samebits::test
