#include "promotion/receipts.hpp"

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

std::vector<PromotedImage> promoted_images(const Decision& decision) {
  std::vector<PromotedImage> images;
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
                                       std::string_view now) {
  if (!record.replaced) return std::nullopt;
  const std::string digest = record.replaced->digest ? record.replaced->digest->str() : "";
  std::string text = render_write(write, rule, {.tag = record.replaced->tag, .digest = digest, .current = now});
  if (text.empty()) return std::nullopt;
  return text;
}

void add_recorded(const TargetRule& rule, const Record& record, const ValuesFacts& values,
                  std::vector<Change>& changes) {
  const std::string commit = record.commit ? record.commit->str() : "";
  WriteValues after{.tag = record.tag, .digest = record.digest.str(), .version = {}, .commit = commit};
  for (const Write& write : *rule.writes) {
    const std::string* const now = values.text_at(write.path);
    if (now == nullptr) continue;
    after.current = *now;
    Change change{.environment = record.environment,
                  .service = record.service,
                  .file = rule.file.str(),
                  .path = write.path,
                  .before = text_before(write, rule, record, *now),
                  .after = render_write(write, rule, after)};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
}

}  // namespace

std::vector<Change> recorded_changes(const Decision& decision, const Facts& facts) {
  std::vector<Change> changes;
  for (const TargetDecision& decided : decision.targets) {
    const auto values = facts.values.find(decided.rule.target);
    if (!decided.record || values == facts.values.end() || !values->second.has_value()) continue;
    add_recorded(decided.rule, *decided.record, *values->second, changes);
  }
  return changes;
}

Result<GitOpsState> find_commit(Session& session, const RepoPath& path) {
  GitOps& gitops = session.ports().gitops;
  Context& context = session.context();
  GitOpsState state{.repository = gitops.location(), .branch = gitops.branch()};
  SB_TRY(const auto newest, session.read(path));
  if (!newest) return state;
  CommitId at = session.tip();
  for (int step = 0; step < max_walk; ++step) {
    SB_TRY(const auto facts, gitops.commit_facts(context, at));
    if (!facts) return state;
    const bool root = facts->parents.empty();
    std::optional<RepoFile> before;
    if (!root) {
      SB_TRY(before, gitops.read(context, facts->parents.front(), path));
    }
    if (!before || before->blob != newest->blob) {
      state.commit = at;
      if (!root) state.parent = facts->parents.front();
      return state;
    }
    at = facts->parents.front();
  }
  return state;
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
  return steps;
}

Result<Plan> to_plan(Session& session, const Decision& decision, const Facts& facts) {
  const std::string id = promotion_id(decision, facts);
  SB_TRY(auto prepared, prepare(session, decision, id, session.ports().clock.now()));
  Plan plan{.operation = std::string(to_string(decision.operation)),
            .request = {},
            .promotion_id = id,
            .images = promoted_images(decision),
            .changes = prepared.changes,
            .gates = decision.gates,
            .diff = prepared.diff,
            .basis = {},
            .steps = planned_steps(decision, prepared),
            .warnings = decision.warnings};
  GitOps& gitops = session.ports().gitops;
  plan.basis = {
      .source = decision.images.empty() ? std::nullopt : decision.images.front().commit,
      .gitops = {.repository = gitops.location(), .branch = gitops.branch(), .parent = {}, .commit = session.tip()},
      .policy = session.policy(),
      .files = basis_files(decision),
      .tags = basis_tags(facts)};
  for (const GateVerdict& gate : decision.gates)
    for (const EvidenceItem& item : gate.evidence) plan.basis.evidence.push_back(item.id);
  return plan;
}

}  // namespace samebits
