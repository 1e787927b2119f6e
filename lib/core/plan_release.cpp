#include <algorithm>

#include "core/current.hpp"
#include "core/gates.hpp"
#include "core/on_main.hpp"
#include "core/release_rules.hpp"
#include "core/release_tag.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// What the planner of a release has worked out so far.
struct Release {
  const Service* service = nullptr;
  std::vector<TargetRule> rules;
  std::vector<Current> currents;
  std::string version;
  ImageTag tag;
  std::string git_tag;
  /// `release.from`, where its snapshot is the default.
  std::optional<TargetRule> from = {};
};

Result<Release> start(const Intent& intent, const Pipeline& pipeline) {
  SB_TRY(const auto services, services_of(pipeline, intent.services));
  if (services.size() != 1)
    return Error{.code = ErrorCode::bad_request,
                 .message = "a version is of one service",
                 .hint = "give --service once and release one after the other"};
  SB_TRY(const auto version, version_of(intent));
  SB_TRY(auto tag, pipeline.tags.release(version));
  Release release{.service = services.front(),
                  .rules = {},
                  .currents = {},
                  .version = version.str(),
                  .tag = std::move(tag),
                  .git_tag = pipeline.tags.git_tag(services.front()->name, version)};
  for (const Environment& environment : pipeline.environments) {
    if (environment.track != Track::release) continue;
    if (version.is_pre_release() && !environment.pre_release)
      return Error{
          .code = ErrorCode::wrong_track,
          .message = fmt::format("'{}' takes no pre-releases, and {} is one", environment.name, release.tag),
          .hint = fmt::format("set environments.{}.pre-release: true, or release a final version", environment.name)};
    SB_TRY(auto rule, target_rule(pipeline, environment, *release.service));
    release.rules.push_back(std::move(rule));
  }
  if (!release.rules.empty()) return release;
  return Error{.code = ErrorCode::bad_request,
               .message = "the pipeline has no environment with the track release",
               .hint = "add one to environments in samebits.yaml"};
}

Decision decide(const Release& release, const ImageDecision& image) {
  return Decision{.operation = Operation::release,
                  .images = {image},
                  .git_tag = TagDecision{.service = release.service, .name = release.git_tag},
                  .image_tag = TagDecision{.service = release.service, .name = release.tag.str()}};
}

/// Facts are fetched for the gates of a release alone.
bool is_release_gate(const Pipeline& pipeline, std::string_view name) {
  const auto& gates = pipeline.release.gates;
  return std::find(gates.begin(), gates.end(), name) != gates.end();
}

/// The gates of the records, for a release that is complete: it is reported as it was decided. Of their evidence the
/// records have the ids; what else is known is read again.
std::vector<GateVerdict> recorded_gates(const FactReader& reader, const Pipeline& pipeline, const Decision& decision,
                                        const GateSubject& subject) {
  std::vector<GateVerdict> gates;
  const std::optional<Record> record = decision.targets.empty() ? std::nullopt : decision.targets.front().record;
  if (!record) return gates;
  for (const std::string& line : record->gates) {
    const auto words = split(line, ' ');
    if (words.size() < 2) continue;
    GateVerdict gate{.name = std::string(words[0]), .verdict = verdict_from(words[1]).value_or(Verdict::error)};
    const GateRule* const rule = is_release_gate(pipeline, gate.name) ? pipeline.find_gate(gate.name) : nullptr;
    for (std::size_t i = 2; i < words.size(); ++i) {
      auto item = rule != nullptr ? find_evidence(reader, pipeline, *rule, subject, words[i]) : std::nullopt;
      if (item && rule->source != GateSource::deployed_in && !item->verified) gate.reason = "unverified";
      gate.evidence.push_back(item ? *std::move(item)
                                   : EvidenceItem{.id = std::string(words[i]), .gate = gate.name, .conclusion = {}});
    }
    gates.push_back(std::move(gate));
  }
  return gates;
}

std::vector<std::string> gate_lines(const std::vector<GateVerdict>& gates) {
  std::vector<std::string> lines;
  for (const GateVerdict& gate : gates) {
    std::string line = fmt::format("{} {}", gate.name, to_string(gate.verdict));
    for (const EvidenceItem& item : gate.evidence) line += " " + item.id;
    lines.push_back(std::move(line));
  }
  return lines;
}

Result<void> decide_targets(const FactReader& reader, const Release& release, const ImageDecision& image, bool adopt,
                            Decision& decision) {
  for (std::size_t i = 0; i < release.rules.size(); ++i) {
    SB_TRY(auto target,
           decide_target(reader, release.rules[i], release.currents[i],
                         {.image = image, .operation = Operation::release, .adopt = adopt}, decision.warnings));
    decision.targets.push_back(std::move(target));
  }
  return {};
}

/// The version that is left, as a Git tag: notes begin there.
std::string previous_tag(const Intent& intent, const Pipeline& pipeline, const Release& release) {
  for (const Current& current : release.currents) {
    std::optional<ImageTag> left = current.tag;
    if (current.text == release.tag.str() && current.record != nullptr && current.record->record->replaced) {
      const auto replaced = pipeline.tags.parse_tag(current.record->record->replaced->tag);
      left = replaced ? std::optional(*replaced) : std::nullopt;
    }
    if (left && left->track() == Track::release && *left->version() < *intent.version)
      return pipeline.tags.git_tag(release.service->name, *left->version());
  }
  return {};
}

/// What is to be done about the forge's release; nothing where there is none. Errors: unsupported, tag_exists.
Result<std::optional<ForgeReleaseDecision>> decide_forge_release(const FactReader& reader, const Intent& intent,
                                                                 const Pipeline& pipeline, const Release& release,
                                                                 const ImageDecision& image) {
  if (pipeline.release.forge_release == "never") return std::optional<ForgeReleaseDecision>();
  const Service& service = *release.service;
  const ReleaseFacts& facts = reader.forge_release(service.name, release.git_tag);
  if (!facts.has_releases) {
    if (pipeline.release.forge_release != "always") return std::optional<ForgeReleaseDecision>();
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("the source of '{}' has no forge that has releases", service.name),
                 .hint = "set release: {forge-release: auto}",
                 .remote = service.source.url};
  }
  ForgeReleaseDecision decision{.service = &service,
                                .name = release.git_tag,
                                .previous = previous_tag(intent, pipeline, release),
                                .pre_release = intent.version->is_pre_release()};
  if (facts.release)
    SB_CHECK(require_release_is_ours(*facts.release, reader.git_tag(service.name, release.git_tag),
                                     reader.image(service.name, image.tag), image));
  decision.exists = facts.release && !facts.release->draft;
  if (facts.release && facts.release->draft) decision.draft = facts.release->id;
  return std::optional(std::move(decision));
}

/// All facts are there: the rules, in the order in which their refusals help most.
Result<Planned> decide_release(const FactReader& reader, const Intent& intent, const Pipeline& pipeline,
                               const Release& release, const CommitId& commit) {
  const Service& service = *release.service;
  const std::string snapshot = pipeline.tags.snapshot(commit).str();
  const auto& released = reader.image(service.name, release.tag.str());
  const auto& git_tag = reader.git_tag(service.name, release.git_tag);
  SB_TRY(const auto digest, release_digest(reader, service, release.tag, snapshot, git_tag));
  if (release.from) SB_CHECK(require_bits_of(reader, *release.from, pipeline.tags, snapshot, digest));
  const ImageDecision image{.service = &service,
                            .snapshot = snapshot,
                            .tag = release.tag.str(),
                            .digest = digest,
                            .commit = commit,
                            .version = release.version};
  Decision decision = decide(release, image);
  SB_CHECK(require_free_or_ours(release.git_tag, git_tag, image, commit));
  SB_CHECK(require_free_or_same(release.tag, released, image));
  decision.git_tag->exists = git_tag.has_value();
  decision.image_tag->exists = released.has_value();
  SB_TRY(decision.forge_release, decide_forge_release(reader, intent, pipeline, release, image));
  SB_CHECK(require_newer(reader, release.rules, release.currents, release.tag, intent.adopt));
  SB_CHECK(decide_targets(reader, release, image, intent.adopt, decision));
  const GateSubject subject{.service = service, .commit = commit, .digest = digest};
  if (decision.targets_done() && git_tag.has_value() && released.has_value()) {
    decision.gates = recorded_gates(reader, pipeline, decision, subject);
    return Planned(std::move(decision));
  }
  SB_CHECK(require_on_main(reader, service, commit));
  SB_TRY(const auto gates, gates_of(pipeline, pipeline.release.gates));
  for (const GateRule* gate : gates) decision.gates.push_back(judge_gate(reader, pipeline, *gate, subject));
  SB_CHECK(require_passed(decision.gates, subject));
  for (TargetDecision& target : decision.targets)
    if (target.action == TargetDecision::Action::edit) target.record->gates = gate_lines(decision.gates);
  return Planned(std::move(decision));
}

}  // namespace

Result<Planned> plan_release(const Intent& intent, const Pipeline& pipeline, const Facts& facts) {
  FactReader reader(facts);
  SB_TRY(auto release, start(intent, pipeline));
  const Service& service = *release.service;
  const Environment* from = pipeline.find_environment(pipeline.release.from);
  for (const TargetRule& rule : release.rules) {
    want_current(reader, rule.target);
    reader.want({.kind = Need::Kind::chain, .target = rule.target});
  }
  reader.want(need_main_tip(service));
  reader.want(need_git_tag(service, release.git_tag));
  reader.want(need_image(service, release.tag.str()));
  if (pipeline.release.forge_release != "never") reader.want(need_forge_release(service, release.git_tag));
  if (!intent.commit && !intent.main_tip && from != nullptr) {
    SB_TRY(release.from, target_rule(pipeline, *from, service));
    want_current(reader, release.from->target);
  }
  if (reader.incomplete()) return Planned(reader.needs());

  SB_TRY(const CommitId commit,
         release_commit(reader, intent, pipeline, service, release.git_tag, release.from ? &*release.from : nullptr));
  want_on_main_ancestry(reader, service, commit);
  reader.want(need_image(service, pipeline.tags.snapshot(commit).str()));
  SB_TRY(const auto gates, gates_of(pipeline, pipeline.release.gates));
  for (const GateRule* gate : gates) SB_CHECK(want_gate(reader, pipeline, *gate, service, commit));
  for (const TargetRule& rule : release.rules) {
    SB_TRY(auto current, current_of(reader, rule, pipeline.tags));
    want_replaced(reader, rule, current);
    release.currents.push_back(std::move(current));
  }
  if (reader.incomplete()) return Planned(reader.needs());
  return decide_release(reader, intent, pipeline, release, commit);
}

}  // namespace samebits
