#include "promotion/wait.hpp"

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

}  // namespace

Result<Rollout> wait_for(Session& session, std::string_view environment, const std::vector<TargetRule>& rules,
                         const WaitRules& wait) {
  SB_TRY(const auto targets, targets_of(session, rules, wait));
  const WaitStart start = WaitStart::now(session);
  Rollout rollout{.environment = std::string(environment), .already = true};
  // The first may have changed while the last was waited for: then it goes round once more.
  for (bool settled = false; !settled;) {
    settled = true;
    rollout.applications.clear();
    for (const RolloutTarget& target : targets) {
      SB_TRY(auto done, RolloutWait(session, target, wait, start).run());
      if (done.error) {
        rollout.already = false;
        rollout.applications.push_back(std::move(done.rollout));
        rollout.error = std::move(done.error);
        rollout.waited = start.waited(session);
        return rollout;
      }
      settled = settled && (done.already || targets.size() == 1);
      rollout.already = rollout.already && done.already;
      rollout.applications.push_back(std::move(done.rollout));
    }
  }
  rollout.waited = start.waited(session);
  return rollout;
}

}  // namespace samebits
