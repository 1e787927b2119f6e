#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

Intent about(Intent intent, char bits) {
  intent.digest = digest(bits);
  return intent;
}

}  // namespace

TEST_CASE("a gate of an environment is recorded for the bits that run there") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5');
  const Decision decision = must(at.decide(gate_post("preprod-tests", '5')));
  CHECK(decision.images.front().digest == digest('5'));
  CHECK(decision.images.front().tag == snapshot('5'));
  CHECK(decision.targets.empty());
  CHECK(at.outcome(about(gate_post("preprod-tests", '5'), '5')).empty());
}

TEST_CASE("a result about something that no longer runs is superseded") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5').runs("preprod", snapshot('6'), '6');
  CHECK(at.outcome(gate_post("preprod-tests", '5')) == "superseded");
  CHECK(at.outcome(about(gate_post("preprod-tests", '6'), '5')) == "superseded");
  PlanWorld empty;
  CHECK(empty.outcome(gate_post("preprod-tests", '5')) == "superseded");
}

TEST_CASE("a moved tag does not change what ran") {
  PlanWorld at;
  at.runs("preprod", snapshot('5'), '5').image(snapshot('5'), '7');
  CHECK(must(at.decide(gate_post("preprod-tests", '5'))).images.front().digest == digest('5'));
}

TEST_CASE("what runs without a record is not verified") {
  PlanWorld at;
  at.has("preprod", snapshot('5'));
  CHECK(at.outcome(gate_post("preprod-tests", '5')) == "unverified");
  CHECK(at.decide(gate_post("preprod-tests", '5')).error().hint ==
        "samebits promote preprod --sha " + commit('5').str() + " --adopt");
}

TEST_CASE("a gate of no environment is about the snapshot's bits, or those that are named") {
  PlanWorld at;
  at.pipeline.gates.push_back({.name = "scan", .source = GateSource::ledger});
  CHECK(must(at.decide(gate_post("scan", '5'))).images.front().digest == digest('5'));
  CHECK(must(at.decide(about(gate_post("scan", '5'), '6'))).images.front().digest == digest('6'));
  CHECK(must(at.decide(gate_post("scan", 'a'))).images.front().digest == digest('a'));
  at.no_image(snapshot('5'));
  CHECK(at.outcome(gate_post("scan", '5')) == "image_missing");
}

TEST_CASE("evidence is about a commit of the source") {
  PlanWorld at;
  at.runs("preprod", snapshot('e'), 'e');
  CHECK(at.outcome(gate_post("preprod-tests", 'e')) == "commit_missing");
  at.truth.main_tips.clear();
  CHECK(at.outcome(gate_post("preprod-tests", '5')) == "commit_missing");
}

TEST_CASE("evidence is posted for one service and a gate that takes it") {
  PlanWorld at;
  CHECK(at.outcome(gate_post("ran-in-preprod", '5')) == "bad_request");
  CHECK(at.outcome(gate_post("tests", '5')) == "bad_request");
  at.pipeline.gates.front().environment = "nowhere";
  CHECK(at.outcome(gate_post("preprod-tests", '5')) == "bad_config");
  at.pipeline.services.push_back(at.pipeline.services.front());
  at.pipeline.services.back().name = "web";
  Intent both = gate_post("preprod-tests", '5');
  both.services = {"api", "web"};
  CHECK(at.outcome(both) == "bad_request");
}

}  // namespace samebits::test
