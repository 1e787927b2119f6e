#include "promotion/rollout_target.hpp"

#include <algorithm>

#include <samebits/values_file.hpp>

#include "core/current.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/receipts.hpp"

namespace samebits {
namespace {

constexpr std::size_t max_known = 64;
constexpr int max_records = 200;

Result<std::vector<const Environment*>> environments_named(const Pipeline& pipeline, std::string_view name) {
  // Alone a member of a group cannot be changed, but it can be looked at.
  if (const Environment* found = pipeline.find_environment(name); found != nullptr && !found->is_ephemeral())
    return std::vector<const Environment*>{found};
  return environments_of(pipeline, name);
}

}  // namespace

Result<std::vector<TargetRule>> rules_named(Session& session, std::string_view name,
                                            const std::vector<std::string>& services) {
  const Pipeline& pipeline = session.pipeline();
  std::vector<const Service*> wanted;
  if (!services.empty()) {
    SB_TRY(wanted, services_of(pipeline, services));
  }
  for (const Service& service : pipeline.services)
    if (services.empty()) wanted.push_back(&service);
  std::vector<TargetRule> rules;
  const auto add = [&](const Environment& environment, std::uint64_t number) -> Result<void> {
    for (const Service* service : wanted) {
      SB_TRY(auto rule, target_rule(pipeline, environment, *service, number));
      SB_TRY(const auto file, session.read(rule.file));
      // Of several services a preview has those that were promoted to it.
      if (file || !environment.is_ephemeral() || !services.empty() || wanted.size() == 1)
        rules.push_back(std::move(rule));
    }
    return {};
  };
  for (const Environment& environment : pipeline.environments)
    if (const auto number = number_of(environment, name)) SB_CHECK(add(environment, *number));
  if (!rules.empty()) return rules;
  SB_TRY(const auto environments, environments_named(pipeline, name));
  for (const Environment* environment : environments) SB_CHECK(add(*environment, 0));
  return rules;
}

Result<std::pair<Reconciler*, std::string>> reconciler_of(Session& session, const TargetRule& rule) {
  SB_TRY(Reconciler * reconciler, session.ports().services.reconciler(session.pipeline(), *rule.environment));
  if (reconciler == nullptr) return std::pair<Reconciler*, std::string>();
  const std::string& own = rule.environment->application;
  const std::string number = std::to_string(rule.number);
  const std::pair<std::string_view, std::string_view> values[] = {
      {"number", number}, {"service", rule.target.service}, {"environment", rule.target.environment}};
  return std::pair(reconciler, render(own.empty() ? session.pipeline().reconciler.application : own, values));
}

Result<RolloutTarget> rollout_target(Session& session, const TargetRule& rule) {
  SB_TRY(auto reconciled, reconciler_of(session, rule));
  Facts facts;
  FactReader wanted(facts);
  want_current(wanted, rule.target);
  SB_CHECK(observe(session, wanted.needs(), facts));
  const FactReader reader(facts);
  SB_TRY(const auto current, current_of(reader, rule, session.pipeline().tags));
  if (current.is_nothing())
    return Error{.code = ErrorCode::file_missing,
                 .message = fmt::format("nothing was promoted to '{}' yet", rule.target.environment),
                 .hint = "promote something first",
                 .where = {.file = rule.file.str()}};
  RolloutTarget target{.rule = rule,
                       .reconciler = reconciled.first,
                       .application = std::move(reconciled.second),
                       .want = {.image = rule.service->image, .tag = current.text}};
  if (current.record != nullptr) {
    target.record = current.record->blob;
    target.want.digest = current.record->record->digest;
    target.promotion_id = current.record->record->promotion_id;
  }
  return target;
}

Result<Standings> RevisionReader::standings(const std::vector<std::string>& revisions) {
  Standings standings;
  for (const std::string& revision : revisions) {
    const auto known = known_.find(revision);
    if (known != known_.end()) {
      standings.insert(*known);
      continue;
    }
    SB_TRY(const Standing standing, read(revision));
    standings.emplace(revision, standing);
    // A commit that is not there may come.
    if (standing == Standing::unknown) continue;
    if (known_.size() == max_known) known_.clear();
    known_.emplace(revision, standing);
  }
  return standings;
}

Result<std::optional<std::size_t>> RevisionReader::find_source(const ApplicationFacts& application) {
  for (std::size_t i = 0; i < application.sources.size(); ++i) {
    const std::string revision = revision_at(application.compared, i);
    if (revision.empty() || !application.sources[i].chart.empty()) continue;
    SB_TRY(const auto known, standings({revision}));
    if (known.at(revision) != Standing::unknown) return std::optional(i);
  }
  return std::optional<std::size_t>();
}

Result<Standing> RevisionReader::read(const std::string& revision) {
  const auto id = CommitId::parse(revision);
  if (!id) return Standing::unknown;
  if (*id == session_.tip()) return Standing::wanted;
  SB_TRY(const auto facts, session_.ports().gitops.commit_facts(session_.context(), *id));
  if (!facts) return Standing::unknown;
  auto standing = read_at(*id);
  if (!standing && standing.error().code == ErrorCode::commit_missing) return Standing::unknown;
  return standing;
}

Result<Standing> RevisionReader::read_at(const CommitId& at) {
  GitOps& gitops = session_.ports().gitops;
  SB_TRY(const Write* write, tag_write(target_.rule));
  SB_TRY(auto path, ValuePath::parse(write->path));
  SB_TRY(const auto file, gitops.read(session_.context(), at, target_.rule.file));
  bool has_text = false;
  if (file) {
    const std::vector<ValuePath> paths = {std::move(path)};
    const auto found = read_values(file->bytes, paths, {.file = target_.rule.file.str()});
    const auto tag = found && found->front() ? tag_in(*write, target_.rule, found->front()->text) : std::nullopt;
    has_text = tag == target_.want.tag;
  }
  if (!target_.record) return has_text ? Result<Standing>(Standing::wanted) : by_history(at);
  SB_TRY(const auto record, gitops.read(session_.context(), at, target_.rule.record));
  if (!record) return Standing::before;
  return by_record(*record, has_text);
}

/// The record at a revision is ours, comes after ours (its chain leads back to it), or came before.
Result<Standing> RevisionReader::by_record(const RepoFile& record, bool has_text) {
  if (record.blob == *target_.record) return has_text ? Standing::wanted : Standing::superseded;
  auto at = session_.parse_record(record.bytes);
  if (!at) return Standing::unknown;
  const bool same_bits = has_text && (*at)->digest == target_.want.digest;
  PastRecords past(session_);
  for (int walked = 0; at && (*at)->previous && walked < max_records; ++walked) {
    if (*(*at)->previous == *target_.record) return same_bits ? Standing::wanted : Standing::superseded;
    SB_TRY(const auto bytes, past.before(**at));
    if (!bytes) break;
    at = session_.parse_record(*bytes);
  }
  return Standing::before;
}

/// Without a record only the history says what came first.
Result<Standing> RevisionReader::by_history(const CommitId& at) {
  for (std::size_t steps = 0; steps <= max_walk; ++steps) {
    SB_TRY(const CommitFacts* const facts, session_.ancestor(steps));
    if (facts == nullptr) break;
    if (facts->id == at) return Standing::before;
  }
  std::optional<CommitId> id = at;
  for (std::size_t steps = 0; id && steps <= max_walk; ++steps) {
    if (*id == session_.tip()) return Standing::superseded;
    SB_TRY(const auto facts, session_.ports().gitops.commit_facts(session_.context(), *id));
    id = facts && !facts->parents.empty() ? std::optional(facts->parents.front()) : std::nullopt;
  }
  return Standing::before;
}

Result<ApplicationRollout> judge_facts(RevisionReader& revisions, const Session& session, const RolloutTarget& target,
                                       const std::optional<ApplicationFacts>& facts) {
  ApplicationRollout rollout{.environment = target.rule.target.environment,
                             .service = target.rule.target.service,
                             .application = target.application,
                             .tag = target.want.tag,
                             .digest = target.want.digest,
                             .gitops = session.tip()};
  if (!facts) {
    rollout.message = fmt::format("there is no application '{}'", target.application);
    return rollout;
  }
  auto source = find_gitops_source(*facts, session.ports().gitops.location(), target.rule.file);
  if (!source) {
    SB_TRY(source, revisions.find_source(*facts));
  }
  Standings standings;
  if (source) {
    SB_TRY(standings, revisions.standings(revisions_to_know(*facts, *source)));
  }
  RolloutVerdict verdict = judge_rollout(*facts, source, target.want, standings);
  const LiveImages images = live_images(*facts, target.want);
  rollout.state = verdict.state;
  rollout.message = std::move(verdict.message);
  if (source) rollout.compared = revision_at(facts->compared, *source);
  rollout.sync = facts->sync;
  rollout.health = facts->health;
  rollout.automatic = facts->automatic;
  rollout.images = images.wanted;
  rollout.images.insert(rollout.images.end(), images.others.begin(), images.others.end());
  rollout.reconciled = facts->reconciled;
  rollout.operation = facts->operation;
  rollout.failing = facts->failing;
  return rollout;
}

Result<ApplicationRollout> observe_rollout(Session& session, const RolloutTarget& target, Refresh refresh) {
  SB_TRY(const auto facts, target.reconciler->application(session.context(), target.application, refresh));
  RevisionReader revisions(session, target);
  return judge_facts(revisions, session, target, facts);
}

}  // namespace samebits
