#include <doctest/doctest.h>
#include <fmt/format.h>

#include <samebits/pipeline.hpp>

#include "support/must.hpp"

namespace samebits::test {
namespace {

constexpr std::string_view only_services = R"(apiVersion: samebits/v1
services:
  service-demo:
    image: ghcr.io/acme/service-demo
    source: https://github.com/acme/service-demo
)";

/// The file of DESIGN, which repeats every default.
constexpr std::string_view spelled_out = R"(apiVersion: samebits/v1
services:
  service-demo:
    image: ghcr.io/acme/service-demo
    source: https://github.com/acme/service-demo
tags: {pull-request: "pr-{number}-{sha}", snapshot: "main-{sha}", release: "v{version}", git: "v{version}"}
environments:
  preview: {track: pull-request, name: "pr-{number}", values: "values/pr/{service}/pr-{number}.yaml", namespace: "pr-{number}", sync: automatic,
            template: "values/pr/{service}/template.yaml", set: {env.ENV_NAME: "pr-{number}"}}
  preprod: {track: snapshot, values: "values/preprod/{service}.yaml", sync: automatic}
  prod:    {track: release, values: "values/prod/{service}.yaml", sync: manual, lockstep: production}
  dev:     {track: release, values: "values/dev/{service}.yaml", sync: manual, lockstep: production}
writes:
- {path: image.tag, value: "{tag}"}
- {path: image.digest, value: "{digest}", when: present}
gates:
  preprod-tests: {check: "CD / Preprod Tests", app: github-actions, workflow: .github/workflows/cd.yml, environment: preprod}
  ran-in-preprod: {deployed-in: preprod}
release: {from: preprod, gates: [preprod-tests, ran-in-preprod], forge-release: auto}
insecure: []
)";

/// Everything that a pipeline says, as text.
std::string text_of(const Pipeline& pipeline) {
  std::string text;
  const auto add = [&](const auto&... parts) { ((text += fmt::format("{}|", parts)), ...); };
  for (const Service& service : pipeline.services)
    add(service.name, service.image.str(), service.source.url, service.source.branch, service.source.forge,
        service.writes.has_value());
  const auto& tags = pipeline.tags.texts();
  add(tags.pull_request, tags.snapshot, tags.release, tags.git);
  for (const Environment& environment : pipeline.environments) {
    add(environment.name, to_string(environment.track), environment.name_pattern, environment.values,
        environment.sync == SyncPolicy::manual, environment.lockstep, environment.namespace_pattern,
        environment.cluster, environment.reconciler, environment.application, environment.template_file,
        environment.pre_release, environment.writes.has_value());
    for (const auto& [path, value] : environment.set) add(path, value);
  }
  for (const Write& write : pipeline.writes) add(write.path, write.value, static_cast<int>(write.when));
  for (const GateRule& gate : pipeline.gates)
    add(gate.name, static_cast<int>(gate.source), gate.subject, gate.app, gate.workflow, gate.environment,
        gate.needs_digest);
  add(pipeline.release.from, fmt::format("{}", fmt::join(pipeline.release.gates, ",")), pipeline.release.forge_release);
  add(pipeline.reconciler.kind, pipeline.reconciler.url, pipeline.reconciler.application, pipeline.insecure.size());
  return text;
}

}  // namespace

TEST_CASE("what is left out has the values of the documented file") {
  const Pipeline short_one = must(load_pipeline(only_services, "samebits.yaml"));
  CHECK(text_of(short_one) == text_of(must(load_pipeline(spelled_out, "samebits.yaml"))));
  CHECK(short_one.environments.size() == 4);
  CHECK(short_one.release.gates.size() == 2);
  CHECK(short_one.find_gate("preprod-tests")->needs_digest);
  CHECK(short_one.find_environment("preview")->is_ephemeral());
}

TEST_CASE("what is not in the pipeline is not found") {
  const Pipeline pipeline = must(load_pipeline(only_services, "samebits.yaml"));
  CHECK(pipeline.find_service("service-demo") == &pipeline.services.front());
  CHECK(pipeline.find_service("x") == nullptr);
  CHECK(pipeline.find_gate("x") == nullptr);
  CHECK(pipeline.find_environment("pr-42") == nullptr);
}

TEST_CASE("without a preprod the default gates are not there") {
  const auto loaded = load_pipeline(
      std::string(only_services) + "environments:\n  stage: {track: snapshot, values: \"{service}.yaml\"}\n",
      "samebits.yaml");
  CHECK(must(Result(loaded)).gates.empty());
}

TEST_CASE("writes say when they apply") {
  const Pipeline pipeline = must(load_pipeline(std::string(only_services) + R"(writes:
- {path: image.tag, value: "{tag}"}
- {path: a, value: "{digest}", when: present}
- {path: b, value: "{sha}", when: always}
)",
                                               "samebits.yaml"));
  REQUIRE(pipeline.writes.size() == 3);
  CHECK(pipeline.writes[0].when == WriteWhen::required);
  CHECK(pipeline.writes[1].when == WriteWhen::present);
  CHECK(pipeline.writes[2].when == WriteWhen::always);
}

}  // namespace samebits::test
