#include "promotion/wait.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/rollout_wait.hpp"

namespace samebits {
namespace {

Result<std::vector<RolloutTarget>> targets_of(Session& session, const std::vector<TargetRule>& rules,
                                              const WaitRules& wait) {
  std::vector<RolloutTarget> targets;
  for (const TargetRule& rule : rules) {
    SB_TRY(const auto reconciled, reconciler_of(session, rule));
    if (reconciled.first == nullptr)
      return Error{.code = ErrorCode::bad_config,
                   .message = fmt::format("nothing says what reconciles '{}'", rule.target.environment),
                   .hint = "add reconciler: {kind: argocd, url: ...} to samebits.yaml",
                   .where = {.file = "samebits.yaml"}};
    SB_TRY(auto target, rollout_target(session, rule));
    if (!wait.promotion_id.empty() && target.promotion_id != wait.promotion_id)
      return Error{.code = ErrorCode::superseded,
                   .message = fmt::format("'{}' was promoted to {} meanwhile", rule.target.environment,
                                          printable(target.want.tag)),
                   .hint = "samebits history shows what came after"};
    targets.push_back(std::move(target));
  }
  return targets;
}

/// Where the reconciler cannot be asked, that is what is known.
ApplicationRollout look_at(Session& session, const RolloutTarget& target) {
  auto rollout = observe_rollout(session, target, Refresh::none);
  if (rollout) return *std::move(rollout);
  return {.environment = target.rule.target.environment,
          .service = target.rule.target.service,
          .application = target.application,
          .tag = target.want.tag,
          .state = RolloutState::not_observed,
          .message = rollout.error().message};
}

std::vector<ApplicationRollout> look_at_all(Session& session, const std::vector<RolloutTarget>& targets) {
  std::vector<ApplicationRollout> rollouts;
  rollouts.reserve(targets.size());
  for (const RolloutTarget& target : targets) rollouts.push_back(look_at(session, target));
  return rollouts;
}

bool are_all_live(const std::vector<ApplicationRollout>& rollouts) {
  return std::all_of(rollouts.begin(), rollouts.end(),
                     [](const ApplicationRollout& rollout) { return rollout.state == RolloutState::healthy; });
}

}  // namespace

Result<Rollout> wait_for(Session& session, std::string_view environment, const std::vector<TargetRule>& rules,
                         const WaitRules& wait) {
  SB_TRY(const auto targets, targets_of(session, rules, wait));
  const WaitStart start = WaitStart::now(session);
  Rollout rollout{.environment = std::string(environment), .already = true};
  // Whichever ends the wait, the others are told too.
  rollout.applications = targets.size() > 1 ? look_at_all(session, targets) : std::vector<ApplicationRollout>(1);
  do {
    for (std::size_t i = 0; i < targets.size() && !rollout.error; ++i) {
      SB_TRY(auto done, RolloutWait(session, targets[i], wait, start).run());
      rollout.applications[i] = std::move(done.rollout);
      rollout.already = rollout.already && done.already;
      rollout.error = std::move(done.error);
    }
    if (rollout.error || rollout.already || targets.size() == 1) break;
    // The first may have changed while the last was waited for.
    rollout.applications = look_at_all(session, targets);
  } while (!are_all_live(rollout.applications));
  if (rollout.error) rollout.already = false;
  rollout.waited = start.waited(session);
  return rollout;
}

}  // namespace samebits
