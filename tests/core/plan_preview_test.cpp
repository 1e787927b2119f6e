#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

std::string tag(char at) { return "pr-42-" + std::string(40, at); }

PlanWorld with_template() {
  PlanWorld at;
  at.truth.templates.emplace(at.target("pr-42"), blob(std::string(40, 'c')));
  return at;
}

}  // namespace

TEST_CASE("a new preview is made from the template, its own values first") {
  PlanWorld at = with_template();
  const Decision decision = must(at.decide(preview_up(42, 'a')));
  CHECK(actions(decision) == "create");
  const TargetDecision& target = decision.targets.front();
  CHECK(target.rule.target == at.target("pr-42"));
  CHECK(target.rule.file.str() == "values/pr/api/pr-42.yaml");
  CHECK(target.basis == blob(std::string(40, 'c')));
  CHECK(target.writes.front().path == "env.ENV_NAME");
  CHECK(target.writes.front().text == "pr-42");
  CHECK(target.writes.front().when == WriteWhen::always);
  CHECK(target.writes[1].text == tag('a'));
  CHECK(target.record->environment == "pr-42");
  CHECK(decision.images.front().snapshot == tag('a'));
}

TEST_CASE("a preview without a template cannot be made") {
  PlanWorld at;
  CHECK(at.outcome(preview_up(42, 'a')) == "file_missing");
  CHECK(at.decide(preview_up(42, 'a')).error().where.file == "values/pr/api/template.yaml");
}

TEST_CASE("a preview goes wherever its branch goes, but an old job does not take it back") {
  PlanWorld at;
  at.runs("pr-42", tag('4'), '4');
  CHECK(at.outcome(preview_up(42, '4')) == "none");
  CHECK(at.outcome(preview_up(42, '5')) == "edit");
  CHECK(at.outcome(preview_up(42, 'a')) == "edit");
  CHECK(at.outcome(preview_up(42, '3')) == "would_move_backwards");
  CHECK(at.outcome(adopting(preview_up(42, '3'))) == "would_move_backwards");
  PlanWorld forced;
  forced.runs("pr-42", tag('e'), 'e');
  CHECK(forced.outcome(preview_up(42, '5')) == "edit");
}

TEST_CASE("a preview whose value is no tag of its track is adopted only where asked") {
  PlanWorld at;
  at.has("pr-42", snapshot('4'));
  CHECK(at.outcome(preview_up(42, '5')) == "unknown_current");
  CHECK(at.outcome(adopting(preview_up(42, '5'))) == "edit");
}

TEST_CASE("a preview needs its image and one service") {
  PlanWorld at = with_template();
  at.no_image(tag('a'));
  CHECK(at.outcome(preview_up(42, 'a')) == "image_missing");
  PlanWorld two(R"(apiVersion: samebits/v1
services:
  api: {image: ghcr.io/acme/api, source: ../api}
  web: {image: ghcr.io/acme/web, source: ../web}
)");
  CHECK(two.outcome(preview_up(42, 'a')) == "bad_request");
  Intent both = preview_up(42, 'a');
  both.services = {"api", "web"};
  CHECK(two.outcome(both) == "bad_request");
  CHECK(two.outcome(preview_down(42)) == "bad_request");
}

TEST_CASE("a pipeline without previews says so") {
  PlanWorld at;
  std::erase_if(at.pipeline.environments, [](const Environment& environment) { return environment.is_ephemeral(); });
  CHECK(at.outcome(preview_up(42, 'a')) == "bad_request");
  CHECK(at.outcome(preview_down(42)) == "bad_request");
}

TEST_CASE("a preview's name stays within what Helm takes") {
  PlanWorld at = with_template();
  at.pipeline.environments.front().name_pattern = std::string(50, 'p') + "-{number}";
  CHECK(at.outcome(preview_up(42, 'a')) == "file_missing");
  CHECK(at.outcome(preview_up(424, 'a')) == "bad_request");
  at.pipeline.environments.front().values = "../{number}.yaml";
  CHECK(at.outcome(preview_up(42, 'a')) == "bad_config");
}

TEST_CASE("a preview that goes takes its record with it, and one that is gone is done") {
  PlanWorld at;
  CHECK(at.outcome(preview_down(42)) == "none");
  at.runs("pr-42", tag('4'), '4');
  const Decision decision = must(at.decide(preview_down(42)));
  CHECK(actions(decision) == "remove");
  CHECK(decision.targets.front().before == tag('4'));
  CHECK(decision.targets.front().record->tag == tag('4'));
  at.truth.values.erase(at.target("pr-42"));
  CHECK(at.outcome(preview_down(42)) == "remove");
  PlanWorld by_hand;
  by_hand.has("pr-42", "latest");
  CHECK(by_hand.outcome(preview_down(42)) == "remove");
}

}  // namespace samebits::test
