#pragma once

#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <samebits/samebits.hpp>

#include "servers/argocd_double.hpp"
#include "support/pipeline_world.hpp"

namespace samebits::test {

/// A pipeline whose environments an Argo CD in memory looks after.
class ReconciledWorld {
 public:
  explicit ReconciledWorld(const ServerTls* tls = nullptr)
      : twin(tls), world({.services = {"api"}, .more = reconciler_lines()}) {}

  /// Synced, live and healthy at the tip with `tag`.
  ArgoApp live(const std::string& tag, const std::string& environment = "preprod") const {
    const std::string tip = world.tip().str();
    return {.name = "api-" + environment,
            .values_file = "values/" + environment + "/api.yaml",
            .compared = tip,
            .images = {"registry.example.com/api:" + tag},
            .operation_revision = tip};
  }

  CommitId promote() {
    const CommitId commit = world.merge_and_build();
    must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
    return commit;
  }

  /// Waits, and keeps the states that were told.
  Result<Rollout> wait(WaitRequest request = {.environment = "preprod", .hold = std::chrono::milliseconds(0)}) {
    Client client = world.client();
    client->tell([this](const ApplicationRollout& rollout, std::chrono::seconds) {
      states.emplace_back(to_string(rollout.state));
      if (on_state) on_state(rollout.state);
    });
    return client->wait(request);
  }

  /// The error that a wait ends with.
  std::string wait_ends_with(WaitRequest request = {.environment = "preprod", .hold = std::chrono::milliseconds(0)}) {
    if (!request.timeout) request.timeout = std::chrono::milliseconds(600);
    const auto rollout = wait(request);
    if (!rollout) return code_of(rollout);
    if (!rollout->error) return "none";
    message = rollout->error->message;
    CHECK(outcome_of(*rollout) == rollout->error->kind());
    return std::string(to_string(rollout->error->code));
  }

  ArgoDouble twin;
  PipelineWorld world;
  std::vector<std::string> states;
  std::function<void(RolloutState)> on_state;
  std::string message;

 private:
  std::string reconciler_lines() { return fmt::format("reconciler: {{kind: argocd, url: \"{}\"}}\n", twin.url()); }
};

}  // namespace samebits::test
