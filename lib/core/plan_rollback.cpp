#include "core/current.hpp"
#include "core/on_main.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// What the records of a target say of a tag.
struct Recorded {
  std::optional<Digest> digest;
  std::optional<CommitId> commit;
};

std::optional<Recorded> find_recorded(const std::vector<StoredRecord>& chain, std::string_view tag) {
  std::optional<Recorded> replaced;
  for (const auto& [blob, record] : chain) {
    if (record->tag == tag) return Recorded{.digest = record->digest, .commit = record->commit};
    if (!replaced && record->replaced && record->replaced->tag == tag)
      replaced = Recorded{.digest = record->replaced->digest, .commit = {}};
  }
  return replaced;
}

/// The environments that `name` names; a preview by its rendered name too.
Result<std::vector<TargetRule>> rollback_rules(const Intent& intent, const Pipeline& pipeline) {
  SB_TRY(const auto services, services_of(pipeline, intent.services));
  std::vector<TargetRule> rules;
  for (const Environment& environment : pipeline.environments) {
    const auto number = environment.is_ephemeral() ? number_of(environment, intent.environment) : std::nullopt;
    if (!number) continue;
    for (const Service* service : services) {
      SB_TRY(auto rule, target_rule(pipeline, environment, *service, *number));
      rules.push_back(std::move(rule));
    }
    return rules;
  }
  SB_TRY(const auto environments, environments_of(pipeline, intent.environment));
  for (const Service* service : services) {
    for (const Environment* environment : environments) {
      if (environment->is_ephemeral())
        return Error{.code = ErrorCode::bad_request,
                     .message = fmt::format("'{}' stands for many environments", environment->name),
                     .hint = "name one of them, such as pr-42"};
      SB_TRY(auto rule, target_rule(pipeline, *environment, *service));
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

/// Errors: nothing_to_roll_back, unverified, image_missing, digest_mismatch.
Result<ImageDecision> require_recorded_bits(const FactReader& facts, const TargetRule& rule, const ImageTag& tag,
                                            const TagPatterns& patterns) {
  const auto recorded = find_recorded(facts.chain(rule.target), tag.str());
  if (!recorded)
    return Error{
        .code = ErrorCode::nothing_to_roll_back,
        .message = fmt::format("no record of '{}' in '{}' names {}", rule.target.service, rule.target.environment, tag),
        .hint = fmt::format("samebits history {} lists what it ran", rule.target.environment)};
  if (!recorded->digest)
    return Error{
        .code = ErrorCode::unverified,
        .message = fmt::format("the records do not say which bits {} was in '{}'", tag, rule.target.environment),
        .hint = "choose a tag that was promoted with a digest",
        .where = {.file = rule.record.str()}};
  SB_TRY(const Digest digest, require_image(facts, *rule.service, tag.str()));
  if (digest != *recorded->digest)
    return Error{.code = ErrorCode::digest_mismatch,
                 .message = fmt::format("'{}' ran {} as {}, but that tag is {} now", rule.target.environment, tag,
                                        *recorded->digest, digest),
                 .hint = "someone moved the tag; roll back to another one",
                 .where = {.file = rule.record.str()}};
  const auto& version = tag.version();
  std::string snapshot = tag.str();
  if (tag.track() == Track::release) snapshot = recorded->commit ? patterns.snapshot(*recorded->commit).str() : "";
  return ImageDecision{.service = rule.service,
                       .snapshot = std::move(snapshot),
                       .tag = tag.str(),
                       .digest = digest,
                       .commit = recorded->commit ? recorded->commit : tag.commit(),
                       .version = version ? version->str() : ""};
}

}  // namespace

Result<Planned> plan_rollback(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  SB_TRY(const auto tag, pipeline.tags.parse_tag(intent.to));
  SB_TRY(const auto rules, rollback_rules(intent, pipeline));
  for (const TargetRule& rule : rules) {
    if (rule.environment->track != tag.track())
      return Error{.code = ErrorCode::wrong_track,
                   .message = fmt::format("'{}' takes {} tags, and {} is a {} tag", rule.target.environment,
                                          to_string(rule.environment->track), tag, to_string(tag.track())),
                   .hint = fmt::format("samebits history {} lists what it ran", rule.target.environment)};
    want_current(reader, rule.target);
    reader.want({.kind = Need::Kind::chain, .target = rule.target});
    reader.want(need_image(*rule.service, tag.str()));
  }
  if (reader.incomplete()) return Planned(reader.needs());

  std::vector<Current> currents;
  for (const TargetRule& rule : rules) {
    SB_TRY(auto current, current_of(reader, rule, pipeline.tags));
    want_replaced(reader, rule, current);
    currents.push_back(std::move(current));
  }
  if (reader.incomplete()) return Planned(reader.needs());

  Decision decision{.operation = intent.operation};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    SB_TRY(auto image, require_recorded_bits(reader, rules[i], tag, pipeline.tags));
    SB_TRY(auto target, decide_target(reader, rules[i], currents[i], {.image = image, .operation = intent.operation},
                                      decision.warnings));
    if (decision.images.empty() || decision.images.back().service != image.service)
      decision.images.push_back(std::move(image));
    decision.targets.push_back(std::move(target));
  }
  return Planned(std::move(decision));
}

}  // namespace samebits
