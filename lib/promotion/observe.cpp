#include "promotion/observe.hpp"

#include <samebits/values_file.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// Rounds that any operation may take, the deciding one included: more is a planner that never decides.
constexpr int max_rounds = 3;

Result<const Service*> service_of(const Pipeline& pipeline, const std::string& name) {
  const Service* service = pipeline.find_service(name);
  if (service != nullptr) return service;
  return Error{.code = ErrorCode::internal, .message = fmt::format("a need names the unknown service '{}'", name)};
}

Result<Known<ValuesFacts>> read_target_values(Session& session, const TargetRule& rule) {
  SB_TRY(const auto file, session.read(rule.file));
  if (!file) return Known<ValuesFacts>::absent();
  std::vector<ValuePath> paths;
  for (const Write& write : *rule.writes) {
    SB_TRY(auto path, ValuePath::parse(write.path));
    paths.push_back(std::move(path));
  }
  ValuesFacts facts{.blob = file->blob};
  const auto found = read_values(file->bytes, paths, {.file = rule.file.str()});
  if (!found) facts.broken = found.error();
  for (std::size_t i = 0; found && i < paths.size(); ++i)
    facts.texts[paths[i].str()] = (*found)[i] ? std::optional((*found)[i]->text) : std::nullopt;
  return Known(std::move(facts));
}

/// True where the record is of the place that its file stands for: a copied file is no promotion.
bool is_of(const Record& record, const RepoPath& path) {
  const auto own = Record::path(record.environment, record.service);
  return own && *own == path;
}

Result<Known<StoredRecord>> read_record(Session& session, const RepoPath& path) {
  SB_TRY(const auto file, session.read(path));
  if (!file) return Known<StoredRecord>::absent();
  auto record = session.parse_record(file->bytes);
  if (record && !is_of(**record, path))
    record = Error{.code = ErrorCode::bad_answer,
                   .message = fmt::format("the record is of '{}' in '{}', not of its place",
                                          printable((*record)->service), printable((*record)->environment))};
  if (record) return Known(StoredRecord{.blob = file->blob, .record = *std::move(record)});
  Error error = std::move(record).error();
  error.where.file = path.str();
  error.hint = "restore the record from the repository's history, or remove the file in a commit of its own";
  return error;
}

Result<void> observe_target(Session& session, const Need& need, Facts& facts) {
  SB_TRY(const auto rule, rule_of(session.pipeline(), need.target));
  switch (need.kind) {
    case Need::Kind::values: {
      SB_TRY(auto values, read_target_values(session, rule));
      facts.values.emplace(need.target, std::move(values));
      return {};
    }
    case Need::Kind::record: {
      SB_TRY(auto record, read_record(session, rule.record));
      facts.records.emplace(need.target, std::move(record));
      return {};
    }
    case Need::Kind::chain: {
      SB_TRY(auto chain, read_chain(session, rule.record));
      facts.chains.emplace(need.target, std::move(chain));
      return {};
    }
    default: {
      SB_TRY(const auto path, RepoPath::parse(template_path(rule)));
      SB_TRY(const auto file, session.read(path));
      facts.templates.emplace(need.target, Known<BlobId>::from(file ? std::optional(file->blob) : std::nullopt));
      return {};
    }
  }
}

Result<void> observe_source(Session& session, const Need& need, const Service& service, Facts& facts) {
  SB_TRY(Source * source, session.ports().services.source(service));
  Context& context = session.context();
  switch (need.kind) {
    case Need::Kind::main_tip: {
      SB_TRY(auto tip, source->branch_tip(context, service.source.branch));
      facts.main_tips.emplace(service.name, Known<CommitId>::from(std::move(tip)));
      return {};
    }
    case Need::Kind::ancestry: {
      SB_TRY(const auto left, CommitId::parse(need.subject));
      SB_TRY(const auto right, CommitId::parse(need.other));
      SB_TRY(auto ancestry, source->ancestry(context, left, right));
      facts.ancestries.emplace(std::tuple(service.name, need.subject, need.other), Known<Ancestry>::from(ancestry));
      return {};
    }
    default: {
      SB_TRY(auto tag, source->find_tag(context, need.subject));
      facts.git_tags.emplace(std::pair(service.name, need.subject), Known<GitTag>::from(std::move(tag)));
      return {};
    }
  }
}

/// The merge that made the commit and what its reviewers said.
Result<ApprovalFacts> read_approval(Session& session, const Need& need, const Service& service) {
  SB_TRY(Changes * changes, session.ports().services.changes(service));
  if (changes == nullptr) return ApprovalFacts{};
  Context& context = session.context();
  SB_TRY(const auto commit, CommitId::parse(need.subject));
  ApprovalFacts facts{.has_forge = true};
  SB_TRY(facts.branch, changes->branch(context));
  SB_TRY(const auto found, changes->of_commit(context, commit));
  for (const PullRequest& change : found)
    if (change.merged && change.merge_commit == commit && change.base == facts.branch) facts.change = change;
  if (!facts.change) return facts;
  SB_TRY(facts.reviews, changes->reviews(context, facts.change->number));
  return facts;
}

Result<void> observe_forge_release(Session& session, const Need& need, const Service& service, Facts& facts) {
  SB_TRY(Releases * releases, session.ports().services.releases(service));
  ReleaseFacts known{.has_releases = releases != nullptr};
  if (releases != nullptr) {
    SB_TRY(known.release, releases->find(session.context(), need.subject));
  }
  facts.forge_releases.emplace(std::pair(service.name, need.subject), std::move(known));
  return {};
}

Result<void> observe_one(Session& session, const Need& need, Facts& facts) {
  if (!need.target.environment.empty()) return observe_target(session, need, facts);
  SB_TRY(const Service* service, service_of(session.pipeline(), need.target.service));
  if (need.kind == Need::Kind::image) {
    SB_TRY(Registry * registry, session.ports().services.registry(*service));
    SB_TRY(auto digest, registry->resolve(session.context(), need.subject));
    facts.images.emplace(std::pair(service->name, need.subject), Known<Digest>::from(std::move(digest)));
    return {};
  }
  if (need.kind == Need::Kind::forge_release) return observe_forge_release(session, need, *service, facts);
  if (need.kind == Need::Kind::approval) {
    facts.approvals.emplace(std::pair(service->name, need.subject), read_approval(session, need, *service));
    return {};
  }
  if (need.kind != Need::Kind::evidence) return observe_source(session, need, *service, facts);
  SB_TRY(const auto commit, CommitId::parse(need.subject));
  SB_TRY(Evidence * evidence, session.ports().services.evidence(*service));
  facts.evidence.emplace(std::pair(service->name, need.subject),
                         evidence->list_of(session.context(), commit, kinds_of_gates(session.pipeline())));
  return {};
}

/// Says at once which files the needs are about.
Result<void> prefetch(Session& session, const Needs& needs) {
  std::vector<RepoPath> paths;
  for (const Need& need : needs) {
    if (need.target.environment.empty()) continue;
    SB_TRY(const auto rule, rule_of(session.pipeline(), need.target));
    if (need.kind == Need::Kind::values) paths.push_back(rule.file);
    if (need.kind == Need::Kind::record || need.kind == Need::Kind::chain) paths.push_back(rule.record);
    if (need.kind != Need::Kind::template_file) continue;
    SB_TRY(auto path, RepoPath::parse(template_path(rule)));
    paths.push_back(std::move(path));
  }
  return session.prefetch(paths);
}

}  // namespace

std::vector<EvidenceKind> kinds_of_gates(const Pipeline& pipeline) {
  std::vector<EvidenceKind> kinds;
  for (const GateRule& gate : pipeline.gates) {
    if (gate.source == GateSource::check) kinds.push_back(EvidenceKind::check);
    if (gate.source == GateSource::status) kinds.push_back(EvidenceKind::status);
    if (gate.source == GateSource::ledger) kinds.push_back(EvidenceKind::record);
  }
  return kinds;
}

Result<void> observe(Session& session, const Needs& needs, Facts& facts) {
  SB_CHECK(prefetch(session, needs));
  for (const Need& need : needs) {
    SB_CHECK(session.context().check());
    SB_CHECK(observe_one(session, need, facts));
  }
  return {};
}

Result<Decision> decide(Session& session, const Intent& intent, Facts& facts) {
  facts.tip = session.tip();
  facts.policy = session.policy();
  for (int round = 0; round < max_rounds; ++round) {
    SB_TRY(auto planned, plan(intent, session.pipeline(), facts));
    if (auto* decision = std::get_if<Decision>(&planned)) return std::move(*decision);
    SB_CHECK(observe(session, std::get<Needs>(planned), facts));
  }
  return Error{
      .code = ErrorCode::internal,
      .message = fmt::format("'{}' could not be decided in {} rounds", to_string(intent.operation), max_rounds)};
}

Result<std::optional<std::string>> PastRecords::before(const Record& record) {
  if (!record.previous) return std::optional<std::string>();
  SB_CHECK(session_.context().check());
  GitOps& gitops = session_.ports().gitops;
  if (!record.earlier.empty() && !asked_.contains(*record.previous)) {
    std::vector<BlobId> blobs{*record.previous};
    blobs.insert(blobs.end(), record.earlier.begin(), record.earlier.end());
    SB_CHECK(gitops.prefetch_blobs(session_.context(), blobs));
    asked_.insert(blobs.begin(), blobs.end());
  }
  return gitops.read_blob(session_.context(), *record.previous);
}

Result<std::vector<StoredRecord>> read_chain(Session& session, const RepoPath& record, std::size_t limit) {
  std::vector<StoredRecord> chain;
  SB_TRY(auto newest, read_record(session, record));
  if (!newest.has_value() || limit == 0) return chain;
  chain.push_back(*newest);
  PastRecords past(session);
  while (chain.size() < limit && chain.back().record->previous) {
    const BlobId blob = *chain.back().record->previous;
    SB_TRY(const auto bytes, past.before(*chain.back().record));
    if (!bytes) break;
    auto previous = session.parse_record(*bytes);
    if (!previous || !is_of(**previous, record)) break;
    chain.push_back({.blob = blob, .record = *std::move(previous)});
  }
  return chain;
}

Result<TargetRule> rule_of(const Pipeline& pipeline, const Target& target) {
  SB_TRY(const Service* service, service_of(pipeline, target.service));
  if (const Environment* environment = pipeline.find_environment(target.environment);
      environment != nullptr && !environment->is_ephemeral())
    return target_rule(pipeline, *environment, *service);
  for (const Environment& environment : pipeline.environments)
    if (const auto number = number_of(environment, target.environment))
      return target_rule(pipeline, environment, *service, *number);
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("a need names the unknown environment '{}'", target.environment)};
}

}  // namespace samebits
