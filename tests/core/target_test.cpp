#include <doctest/doctest.h>

#include <samebits/reports.hpp>
#include <samebits/tag_requests.hpp>

#include "core/release_tag.hpp"
#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

GateVerdict verdict(Verdict value, ErrorCode code) { return {.name = "g", .verdict = value, .code = code}; }

}  // namespace

TEST_CASE("a gate report ends as the release that it would refuse") {
  const GateVerdict passed{.name = "g", .verdict = Verdict::passed};
  const GateVerdict pending = verdict(Verdict::pending, ErrorCode::gate_pending);
  const GateVerdict failed = verdict(Verdict::failed, ErrorCode::gate_failed);
  CHECK(outcome_of(GateReport{}) == ErrorKind::none);
  CHECK(outcome_of(GateReport{.images = {}, .gates = {passed}}) == ErrorKind::none);
  CHECK(outcome_of(GateReport{.images = {}, .gates = {pending, passed}}) == ErrorKind::pending);
  CHECK(outcome_of(GateReport{.images = {}, .gates = {pending, failed}}) == ErrorKind::policy);
  CHECK(outcome_of(GateReport{.images = {}, .gates = {{.name = "g"}}}) == ErrorKind::policy);
  CHECK(outcome_of(GateReport{.images = {}, .gates = {failed}}, {.sha = {}, .exit_zero = true}) == ErrorKind::none);
}

TEST_CASE("a report with findings and a status with drift end as failures where that is asked for") {
  CHECK(outcome_of(Report{}) == ErrorKind::none);
  CHECK(outcome_of(Report{.findings = {Error{}}}) == ErrorKind::usage);
  const Status good{.gitops = {}};
  const Status apart{.gitops = {}, .environments = {}, .unfinished = {}, .drift = {"prod and dev are apart"}};
  const Status unfinished{
      .gitops = {}, .environments = {}, .unfinished = {{.service = "api", .version = "1.0.0", .missing = {}}}};
  CHECK(outcome_of(good, {.exit_code = true}) == ErrorKind::none);
  CHECK(outcome_of(apart, {}) == ErrorKind::none);
  CHECK(outcome_of(apart, {.exit_code = true}) == ErrorKind::policy);
  CHECK(outcome_of(unfinished, {.exit_code = true}) == ErrorKind::policy);
}

TEST_CASE("tags are read, written and sorted by the default spelling") {
  const std::string sha(40, 'a');
  CHECK(must(parse_tag({.tag = "v1.2.3"})).track() == Track::release);
  CHECK(must(format_tag({.track = Track::release, .version = "v1.2.3"})).str() == "v1.2.3");
  CHECK(must(format_tag({.track = Track::snapshot, .sha = sha})).str() == "main-" + sha);
  CHECK(must(format_tag({.track = Track::pull_request, .number = 42, .sha = sha})).str() == "pr-42-" + sha);
  CHECK(code_of(format_tag({.track = Track::release, .version = "1"})) == "bad_version");
  CHECK(code_of(format_tag({.track = Track::snapshot, .sha = "4f9d"})) == "bad_commit_id");
  CHECK(code_of(format_tag({.track = Track::pull_request, .number = 0, .sha = sha})) == "bad_request");
  const auto sorted = must(sort_tags({.tags = {"v1.10.0", "v1.9.0", "v1.9.0-rc.1"}}));
  CHECK(sorted.front().str() == "v1.9.0-rc.1");
  CHECK(sorted.back().str() == "v1.10.0");
  CHECK(code_of(sort_tags({.tags = {"v1.0.0", "latest"}})) == "bad_tag");
}

TEST_CASE("the annotation of a release's tag comes back as it was") {
  const ReleaseTagText text{.service = "api", .digest = digest('5'), .promotion_id = std::string(64, '7')};
  const GitTag tag{.name = "v1.2.3", .commit = commit('5'), .message = format_release_tag(text, "1.2.3")};
  CHECK(tag.message.starts_with("Release api 1.2.3\n\n"));
  const auto read = read_release_tag(tag);
  REQUIRE(read);
  CHECK(read->service == text.service);
  CHECK(read->digest == text.digest);
  CHECK(read->promotion_id == text.promotion_id);
  CHECK_FALSE(find_trailer("Service:api\nServices: x\n", "Service"));
}

TEST_CASE("targets are ordered by environment and service") {
  const PlanWorld at;
  CHECK(at.target("a", "z") < at.target("b", "a"));
  CHECK(at.target("a", "a") < at.target("a", "b"));
  CHECK(at.target("a", "a") == at.target("a", "a"));
}

TEST_CASE("a pull request's number is read from its environment's name alone") {
  Environment environment{
      .name = "preview", .track = Track::pull_request, .name_pattern = "pr-{number}-x", .values = {}};
  CHECK(number_of(environment, "pr-42-x") == 42);
  for (const char* name :
       {"pr-42", "pr--x", "pr-042-x", "pr-0-x", "pr-4a-x", "x-42-x", "pr-18446744073709551616-x", "pr-x"})
    CHECK_FALSE(number_of(environment, name));
  environment.name_pattern = "prod";
  CHECK_FALSE(number_of(environment, "prod"));
}

TEST_CASE("every operation names services that there are") {
  PlanWorld at;
  for (Intent intent : {promote('5'), release("1.0.0"), rollback("production", "v1.0.0"), preview_up(42, 'a'),
                        preview_down(42), gate_post("preprod-tests", '5')}) {
    intent.services = {"nowhere"};
    CHECK(at.outcome(intent) == "bad_request");
  }
}

TEST_CASE("a pipeline whose paths or writes are broken by hand is a configuration error for every operation") {
  for (const bool paths : {true, false}) {
    PlanWorld at;
    at.runs("preprod", snapshot('5'), '5')
        .runs("prod", "v1.0.0", '2', "release")
        .runs("pr-42", "pr-42-" + std::string(40, '4'), '4');
    for (Environment& environment : at.pipeline.environments)
      if (paths) environment.values = "../{service}{number}";
    if (!paths) at.pipeline.writes = {{.path = "image.digest", .value = "{digest}"}};
    for (const Intent& intent : {promote('5'), release("1.0.0"), rollback("production", "v1.0.0"), preview_up(42, 'a'),
                                 preview_down(42), gate_post("preprod-tests", '5')}) {
      CAPTURE(to_string(intent.operation));
      CHECK(at.outcome(intent) == "bad_config");
    }
  }
}

TEST_CASE("an environment's name that is no path is refused before anything is written") {
  PlanWorld at;
  for (Environment& environment : at.pipeline.environments) environment.name_pattern = "../{number}";
  CHECK(at.outcome(preview_up(42, 'a')) == "bad_config");
}

}  // namespace samebits::test
