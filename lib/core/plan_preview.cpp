#include "core/current.hpp"
#include "core/on_main.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

Result<TargetRule> preview_rule(const Intent& intent, const Pipeline& pipeline) {
  SB_TRY(const auto services, services_of(pipeline, intent.services));
  if (services.size() != 1)
    return Error{.code = ErrorCode::bad_request,
                 .message = "a preview is of one service",
                 .hint = "pull request numbers belong to one source: give --service once"};
  for (const Environment& environment : pipeline.environments) {
    if (!environment.is_ephemeral()) continue;
    SB_TRY(auto rule, target_rule(pipeline, environment, *services.front(), intent.number));
    if (rule.target.environment.size() <= max_rendered_name) return rule;
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("the name '{}' is longer than {} characters", rule.target.environment,
                                        max_rendered_name),
                 .hint = fmt::format("shorten environments.{}.name", environment.name)};
  }
  return Error{.code = ErrorCode::bad_request,
               .message = "the pipeline has no environment with the track pull-request",
               .hint = "add one to environments in samebits.yaml"};
}

/// A preview may go to any commit of its pull request, but an old job must not take it back.
/// Errors: would_move_backwards.
Result<void> require_not_backwards(const FactReader& facts, const TargetRule& rule, const CommitId& running,
                                   const CommitId& commit) {
  const auto& ancestry = facts.ancestry(rule.service->name, running, commit);
  if (!ancestry.has_value() || *ancestry != Ancestry::descendant) return {};
  return Error{.code = ErrorCode::would_move_backwards,
               .message = fmt::format("'{}' runs {}, which is newer than {}", rule.target.environment, running, commit),
               .hint = fmt::format("if that is meant: samebits rollback {} --to <tag>", rule.target.environment),
               .where = {.file = rule.file.str()}};
}

/// A new preview's file is the template with the environment's `set` and the writes.
Result<void> start_from_template(const FactReader& facts, TargetDecision& target) {
  const auto& file = facts.template_file(target.rule.target);
  const Environment& environment = *target.rule.environment;
  if (!file.has_value())
    return Error{
        .code = ErrorCode::file_missing,
        .message = fmt::format("the template of '{}' is missing", environment.name),
        .hint = fmt::format("write {} (environments.{}.template)", template_path(target.rule), environment.name),
        .where = {.file = template_path(target.rule)}};
  target.action = TargetDecision::Action::create;
  target.basis = *file;
  const std::string number = std::to_string(target.rule.number);
  const std::pair<std::string_view, std::string_view> names[] = {
      {"number", number}, {"service", target.rule.target.service}, {"environment", target.rule.target.environment}};
  std::vector<KeyWrite> first;
  first.reserve(environment.set.size());
  for (const auto& [path, text] : environment.set)
    first.push_back({.path = path, .text = render(text, names), .when = WriteWhen::always});
  target.writes.insert(target.writes.begin(), first.begin(), first.end());
  return {};
}

}  // namespace

Result<Planned> plan_preview_up(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  SB_TRY(const auto rule, preview_rule(intent, pipeline));
  SB_TRY(const auto commit, commit_of(intent));
  SB_TRY(const auto tag, pipeline.tags.pull_request(intent.number, commit));
  want_current(reader, rule.target);
  reader.want(need_image(*rule.service, tag.str()));
  if (reader.incomplete()) return Planned(reader.needs());

  if (!reader.values(rule.target).has_value()) reader.want({.kind = Need::Kind::template_file, .target = rule.target});
  SB_TRY(const auto current, current_of(reader, rule, pipeline.tags));
  const CommitId* running = running_commit(current, Track::pull_request);
  if (running != nullptr && *running == commit) running = nullptr;
  if (running != nullptr) reader.want(need_ancestry(*rule.service, *running, commit));
  want_replaced(reader, rule, current);
  want_origin(reader, rule, current, intent.operation, tag.str());
  if (reader.incomplete()) return Planned(reader.needs());

  SB_CHECK(require_known(current, rule, intent.adopt));
  if (running != nullptr) SB_CHECK(require_not_backwards(reader, rule, *running, commit));
  SB_TRY(const Digest digest, require_image(reader, *rule.service, tag.str()));
  Decision decision{.operation = intent.operation};
  decision.images.push_back(
      {.service = rule.service, .snapshot = tag.str(), .tag = tag.str(), .digest = digest, .commit = commit});
  SB_TRY(auto target,
         decide_target(reader, rule, current,
                       {.image = decision.images.front(), .operation = intent.operation, .adopt = intent.adopt},
                       decision.warnings));
  if (!current.blob) SB_CHECK(start_from_template(reader, target));
  decision.targets.push_back(std::move(target));
  return Planned(std::move(decision));
}

Result<Planned> plan_preview_down(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  SB_TRY(const auto rule, preview_rule(intent, pipeline));
  want_current(reader, rule.target);
  if (reader.incomplete()) return Planned(reader.needs());
  Decision decision{.operation = intent.operation};
  // A file that cannot be read goes all the same.
  const auto& values = reader.values(rule.target);
  Current current;
  if (const auto broken = values.has_value() ? values->broken : std::nullopt) {
    const auto& record = reader.record(rule.target);
    current.blob = values->blob;
    if (record.has_value()) current.stored = &*record;
    decision.warnings.push_back(fmt::format("{}: {}", rule.file, broken->message));
  } else {
    SB_TRY(current, current_of(reader, rule, pipeline.tags));
  }
  TargetDecision target{.rule = rule, .basis = current.blob, .before = current.text};
  if (current.blob || current.stored != nullptr) target.action = TargetDecision::Action::remove;
  if (current.stored != nullptr) target.record = *current.stored->record;
  decision.targets.push_back(std::move(target));
  return Planned(std::move(decision));
}

}  // namespace samebits
