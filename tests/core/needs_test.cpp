#include <doctest/doctest.h>

#include "support/plan_world.hpp"

namespace samebits::test {
namespace {

/// A world in which every operation has something to do.
PlanWorld busy_world() {
  PlanWorld at;
  at.runs("preprod", snapshot('4'), '4')
      .passes('5')
      .runs("prod", "v1.0.0", '2', "release")
      .runs("dev", "v1.0.0", '2', "release");
  at.image("v1.0.0", '2')
      .runs("prod", "v1.1.0", '3', "release")
      .runs("dev", "v1.1.0", '3', "release")
      .image("v1.1.0", '3');
  at.truth.templates.emplace(at.target("pr-42"), blob(std::string(40, 'c')));
  return at;
}

std::vector<Intent> all_intents() {
  return {promote('6'),
          preview_up(42, 'a'),
          preview_down(42),
          release("2.0.0"),
          release("2.0.0", '5'),
          rollback("production", "v1.0.0"),
          rollback("preprod", snapshot('4')),
          gate_post("preprod-tests", '5')};
}

template <class Map>
void forget_each(PlanWorld& at, const Intent& intent, Map Facts::*facts) {
  const Map known = at.facts.*facts;
  for (const auto& entry : known) {
    (at.facts.*facts)[entry.first] = {};
    const auto planned = plan(intent, at.pipeline, at.facts);
    REQUIRE(planned);
    CHECK(std::holds_alternative<Needs>(*planned));
    (at.facts.*facts).erase(entry.first);
    const auto without = plan(intent, at.pipeline, at.facts);
    REQUIRE(without);
    REQUIRE(std::holds_alternative<Needs>(*without));
    CHECK(std::get<Needs>(*planned) == std::get<Needs>(*without));
    at.facts.*facts = known;
  }
}

}  // namespace

TEST_CASE("every operation is decided in three rounds, and never before it knows what it asked for") {
  for (const Intent& intent : all_intents()) {
    CAPTURE(to_string(intent.operation));
    PlanWorld at = busy_world();
    must(at.decide(intent));
    CHECK(at.rounds <= 3);
    const auto first = plan(intent, at.pipeline, {});
    REQUIRE(first);
    CHECK(std::holds_alternative<Needs>(*first));
  }
}

TEST_CASE("a fact that is not known is asked for and never passes for absent") {
  for (const Intent& intent : all_intents()) {
    CAPTURE(to_string(intent.operation));
    PlanWorld at = busy_world();
    must(at.decide(intent));
    forget_each(at, intent, &Facts::values);
    forget_each(at, intent, &Facts::records);
    forget_each(at, intent, &Facts::templates);
    forget_each(at, intent, &Facts::main_tips);
    forget_each(at, intent, &Facts::ancestries);
    forget_each(at, intent, &Facts::git_tags);
    forget_each(at, intent, &Facts::images);
  }
}

TEST_CASE("chains and evidence that were not fetched are asked for") {
  PlanWorld at = busy_world();
  must(at.decide(release("2.0.0")));
  Facts without = at.facts;
  without.chains.clear();
  CHECK(std::holds_alternative<Needs>(must(plan(release("2.0.0"), at.pipeline, without))));
  without = at.facts;
  without.evidence.clear();
  CHECK(std::holds_alternative<Needs>(must(plan(release("2.0.0"), at.pipeline, without))));
}

TEST_CASE("the same facts and intent give the same decision") {
  PlanWorld at = busy_world();
  const Decision one = must(at.decide(release("2.0.0")));
  const Decision other = std::get<Decision>(must(plan(release("2.0.0"), at.pipeline, at.facts)));
  CHECK(actions(one) == actions(other));
  CHECK(one.images.front().digest == other.images.front().digest);
}

TEST_CASE("a fact is unknown, absent or a value") {
  const Known<int> unknown;
  CHECK(unknown.is_unknown());
  CHECK_FALSE(unknown.is_absent());
  CHECK_FALSE(unknown.has_value());
  CHECK(Known<int>::absent().is_absent());
  CHECK_FALSE(Known<int>::absent().is_unknown());
  CHECK(Known<int>::from(std::nullopt).is_absent());
  CHECK(*Known<int>::from(7) == 7);
}

}  // namespace samebits::test
