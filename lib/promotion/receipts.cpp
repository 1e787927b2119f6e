#include "promotion/receipts.hpp"

#include <algorithm>

#include "core/release_tag.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

std::vector<PromotedImage> promoted_images(const Decision& decision) {
  std::vector<PromotedImage> images;
  images.reserve(decision.images.size());
  for (const ImageDecision& image : decision.images)
    images.push_back({.service = image.service->name,
                      .repository = image.service->image.str(),
                      .snapshot = image.snapshot,
                      .tag = image.tag,
                      .digest = image.digest,
                      .commit = image.commit});
  return images;
}

namespace {

/// What a write gave before the promotion that `record` tells of; nothing where nothing was there.
std::optional<std::string> text_before(const Write& write, const TargetRule& rule, const Record& record,
                                       const TagPatterns& patterns, std::string_view now) {
  if (!record.replaced) return std::nullopt;
  const std::string digest = record.replaced->digest ? record.replaced->digest->str() : "";
  const auto tag = patterns.parse_tag(record.replaced->tag);
  const std::string version = tag && tag->version() ? tag->version()->str() : "";
  const std::string commit = tag && tag->commit() ? tag->commit()->str() : "";
  std::string text = render_write(
      write, rule,
      {.tag = record.replaced->tag, .digest = digest, .version = version, .commit = commit, .current = now});
  if (text.empty()) return std::nullopt;
  return text;
}

void add_recorded(const TargetRule& rule, const Record& record, const ValuesFacts& values, const TagPatterns& patterns,
                  std::vector<Change>& changes) {
  const std::string commit = record.commit ? record.commit->str() : "";
  const auto tag = patterns.parse_tag(record.tag);
  const std::string version = tag && tag->version() ? tag->version()->str() : "";
  WriteValues after{.tag = record.tag, .digest = record.digest.str(), .version = version, .commit = commit};
  const std::size_t first = changes.size();
  for (const Write& write : *rule.writes) {
    const std::string* const now = values.text_at(write.path);
    if (now == nullptr || lacks_version(write, version)) continue;
    after.current = *now;
    Change change{.environment = record.environment,
                  .service = record.service,
                  .file = rule.file.str(),
                  .path = write.path,
                  .before = text_before(write, rule, record, patterns, *now),
                  .after = render_write(write, rule, after)};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
  sort_by_path(changes, first);
}

}  // namespace

const TargetDecision* last_promoted(const Decision& decision) {
  const TargetDecision* last = nullptr;
  for (const TargetDecision& target : decision.targets)
    if (target.record && (last == nullptr || last->record->time <= target.record->time)) last = &target;
  return last;
}

std::vector<Change> recorded_changes(const Decision& decision, const Facts& facts, const TagPatterns& patterns,
                                     std::string_view promotion_id) {
  std::vector<Change> changes;
  for (const TargetDecision& decided : decision.targets) {
    const auto values = facts.values.find(decided.rule.target);
    if (!decided.record || decided.record->promotion_id != promotion_id) continue;
    if (values == facts.values.end() || !values->second.has_value()) continue;
    add_recorded(decided.rule, *decided.record, *values->second, patterns, changes);
  }
  return changes;
}

namespace {

GitOpsState state_of(Session& session) {
  return {.repository = session.ports().gitops.location(), .branch = session.ports().gitops.branch()};
}

/// Whether the commit `steps` before the tip is there and has `path` as `blob`.
Result<bool> has_blob(Session& session, std::size_t steps, const RepoPath& path, const BlobId& blob) {
  SB_TRY(const CommitFacts* const commit, session.ancestor(steps));
  if (commit == nullptr) return false;
  SB_TRY(const auto found, session.ports().gitops.find_blob(session.context(), commit->id, path));
  return found == blob;
}

}  // namespace

Result<GitOpsState> find_commit(Session& session, const RepoPath& path) {
  GitOpsState state = state_of(session);
  SB_TRY(const auto newest, session.read(path));
  if (!newest) return state;
  std::size_t same = 0;
  std::size_t other = 1;
  while (true) {
    SB_TRY(const bool has, has_blob(session, other, path, newest->blob));
    if (!has) break;
    if (other == max_walk) return state;
    same = other;
    other = std::min(2 * other, max_walk);
  }
  while (other - same > 1) {
    const std::size_t middle = (same + other) / 2;
    SB_TRY(const bool has, has_blob(session, middle, path, newest->blob));
    (has ? same : other) = middle;
  }
  SB_TRY(const CommitFacts* const made, session.ancestor(same));
  SB_TRY(const CommitFacts* const before, session.ancestor(other));
  // Where a shallow history ends, nobody knows what was there before.
  if (before == nullptr && !made->parents.empty()) return state;
  state.commit = made->id;
  if (before != nullptr) state.parent = before->id;
  return state;
}

Result<std::map<std::string, GitOpsState>> find_promotions(Session& session, std::set<std::string> ids) {
  // As many as a server gives at once to who walks a history.
  constexpr std::size_t max_told = 64;
  std::map<std::string, GitOpsState> made;
  for (std::size_t steps = 0; steps < max_told && !ids.empty(); ++steps) {
    SB_TRY(const CommitFacts* const commit, session.ancestor(steps));
    if (commit == nullptr) break;
    const std::string id = find_trailer(commit->message, "Promotion-Id").value_or("");
    if (ids.erase(id) == 0) continue;
    GitOpsState state = state_of(session);
    state.commit = commit->id;
    if (!commit->parents.empty()) state.parent = commit->parents.front();
    made.emplace(id, std::move(state));
  }
  return made;
}

Result<std::optional<Removal>> find_removal(Session& session, const Target& target) {
  const std::string place = fmt::format("{}/{} ", target.environment, target.service);
  for (std::size_t steps = 0; steps < max_walk; ++steps) {
    SB_TRY(const CommitFacts* const commit, session.ancestor(steps));
    if (commit == nullptr) break;
    for (const std::string_view line : split(commit->message, '\n')) {
      if (line.starts_with("Promoted: " + place)) return std::optional<Removal>();
      if (!line.starts_with("Removed: " + place)) continue;
      Removal removal{.gitops = state_of(session),
                      .promotion_id = printable(find_trailer(commit->message, "Promotion-Id").value_or("")),
                      .tag = printable(line.substr(line.find(place) + place.size()))};
      removal.gitops.commit = commit->id;
      if (!commit->parents.empty()) removal.gitops.parent = commit->parents.front();
      return std::optional(std::move(removal));
    }
  }
  return std::optional<Removal>();
}

namespace {

PlannedStep tag_step(std::string_view name, const TagDecision& tag, const std::string& target) {
  return {.name = std::string(name),
          .action = tag.exists ? fmt::format("keep {}", tag.name) : fmt::format("create {} at {}", tag.name, target),
          .reason = tag.exists ? "already there" : "absent"};
}

std::vector<PlanBasis::File> basis_files(const Decision& decision) {
  std::vector<PlanBasis::File> files;
  for (const TargetDecision& decided : decision.targets) {
    const bool creates = decided.action == TargetDecision::Action::create;
    files.push_back({.path = creates ? template_path(decided.rule) : decided.rule.file.str(), .blob = decided.basis});
  }
  return files;
}

std::vector<PlanBasis::Tag> basis_tags(const Facts& facts) {
  std::vector<PlanBasis::Tag> tags;
  tags.reserve(facts.images.size() + facts.git_tags.size());
  for (const auto& [key, digest] : facts.images)
    tags.push_back(
        {.ref = key.first + ":" + key.second, .id = digest.has_value() ? std::optional(digest->str()) : std::nullopt});
  for (const auto& [key, tag] : facts.git_tags)
    tags.push_back(
        {.ref = "refs/tags/" + key.second, .id = tag.has_value() ? std::optional(tag->commit.str()) : std::nullopt});
  return tags;
}

}  // namespace

std::vector<PlannedStep> planned_steps(const Decision& decision, const Prepared& prepared) {
  std::vector<PlannedStep> steps;
  if (!decision.gates.empty()) steps.push_back({.name = "gates", .action = "read the gates again", .reason = "passed"});
  if (decision.git_tag) steps.push_back(tag_step("git-tag", *decision.git_tag, decision.images.front().commit->str()));
  if (decision.image_tag)
    steps.push_back(tag_step("image-tag", *decision.image_tag, decision.images.front().digest.str()));
  if (decision.targets_done()) {
    steps.push_back({.name = "commit", .action = "nothing to write", .reason = "already as wanted"});
  } else {
    steps.push_back({.name = "commit",
                     .action = fmt::format("write {} files in one commit", prepared.files.size()),
                     .reason = fmt::format("{} keys differ", prepared.changes.size())});
  }
  if (const auto& release = decision.forge_release)
    steps.push_back({.name = "forge-release",
                     .action = fmt::format("{} {}",
                                           release->exists          ? "keep"
                                           : release->draft.empty() ? "create"
                                                                    : "publish",
                                           release->name),
                     .reason = release->exists          ? "already there"
                               : release->draft.empty() ? "absent"
                                                        : "a draft of ours"});
  return steps;
}

Result<Plan> to_plan(Session& session, const Decision& decision, const Facts& facts) {
  const std::string id = promotion_id(decision, facts);
  SB_TRY(auto prepared, prepare(session, decision, id, session.ports().clock.now()));
  const GitOps& gitops = session.ports().gitops;
  // Member by member: gcc 12 destroys an aggregate's members twice where a later one cannot be made.
  Plan plan;
  plan.operation = to_string(decision.operation);
  plan.promotion_id = id;
  plan.images = promoted_images(decision);
  plan.steps = planned_steps(decision, prepared);
  plan.changes = std::move(prepared.changes);
  plan.gates = decision.gates;
  plan.diff = std::move(prepared.diff);
  plan.warnings = decision.warnings;
  plan.basis.source = decision.images.empty() ? std::nullopt : decision.images.front().commit;
  plan.basis.gitops.repository = gitops.location();
  plan.basis.gitops.branch = gitops.branch();
  plan.basis.gitops.commit = session.tip();
  plan.basis.policy = session.policy();
  plan.basis.files = basis_files(decision);
  plan.basis.tags = basis_tags(facts);
  for (const GateVerdict& gate : decision.gates)
    for (const EvidenceItem& item : gate.evidence) plan.basis.evidence.push_back(item.id);
  return plan;
}

}  // namespace samebits
