#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

const PlanWorld world;
const Service& api = world.pipeline.services.front();

/// Verdict and reason on the evidence, oldest first, for commit 5 with digest 5.
std::string judge(const GateRule& gate, std::vector<EvidenceItem> items) {
  const auto judged =
      judge_evidence(gate, {.items = std::move(items)}, {.service = api, .commit = commit('5'), .digest = digest('5')});
  const bool agrees = (judged.verdict == Verdict::passed) == !judged.code;
  return std::string(to_string(judged.verdict)) + " " + judged.reason + (agrees ? "" : " code?");
}

const GateRule tests{.name = "tests"};
const GateRule in_preprod{.name = "tests", .environment = "preprod"};
const GateRule by_commit{.name = "tests", .needs_digest = false};

EvidenceItem item(std::string_view conclusion, char bits, std::string_view environment = "") {
  return evidence_item("tests", conclusion, bits, environment);
}

}  // namespace

TEST_CASE("nothing but success passes") {
  CHECK(judge(tests, {item("success", '5')}) == "passed unverified");
  for (const char* conclusion :
       {"failure", "cancelled", "skipped", "neutral", "timed_out", "stale", "error", "action_required",
        "startup_failure", "Success", "SUCCESS", " success", "passed", "", "x"})
    CHECK(judge(tests, {item(conclusion, '5')}) == "failed conclusion");
  for (const char* conclusion : {"pending", "queued", "in_progress"})
    CHECK(judge(tests, {item(conclusion, '5')}) == "pending conclusion");
}

TEST_CASE("a producer whose identity is not proven is reported") {
  EvidenceItem proven = item("success", '5');
  proven.verified = true;
  CHECK(judge(tests, {proven}) == "passed ");
  CHECK(judge(tests, {proven, item("success", '5')}) == "passed unverified");
}

TEST_CASE("the last record of a gate and digest decides") {
  CHECK(judge(tests, {item("success", '5'), item("failure", '5')}) == "failed conclusion");
  CHECK(judge(tests, {item("failure", '5'), item("success", '5')}) == "passed unverified");
  CHECK(judge(tests, {item("success", '5'), item("pending", '5')}) == "pending conclusion");
  CHECK(judge(tests, {item("success", '5'), item("failure", '6')}) == "passed unverified");
  CHECK(judge(tests, {item("failure", '5'), item("success", '6')}) == "failed conclusion");
  CHECK(judge(tests, {item("success", '5'), evidence_item("other", "failure", '5', "")}) == "passed unverified");
}

TEST_CASE("evidence names the digest, unless the gate is about the commit") {
  CHECK(judge(tests, {}) == "missing no_evidence");
  CHECK(judge(tests, {item("success", 0)}) == "missing no_digest");
  CHECK(judge(tests, {item("success", '6')}) == "missing other_digest");
  CHECK(judge(tests, {item("success", '6'), item("success", 0)}) == "missing other_digest");
  CHECK(judge(by_commit, {item("success", 0)}) == "passed unverified");
  CHECK(judge(by_commit, {item("success", 0), item("failure", '5')}) == "failed conclusion");
  CHECK(judge(by_commit, {item("success", '6')}) == "missing other_digest");
}

TEST_CASE("evidence of another environment does not count") {
  CHECK(judge(in_preprod, {item("success", '5', "preprod")}) == "passed unverified");
  CHECK(judge(in_preprod, {item("success", '5', "dev")}) == "missing other_environment");
  CHECK(judge(in_preprod, {item("success", '5')}) == "missing other_environment");
  CHECK(judge(in_preprod, {item("failure", '5', "dev"), item("success", '5', "preprod")}) == "passed unverified");
  CHECK(judge(tests, {item("success", '5', "anywhere")}) == "passed unverified");
}

TEST_CASE("a ledger gate may be recorded under another name") {
  const GateRule named{.name = "tests", .source = GateSource::ledger, .subject = "e2e"};
  CHECK(judge(named, {evidence_item("e2e", "success", '5', "")}) == "passed unverified");
  CHECK(judge(named, {item("success", '5')}) == "missing no_evidence");
  CHECK(judge({.name = "tests", .source = GateSource::ledger}, {item("success", '5')}) == "passed unverified");
}

TEST_CASE("a conclusion is shown without what it would do to a terminal") {
  const auto judged = judge_evidence(tests, {.items = {item("\x1b[31m", '5')}},
                                     {.service = api, .commit = commit('5'), .digest = digest('5')});
  CHECK(judged.message == "its newest conclusion is '?[31m'");
}

TEST_CASE("a source that cannot be read is the verdict error with its cause's code") {
  PlanWorld at;
  at.passes('5');
  at.truth.evidence.insert_or_assign({"api", commit('5').str()},
                                     Error{.code = ErrorCode::unreachable, .message = "no route"});
  CHECK(at.outcome(release("1.0.0", '5')) == "unreachable");
  CHECK(at.decide(release("1.0.0", '5')).error().message.find("gate 'preprod-tests' is error") != std::string::npos);
}

TEST_CASE("what was deployed is judged by the bits in the records") {
  const auto judge_deployed = [](PlanWorld& at, char about, char bits) {
    const GateRule& gate = *at.pipeline.find_gate("ran-in-preprod");
    const GateSubject subject{.service = at.pipeline.services.front(), .commit = commit(about), .digest = digest(bits)};
    FactReader wanted(at.facts);
    must(want_gate(wanted, at.pipeline, gate, subject.service, subject.commit));
    for (const Need& need : wanted.needs()) at.answer(need);
    const FactReader reader(at.facts);
    const GateVerdict judged = judge_gate(reader, at.pipeline, gate, subject);
    for (const EvidenceItem& found : judged.evidence)
      CHECK(find_evidence(reader, at.pipeline, gate, subject, found.id) == found);
    CHECK_FALSE(find_evidence(reader, at.pipeline, gate, subject, "x"));
    return std::string(to_string(judged.verdict)) + " " + judged.reason;
  };
  PlanWorld never;
  CHECK(judge_deployed(never, '5', '5') == "missing not_deployed");
  PlanWorld now;
  now.runs("preprod", snapshot('5'), '5');
  CHECK(judge_deployed(now, '5', '5') == "passed ");
  PlanWorld once;
  once.runs("preprod", snapshot('5'), '5').runs("preprod", snapshot('6'), '6');
  CHECK(judge_deployed(once, '5', '5') == "passed ");
  PlanWorld rebuilt;
  rebuilt.runs("preprod", snapshot('5'), '5');
  CHECK(judge_deployed(rebuilt, '5', '7') == "missing other_digest");
  PlanWorld by_hand;
  by_hand.has("preprod", snapshot('5'));
  CHECK(judge_deployed(by_hand, '5', '5') == "error unrecorded");
  PlanWorld edited_since;
  edited_since.runs("preprod", snapshot('5'), '5').runs("preprod", snapshot('6'), '6').has("preprod", snapshot('7'));
  CHECK(judge_deployed(edited_since, '6', '6') == "error unrecorded");
  CHECK(judge_deployed(edited_since, '5', '5') == "passed ");
  PlanWorld no_file;
  no_file.truth.values.erase(no_file.target("preprod"));
  CHECK(judge_deployed(no_file, '5', '5') == "missing not_deployed");
}

TEST_CASE("a refusal comes before what is pending, and the first one is named") {
  const GateSubject subject{.service = api, .commit = commit('5'), .digest = digest('5')};
  const auto verdict = [](std::string name, Verdict value, ErrorCode code) {
    return GateVerdict{.name = std::move(name), .verdict = value, .code = code};
  };
  const GateVerdict passed{.name = "a", .verdict = Verdict::passed};
  const GateVerdict pending = verdict("b", Verdict::pending, ErrorCode::gate_pending);
  const GateVerdict failed = verdict("c", Verdict::failed, ErrorCode::gate_failed);
  const GateVerdict ambiguous = verdict("d", Verdict::ambiguous, ErrorCode::gate_ambiguous);
  CHECK(require_passed({}, subject));
  CHECK(require_passed({passed}, subject));
  CHECK(code_of(require_passed({passed, pending}, subject)) == "gate_pending");
  CHECK(code_of(require_passed({pending, failed}, subject)) == "gate_failed");
  CHECK(code_of(require_passed({ambiguous, failed}, subject)) == "gate_ambiguous");
  CHECK(require_passed({pending, failed}, subject).error().message.find("(not passed in all: 2)") != std::string::npos);
  CHECK(code_of(require_passed({{.name = "x", .verdict = Verdict::missing}}, subject)) == "gate_missing");
}

TEST_CASE("an unknown gate is refused with those that there are") {
  const auto unknown = gates_of(world.pipeline, {"preprod-test"});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::bad_request);
  CHECK(unknown.error().hint == "it has: preprod-tests, ran-in-preprod");
}

TEST_CASE("a gate that a hand-made pipeline binds to no environment is a configuration error") {
  PlanWorld at;
  at.pipeline.gates = {{.name = "ran", .source = GateSource::deployed_in, .subject = "nowhere"}};
  at.pipeline.release.gates = {"ran"};
  CHECK(at.outcome(release("1.0.0", '5')) == "bad_config");
  const FactReader reader(at.facts);
  const GateSubject subject{.service = at.pipeline.services.front(), .commit = commit('5'), .digest = digest('5')};
  CHECK(judge_gate(reader, at.pipeline, at.pipeline.gates.front(), subject).verdict == Verdict::error);
  CHECK_FALSE(find_evidence(reader, at.pipeline, at.pipeline.gates.front(), subject, "x"));
}

}  // namespace samebits::test
