#include "core/current.hpp"
#include "core/gates.hpp"
#include "core/on_main.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// What is judged: a commit, the name of its image, and the digest where the caller says it.
struct Judged {
  CommitId commit;
  std::string snapshot;
  std::optional<Digest> digest;
};

Error not_there(const Judged& judged, std::string_view environment, std::string message) {
  return Error{.code = ErrorCode::superseded,
               .message = std::move(message),
               .hint = fmt::format("the result is about something that '{}' no longer runs: test {} again once it is "
                                   "promoted",
                                   environment, judged.commit)};
}

/// What the environment of the gate runs must be what is judged. Errors: superseded, unverified.
Result<Digest> require_running(const Judged& judged, const Current& current, const TargetRule& rule) {
  const std::string& environment = rule.target.environment;
  if (current.text != judged.snapshot)
    return not_there(judged, environment,
                     fmt::format("'{}' runs {}, not {}", environment,
                                 current.text.empty() ? "nothing yet" : printable(current.text), judged.snapshot));
  if (current.record == nullptr)
    return Error{.code = ErrorCode::unverified,
                 .message = fmt::format("'{}' has {} in its values, but no record says which bits that are",
                                        environment, judged.snapshot),
                 .hint = fmt::format("samebits promote {} --sha {} --adopt", rule.environment->name, judged.commit),
                 .where = {.file = rule.file.str()}};
  const Digest& running = current.record->record->digest;
  if (judged.digest && *judged.digest != running)
    return not_there(judged, environment, fmt::format("'{}' runs {}, not {}", environment, running, *judged.digest));
  return running;
}

Result<const GateRule*> postable_gate(const Intent& intent, const Pipeline& pipeline) {
  SB_TRY(const auto gates, gates_of(pipeline, {intent.gate}));
  if (gates.front()->source == GateSource::approved)
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("gate '{}' is judged by reviews, not by posted evidence", intent.gate),
                 .hint = "review the pull request"};
  if (gates.front()->source != GateSource::deployed_in) return gates.front();
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("gate '{}' is judged by what was deployed, not by posted evidence", intent.gate),
               .hint = fmt::format("promote the snapshot to '{}'", gates.front()->subject)};
}

/// The bits that the evidence is about. Errors: superseded, unverified, image_missing.
Result<Digest> judged_digest(const FactReader& reader, const Judged& judged, const Service& service,
                             const std::optional<TargetRule>& rule, const TagPatterns& patterns) {
  if (rule) {
    SB_TRY(const auto current, current_of(reader, *rule, patterns));
    return require_running(judged, current, *rule);
  }
  if (judged.digest) return *judged.digest;
  return require_image(reader, service, judged.snapshot);
}

}  // namespace

Result<Planned> plan_gate_post(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  SB_TRY(const auto services, services_of(pipeline, intent.services));
  if (services.size() != 1)
    return Error{
        .code = ErrorCode::bad_request, .message = "evidence is about one service", .hint = "give --service once"};
  SB_TRY(const GateRule* gate, postable_gate(intent, pipeline));
  const Service& service = *services.front();
  SB_TRY(const auto commit, commit_of(intent));
  const Judged judged{.commit = commit, .snapshot = pipeline.tags.snapshot(commit).str(), .digest = intent.digest};
  reader.want(need_main_tip(service));
  reader.want(need_image(service, judged.snapshot));
  std::optional<TargetRule> rule;
  if (!gate->environment.empty()) {
    const Environment* environment = pipeline.find_environment(gate->environment);
    if (environment == nullptr)
      return Error{
          .code = ErrorCode::bad_config,
          .message = fmt::format("gate '{}' names the unknown environment '{}'", gate->name, gate->environment)};
    SB_TRY(rule, target_rule(pipeline, *environment, service));
    want_current(reader, rule->target);
  }
  if (reader.incomplete()) return Planned(reader.needs());
  want_on_main_ancestry(reader, service, commit);
  if (reader.incomplete()) return Planned(reader.needs());

  const auto& tip = reader.main_tip(service.name);
  if (!tip.has_value() || !reader.ancestry(service.name, commit, *tip).has_value())
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("the source of '{}' has no commit {}", service.name, commit),
                 .hint = "push the commit, or check the id and the service",
                 .remote = service.source.url};
  SB_TRY(const Digest digest, judged_digest(reader, judged, service, rule, pipeline.tags));
  Decision decision{.operation = intent.operation};
  decision.images.push_back(
      {.service = &service, .snapshot = judged.snapshot, .tag = judged.snapshot, .digest = digest, .commit = commit});
  return Planned(std::move(decision));
}

}  // namespace samebits
