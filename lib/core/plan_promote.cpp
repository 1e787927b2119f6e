#include "core/current.hpp"
#include "core/on_main.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// Errors: would_move_backwards, diverged.
Result<void> require_forward(const FactReader& facts, const TargetRule& rule, const Current& current,
                             const CommitId& commit) {
  const CommitId* const snapshot = running_commit(current, Track::snapshot);
  if (snapshot == nullptr || *snapshot == commit) return {};
  const CommitId& running = *snapshot;
  const auto& ancestry = facts.ancestry(rule.service->name, running, commit);
  if (ancestry.has_value() && *ancestry == Ancestry::ancestor) return {};
  if (ancestry.has_value() && *ancestry == Ancestry::descendant)
    return Error{
        .code = ErrorCode::would_move_backwards,
        .message = fmt::format("'{}' runs {}, which is newer than {}", rule.target.environment, running, commit),
        .hint = fmt::format("if that is meant: samebits rollback {} --to <tag>",
                            rule.environment->lockstep.empty() ? rule.environment->name : rule.environment->lockstep),
        .where = {.file = rule.file.str()}};
  return Error{
      .code = ErrorCode::diverged,
      .message = fmt::format("'{}' runs {}, which is {} {}", rule.target.environment, running,
                             ancestry.has_value() ? "on another line of history than" : "not in the source of", commit),
      .hint = fmt::format("check whether main was rewritten; if that is meant, empty the tag in {} in a commit of its "
                          "own and promote again",
                          rule.file),
      .where = {.file = rule.file.str()}};
}

Result<void> require_snapshot_track(const Intent& intent, const Environment& environment) {
  if (environment.track == Track::snapshot) return {};
  return Error{
      .code = ErrorCode::wrong_track,
      .message = fmt::format("'{}' takes {} tags, not snapshots", intent.environment, to_string(environment.track)),
      .hint = environment.track == Track::release ? "samebits release VERSION promotes it"
                                                  : "samebits preview up --pr N --sha S makes previews"};
}

}  // namespace

Result<Planned> plan_promote(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  if (const Environment* named = pipeline.find_environment(intent.environment))
    SB_CHECK(require_snapshot_track(intent, *named));
  SB_TRY(const auto environments, environments_of(pipeline, intent.environment));
  SB_TRY(const auto services, services_of(pipeline, intent.services));
  SB_CHECK(require_snapshot_track(intent, *environments.front()));
  SB_TRY(const auto commit, commit_of(intent));
  const std::string tag = pipeline.tags.snapshot(commit).str();

  std::vector<TargetRule> rules;
  for (const Service* service : services) {
    reader.want(need_main_tip(*service));
    reader.want(need_image(*service, tag));
    for (const Environment* environment : environments) {
      SB_TRY(auto rule, target_rule(pipeline, *environment, *service));
      want_current(reader, rule.target);
      rules.push_back(std::move(rule));
    }
  }
  if (reader.incomplete()) return Planned(reader.needs());

  std::vector<Current> currents;
  for (const TargetRule& rule : rules) {
    SB_TRY(auto current, current_of(reader, rule, pipeline.tags));
    want_on_main_ancestry(reader, *rule.service, commit);
    want_replaced(reader, rule, current);
    want_origin(reader, rule, current, intent.operation, tag);
    const CommitId* const running = running_commit(current, Track::snapshot);
    if (running != nullptr && *running != commit) reader.want(need_ancestry(*rule.service, *running, commit));
    currents.push_back(std::move(current));
  }
  if (reader.incomplete()) return Planned(reader.needs());

  Decision decision{.operation = Operation::promote};
  for (const Service* service : services) {
    SB_CHECK(require_on_main(reader, *service, commit));
    SB_TRY(const Digest digest, require_image(reader, *service, tag));
    decision.images.push_back({.service = service, .snapshot = tag, .tag = tag, .digest = digest, .commit = commit});
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    SB_CHECK(require_known(currents[i], rules[i], intent.adopt));
    SB_CHECK(require_forward(reader, rules[i], currents[i], commit));
    const ImageDecision& image = decision.images[i / environments.size()];
    SB_TRY(auto target,
           decide_target(reader, rules[i], currents[i],
                         {.image = image, .operation = intent.operation, .adopt = intent.adopt}, decision.warnings));
    decision.targets.push_back(std::move(target));
  }
  return Planned(std::move(decision));
}

}  // namespace samebits
