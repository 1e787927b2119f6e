#include "promotion/rollouts.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/wait.hpp"

namespace samebits {
namespace {

/// The targets that a promotion is about.
Result<std::vector<TargetRule>> promoted_rules(Session& session, const Intent& intent) {
  if (intent.operation != Operation::release) return rules_named(session, intent.environment, intent.services);
  SB_TRY(const auto services, services_of(session.pipeline(), intent.services));
  std::vector<TargetRule> rules;
  for (const Environment& environment : session.pipeline().environments)
    for (const Service* service : services) {
      if (environment.track != Track::release) continue;
      SB_TRY(auto rule, target_rule(session.pipeline(), environment, *service));
      rules.push_back(std::move(rule));
    }
  return rules;
}

std::string state_text(const ApplicationRollout& rollout) {
  return fmt::format("{}/{} {}", rollout.environment, rollout.service, to_string(rollout.state));
}

/// Before the forge release, which comes last.
void add_step(Receipt& receipt) {
  std::vector<std::string> texts;
  bool all_live = true;
  for (const ApplicationRollout& rollout : receipt.applications) {
    texts.push_back(state_text(rollout));
    all_live = all_live && rollout.state == RolloutState::healthy;
  }
  const auto last = std::find_if(receipt.steps.begin(), receipt.steps.end(),
                                 [](const StepResult& step) { return step.name == "forge-release"; });
  receipt.steps.insert(last, {.name = "reconciler",
                              .outcome = all_live ? StepOutcome::already : StepOutcome::skipped,
                              .note = fmt::format("{}", fmt::join(texts, ", "))});
}

Result<void> look_at(Session& session, const std::vector<TargetRule>& rules, Receipt& receipt) {
  for (const TargetRule& rule : rules) {
    SB_TRY(const auto reconciled, reconciler_of(session, rule));
    if (reconciled.first == nullptr) continue;
    SB_TRY(const auto target, rollout_target(session, rule));
    auto rollout = observe_rollout(session, target, Refresh::normal);
    if (rollout) {
      receipt.applications.push_back(*std::move(rollout));
    } else if (rollout.error().kind() == ErrorKind::cancelled) {
      return std::move(rollout).error();
    } else {
      receipt.warnings.push_back(
          fmt::format("{} could not be looked at: {}", rule.target.environment, rollout.error().message));
    }
  }
  if (!receipt.applications.empty()) add_step(receipt);
  return {};
}

/// What the values say and what is live are apart, and it does not mend itself.
bool is_drift(RolloutState state) {
  switch (state) {
    case RolloutState::awaiting_sync:
    case RolloutState::blocked:
    case RolloutState::failed:
    case RolloutState::error:
    case RolloutState::missing:
    case RolloutState::deleting:
      return true;
    default:
      return false;
  }
}

void add_live_drift(const ApplicationRollout& rollout, Status& status) {
  if (!is_drift(rollout.state)) return;
  status.drift.push_back(fmt::format("{}/{} is to run {}: {}: {}", rollout.environment, rollout.service,
                                     printable(rollout.tag), to_string(rollout.state), rollout.message));
}

/// Members of a group whose live images differ.
void add_group_drift(const std::vector<EnvironmentState>& states, Status& status) {
  for (auto state = states.begin(); state != states.end(); ++state) {
    if (state->lockstep.empty() || !state->rollout || state->rollout->images.empty()) continue;
    const auto first = std::find_if(states.begin(), state, [&](const EnvironmentState& other) {
      return other.lockstep == state->lockstep && other.service == state->service && other.rollout &&
             !other.rollout->images.empty();
    });
    if (first == state || first->rollout->images == state->rollout->images) continue;
    status.drift.push_back(fmt::format("{}/{} runs {} live and {} runs {}, though both are in '{}'", first->name,
                                       first->service, printable(first->rollout->images.front()), state->name,
                                       printable(state->rollout->images.front()), state->lockstep));
  }
}

}  // namespace

Result<Rollout> wait_for_request(Session& session, const WaitRequest& request) {
  SB_TRY(const auto rules, rules_named(session, request.environment, request.services));
  WaitRules wait{.sync = request.sync};
  if (request.hold) wait.hold = *request.hold;
  return wait_for(session, request.environment, rules, wait);
}

Result<void> finish_with_rollouts(Session& session, const Intent& intent, bool wait, Receipt& receipt) {
  SB_TRY(const auto rules, promoted_rules(session, intent));
  if (!wait) return look_at(session, rules, receipt);
  auto rollout = wait_for(session, intent.environment, rules, {.promotion_id = receipt.promotion_id});
  if (!rollout || rollout->error) {
    Error error = rollout ? *rollout->error : rollout.error();
    if (receipt.gitops && receipt.gitops->commit)
      error.hint = fmt::format("the promotion itself is done, in {}; {}", receipt.gitops->commit->brief(), error.hint);
    return error;
  }
  receipt.applications = std::move(rollout->applications);
  add_step(receipt);
  return {};
}

Result<std::optional<ApplicationRollout>> require_live(Session& session, const std::string& environment,
                                                       const std::string& service) {
  SB_TRY(const auto rule, rule_of(session.pipeline(), {.environment = environment, .service = service}));
  SB_TRY(const auto reconciled, reconciler_of(session, rule));
  if (reconciled.first == nullptr) return std::optional<ApplicationRollout>();
  SB_TRY(const auto target, rollout_target(session, rule));
  SB_TRY(const auto facts, target.reconciler->application(session.context(), target.application, Refresh::none));
  RevisionReader revisions(session, target);
  SB_TRY(auto rollout, judge_facts(revisions, session, target, facts));
  const LiveImages images = facts ? live_images(*facts, target.want) : LiveImages();
  if (!images.wanted.empty() && images.others.empty()) return std::optional(std::move(rollout));
  const std::string runs = !images.others.empty() ? images.others.front() : "no such image";
  return Error{.code = ErrorCode::superseded,
               .message = fmt::format("'{}' runs {}, and what is judged is {} ({}: {})", environment, printable(runs),
                                      target.want.tag, to_string(rollout.state), rollout.message),
               .hint = fmt::format("samebits wait {} before it is tested", environment),
               .remote = target.reconciler->location()};
}

Result<void> add_rollouts(Session& session, const std::vector<TargetRule>& rules, Status& status) {
  for (std::size_t i = 0; i < rules.size() && i < status.environments.size(); ++i) {
    EnvironmentState& state = status.environments[i];
    SB_TRY(const auto reconciled, reconciler_of(session, rules[i]));
    if (reconciled.first == nullptr || state.tag.empty()) continue;
    SB_TRY(const auto target, rollout_target(session, rules[i]));
    auto rollout = observe_rollout(session, target, Refresh::none);
    if (!rollout) {
      SB_CHECK(session.context().check());
      status.warnings.push_back(fmt::format("{}/{}: {}", state.name, state.service, rollout.error().message));
      continue;
    }
    add_live_drift(*rollout, status);
    state.rollout = *std::move(rollout);
  }
  add_group_drift(status.environments, status);
  return {};
}

}  // namespace samebits
