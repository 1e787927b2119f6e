#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

constexpr std::string_view two_services = R"(apiVersion: samebits/v1
services:
  api: {image: ghcr.io/acme/api, source: https://github.com/acme/api}
  web: {image: ghcr.io/acme/web, source: https://github.com/acme/api}
tags: {git: "{service}/v{version}"}
environments:
  stage-a: {track: snapshot, values: "a/{service}.yaml", lockstep: stages}
  stage-b: {track: snapshot, values: "b/{service}.yaml", lockstep: stages}
  prod: {track: release, values: "prod/{service}.yaml"}
gates: {}
release: {from: stage-a, gates: []}
)";

}  // namespace

TEST_CASE("a snapshot is promoted with its digest and the record that it replaces") {
  PlanWorld at;
  at.runs("preprod", snapshot('4'), '4');
  const Decision decision = must(at.decide(promote('5')));
  CHECK(actions(decision) == "edit");
  const ImageDecision& image = decision.images.front();
  CHECK(image.tag == snapshot('5'));
  CHECK(image.snapshot == snapshot('5'));
  CHECK(image.digest == digest('5'));
  const TargetDecision& target = decision.targets.front();
  CHECK(target.before == snapshot('4'));
  CHECK(target.writes.front().text == snapshot('5'));
  CHECK(target.writes.back().text == digest('5').str());
  CHECK(target.record->digest == digest('5'));
  CHECK(target.record->operation == "promote");
  CHECK(target.record->replaced == Replaced{.tag = snapshot('4'), .digest = digest('4')});
  CHECK(target.record->previous == at.truth.chains.at(at.target("preprod")).front().blob);
  CHECK_FALSE(decision.git_tag);
}

TEST_CASE("the first promotion replaces nothing and follows no record") {
  PlanWorld at;
  const Decision decision = must(at.decide(promote('5')));
  CHECK(actions(decision) == "edit");
  CHECK_FALSE(decision.targets.front().record->replaced);
  CHECK_FALSE(decision.targets.front().record->previous);
}

TEST_CASE("what runs already is left alone") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5');
  const Decision decision = must(at.decide(promote('5')));
  CHECK(actions(decision) == "none");
  CHECK(decision.targets_done());
  CHECK(decision.targets.front().record->promotion_id == std::string(64, '7'));
  CHECK(decision.warnings.empty());
}

TEST_CASE("a value that equals the target and has no record is done with a warning, and adopted where asked") {
  PlanWorld at;
  at.has("preprod", snapshot('5'));
  const Decision done = must(at.decide(promote('5')));
  CHECK(actions(done) == "none");
  CHECK(done.warnings.size() == 1);
  const Decision adopted = must(at.decide(adopting(promote('5'))));
  CHECK(actions(adopted) == "edit");
  CHECK(adopted.warnings.empty());
  CHECK_FALSE(adopted.targets.front().record->replaced);
}

TEST_CASE("a key that someone changed behind the tag is set again") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5');
  ValuesFacts values = *at.truth.values.at(at.target("preprod"));
  values.texts["image.digest"] = digest('6').str();
  at.truth.values.insert_or_assign(at.target("preprod"), values);
  const Decision decision = must(at.decide(promote('5')));
  CHECK(actions(decision) == "edit");
  CHECK_FALSE(decision.targets.front().record->replaced);
  CHECK(decision.targets.front().record->previous);
}

TEST_CASE("a first value that a person wrote is promoted over, with its digest where it still has one") {
  PlanWorld at;
  at.has("preprod", snapshot('4'));
  const Decision known = must(at.decide(promote('5')));
  CHECK(known.targets.front().record->replaced == Replaced{.tag = snapshot('4'), .digest = digest('4')});
  CHECK_FALSE(known.targets.front().record->previous);
  at.no_image(snapshot('4'));
  const Decision gone = must(at.decide(promote('5')));
  CHECK(gone.targets.front().record->replaced == Replaced{.tag = snapshot('4'), .digest = {}});
}

TEST_CASE("a value that disagrees with the record is not covered by it") {
  PlanWorld at;
  at.runs("preprod", snapshot('3'), '3').has("preprod", snapshot('4'));
  const Decision decision = must(at.decide(promote('5')));
  CHECK(decision.targets.front().record->replaced == Replaced{.tag = snapshot('4'), .digest = digest('4')});
  CHECK(decision.targets.front().record->previous);
}

TEST_CASE("what runs and is no tag of the track is promoted over only where that is asked for") {
  for (const std::string& text : {std::string("latest"), std::string("v1.0.0"), "pr-1-" + std::string(40, '1'),
                                  std::string("main-4f9d"), std::string("a b\n")}) {
    CAPTURE(text);
    PlanWorld at;
    at.has("preprod", text);
    CHECK(at.outcome(promote('5')) == "unknown_current");
    CHECK(at.outcome(adopting(promote('5'))) == "edit");
  }
}

TEST_CASE("an environment moves forward only, and adopting does not change that") {
  for (const bool adopt : {false, true}) {
    const auto wanted = [adopt](char at) { return adopt ? adopting(promote(at)) : promote(at); };
    PlanWorld newer;
    newer.runs("preprod", snapshot('6'), '6');
    CHECK(newer.outcome(wanted('5')) == "would_move_backwards");
    CHECK(newer.decide(wanted('5')).error().hint == "if that is meant: samebits rollback preprod --to <tag>");
    PlanWorld by_hand;
    by_hand.has("preprod", snapshot('6'));
    CHECK(by_hand.outcome(wanted('5')) == "would_move_backwards");
    PlanWorld diverged;
    diverged.has("preprod", snapshot('a'));
    CHECK(diverged.outcome(wanted('5')) == "diverged");
    PlanWorld gone;
    gone.has("preprod", snapshot('e'));
    CHECK(gone.outcome(wanted('5')) == "diverged");
  }
}

TEST_CASE("only commits on the protected branch are promoted") {
  PlanWorld at;
  CHECK(at.outcome(promote('9')) == "edit");
  CHECK(at.outcome(promote('a')) == "not_on_main");
  CHECK(at.outcome(promote('e')) == "commit_missing");
  at.truth.main_tips.insert_or_assign("api", commit('4'));
  CHECK(at.outcome(promote('5')) == "not_on_main");
  at.truth.main_tips.insert_or_assign("api", Known<CommitId>::absent());
  CHECK(at.outcome(promote('5')) == "commit_missing");
}

TEST_CASE("a commit without an image cannot be promoted") {
  PlanWorld at;
  at.no_image(snapshot('5'));
  CHECK(at.outcome(promote('5')) == "image_missing");
}

TEST_CASE("a tag that was moved since its promotion is a conflict") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5').image(snapshot('5'), '6');
  CHECK(at.outcome(promote('5')) == "digest_mismatch");
  CHECK(at.outcome(adopting(promote('5'))) == "digest_mismatch");
}

TEST_CASE("an environment takes the tags of its track") {
  PlanWorld at;
  CHECK(at.outcome(promote('5', "prod")) == "wrong_track");
  CHECK(at.outcome(promote('5', "production")) == "wrong_track");
  CHECK(at.outcome(promote('5', "preview")) == "wrong_track");
  CHECK(at.outcome(promote('5', "pr-42")) == "bad_request");
  CHECK(at.decide(promote('5', "preprd")).error().hint == "did you mean 'preprod'?");
}

TEST_CASE("an environment without its values file is not promoted to") {
  PlanWorld at;
  at.truth.values.erase(at.target("preprod"));
  CHECK(at.outcome(promote('5')) == "file_missing");
}

TEST_CASE("members of a group and several services land together or not at all") {
  PlanWorld at(two_services);
  Intent both = promote('5', "stages");
  both.services = {"api", "web", "api"};
  const Decision decision = must(at.decide(both));
  CHECK(actions(decision) == "edit edit edit edit");
  CHECK(decision.images.size() == 2);
  CHECK(decision.targets[3].rule.target == at.target("stage-b", "web"));
  CHECK(decision.targets[3].record->service == "web");
  CHECK(at.outcome(promote('5', "stages")) == "bad_request");
  both.environment = "stage-a";
  CHECK(at.decide(both).error().hint == "name the group 'stages'");
  both.environment = "stages";
  at.has("stage-b", snapshot('6'), "web");
  CHECK(at.outcome(both) == "would_move_backwards");
  CHECK(at.decide(both).error().hint == "if that is meant: samebits rollback stages --to <tag>");
  both.services = {"wb"};
  CHECK(at.decide(both).error().hint == "did you mean 'web'?");
}

TEST_CASE("a resumed group changes only the member that is behind") {
  PlanWorld at(two_services);
  at.runs("stage-a", snapshot('5'), '5').runs("stage-b", snapshot('4'), '4');
  Intent one = promote('5', "stages");
  one.services = {"api"};
  CHECK(at.outcome(one) == "none edit");
}

TEST_CASE("writes are filled in with what is promoted") {
  PlanWorld at(R"(apiVersion: samebits/v1
services:
  api: {image: ghcr.io/acme/api, source: ../api}
environments:
  preprod: {track: snapshot, values: "{service}.yaml"}
writes:
- {path: image, value: "{image}:{tag}@{digest}"}
- {path: from, value: "{service} {environment} {sha}", when: always}
)");
  const Target preprod = at.target("preprod");
  const auto current = [&](std::string text) {
    at.truth.values.insert_or_assign(preprod,
                                     ValuesFacts{.blob = blob(std::string(40, '0')), .texts = {{"image", text}}});
  };
  current("ghcr.io/acme/api:" + snapshot('4') + "@" + digest('4').str());
  const Decision decision = must(at.decide(promote('5')));
  CHECK(decision.targets.front().before == snapshot('4'));
  CHECK(decision.targets.front().writes[0].text == "ghcr.io/acme/api:" + snapshot('5') + "@" + digest('5').str());
  CHECK(decision.targets.front().writes[1].text == "api preprod " + commit('5').str());
  for (const char* text : {"ghcr.io/other/api:v1@sha256:x", "ghcr.io/acme/api:main-x"}) {
    current(text);
    CHECK(at.outcome(promote('5')) == "unknown_current");
  }
}

TEST_CASE("a version is written by releases and rollbacks only") {
  PlanWorld at;
  at.pipeline.writes.push_back({.path = "app.version", .value = "{version}", .when = WriteWhen::present});
  CHECK(must(at.decide(promote('5'))).targets.front().writes.size() == 2);
  at.passes('5');
  const Decision decision = must(at.decide(release("1.0.0")));
  REQUIRE(decision.targets.front().writes.size() == 3);
  CHECK(decision.targets.front().writes.back().text == "1.0.0");
}

TEST_CASE("an intent without what its operation is about is refused, not planned") {
  PlanWorld at;
  for (const Operation operation : {Operation::promote, Operation::preview_up, Operation::gate_post}) {
    Intent intent{.operation = operation, .environment = "preprod", .number = 42, .gate = "preprod-tests"};
    const auto decision = at.decide(intent);
    REQUIRE_FALSE(decision.has_value());
    CHECK(decision.error().code == ErrorCode::bad_request);
    CHECK(decision.error().message == "the request names no commit");
  }
  const auto release = at.decide(Intent{.operation = Operation::release});
  REQUIRE_FALSE(release.has_value());
  CHECK(release.error().message == "the request names no version");
}

}  // namespace samebits::test
