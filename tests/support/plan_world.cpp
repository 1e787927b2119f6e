#include "support/plan_world.hpp"

#include <fmt/format.h>

namespace samebits::test {
namespace {

constexpr std::string_view one_service = R"(apiVersion: samebits/v1
services:
  api: {image: ghcr.io/acme/api, source: https://github.com/acme/api}
)";

ValuesFacts values_with(std::string_view tag) {
  return {.blob = blob(std::string(40, '0')),
          .texts = {{"image.tag", std::string(tag)}, {"image.digest", std::nullopt}}};
}

template <class Map, class Key, class Value>
void copy_or_absent(const Map& truth, Map& facts, const Key& key, const Value& otherwise) {
  const auto known = truth.find(key);
  facts.insert_or_assign(key, known != truth.end() ? known->second : otherwise);
}

}  // namespace

PlanWorld::PlanWorld(std::string_view yaml)
    : pipeline(must(load_pipeline(yaml.empty() ? one_service : yaml, "samebits.yaml"))) {
  for (const Service& service : pipeline.services) {
    truth.main_tips.emplace(service.name, commit('9'));
    for (const Environment& environment : pipeline.environments)
      if (!environment.is_ephemeral()) has(environment.name, "", service.name);
  }
}

void change(StoredRecord& stored, const std::function<void(Record&)>& edit) {
  Record record = *stored.record;
  edit(record);
  stored.record = std::make_shared<const Record>(std::move(record));
}

PlanWorld& PlanWorld::has(std::string_view environment, std::string_view tag, std::string_view service) {
  truth.values.insert_or_assign(target(environment, service), values_with(tag));
  return *this;
}

PlanWorld& PlanWorld::runs(std::string_view environment, std::string_view tag, char bits, std::string_view operation,
                           std::string_view service) {
  const Target at = target(environment, service);
  auto& chain = truth.chains[at];
  const auto parsed = pipeline.tags.parse_tag(tag);
  Record record{.environment = at.environment,
                .service = at.service,
                .tag = std::string(tag),
                .digest = digest(bits),
                .commit = parsed && parsed->commit() ? *parsed->commit() : commit(bits),
                .operation = std::string(operation),
                .promotion_id = std::string(64, '7')};
  if (!chain.empty()) {
    record.replaced = Replaced{.tag = chain.front().record->tag, .digest = chain.front().record->digest};
    record.previous = chain.front().blob;
  }
  chain.insert(chain.begin(), {.blob = blob(fmt::format("{:040x}", ++records_)),
                               .record = std::make_shared<const Record>(std::move(record))});
  truth.records.insert_or_assign(at, chain.front());
  return has(environment, tag, service);
}

PlanWorld& PlanWorld::image(std::string_view tag, char bits, std::string_view service) {
  truth.images.insert_or_assign({std::string(service), std::string(tag)}, digest(bits));
  return *this;
}

PlanWorld& PlanWorld::no_image(std::string_view tag) {
  truth.images.insert_or_assign({"api", std::string(tag)}, Known<Digest>::absent());
  return *this;
}

PlanWorld& PlanWorld::git_tag(std::string_view name, char at, char bits, std::string_view service) {
  const std::string message = fmt::format("Release\n\nService: {}\nImage-Digest: {}\nPromotion-Id: {}\n", service,
                                          digest(bits).str(), std::string(64, '7'));
  truth.git_tags.insert_or_assign({std::string(service), std::string(name)},
                                  GitTag{.name = std::string(name), .commit = commit(at), .message = message});
  return *this;
}

PlanWorld& PlanWorld::evidence(char about, EvidenceItem item) {
  auto& list = truth.evidence.try_emplace({"api", commit(about).str()}, EvidenceList{}).first->second;
  item.id = fmt::format("{:064x}", (*list).items.size() + 1);
  (*list).items.push_back(std::move(item));
  return *this;
}

PlanWorld& PlanWorld::passes(char about) {
  runs("preprod", snapshot(about), about);
  return evidence(about, evidence_item("preprod-tests", "success", about));
}

Known<Ancestry> PlanWorld::ancestry(std::string_view left, std::string_view right) const {
  const char a = left.front();
  const char b = right.front();
  if (a >= 'e' || b >= 'e') return Known<Ancestry>::absent();
  if (a == b) return Ancestry::same;
  if (a >= 'a' || b >= 'a') return Ancestry::diverged;
  return a < b ? Ancestry::ancestor : Ancestry::descendant;
}

void PlanWorld::answer(const Need& need) {
  const std::string& service = need.target.service;
  const std::pair key(service, need.subject);
  switch (need.kind) {
    case Need::Kind::values:
      return copy_or_absent(truth.values, facts.values, need.target, Known<ValuesFacts>::absent());
    case Need::Kind::record:
      return copy_or_absent(truth.records, facts.records, need.target, Known<StoredRecord>::absent());
    case Need::Kind::chain:
      return copy_or_absent(truth.chains, facts.chains, need.target, std::vector<StoredRecord>());
    case Need::Kind::template_file:
      return copy_or_absent(truth.templates, facts.templates, need.target, Known<BlobId>::absent());
    case Need::Kind::main_tip:
      return copy_or_absent(truth.main_tips, facts.main_tips, service, Known<CommitId>::absent());
    case Need::Kind::ancestry:
      facts.ancestries.insert_or_assign({service, need.subject, need.other}, ancestry(need.subject, need.other));
      return;
    case Need::Kind::git_tag:
      return copy_or_absent(truth.git_tags, facts.git_tags, key, Known<GitTag>::absent());
    case Need::Kind::evidence:
      return copy_or_absent(truth.evidence, facts.evidence, key, Result<EvidenceList>(EvidenceList{}));
    case Need::Kind::approval:
      return copy_or_absent(truth.approvals, facts.approvals, key, Result<ApprovalFacts>(ApprovalFacts{}));
    case Need::Kind::forge_release:
      return copy_or_absent(truth.forge_releases, facts.forge_releases, key, ReleaseFacts{});
    case Need::Kind::image: {
      const auto tag = pipeline.tags.parse_tag(need.subject);
      const bool built = tag && tag->commit();
      return copy_or_absent(truth.images, facts.images, key,
                            built ? Known(digest(tag->commit()->str().front())) : Known<Digest>::absent());
    }
  }
}

Result<Decision> PlanWorld::decide(const Intent& intent) {
  facts = {};
  for (rounds = 1; rounds <= 3; ++rounds) {
    auto planned = plan(intent, pipeline, facts);
    if (!planned) return std::move(planned).error();
    if (auto* decision = std::get_if<Decision>(&*planned)) return std::move(*decision);
    for (const Need& need : std::get<Needs>(*planned)) answer(need);
  }
  FAIL("no decision in three rounds");
  return Error{};
}

std::string PlanWorld::outcome(const Intent& intent) {
  const auto decision = decide(intent);
  return decision ? actions(*decision) : code_of(decision);
}

std::string actions(const Decision& decision) {
  constexpr std::string_view names[] = {"none", "edit", "create", "remove"};
  std::vector<std::string_view> words;
  for (const TargetDecision& target : decision.targets) words.push_back(names[static_cast<std::size_t>(target.action)]);
  return fmt::format("{}", fmt::join(words, " "));
}

Intent promote(char at, std::string_view environment) {
  return {.operation = Operation::promote, .environment = std::string(environment), .commit = commit(at)};
}
Intent release(std::string_view version, char at) {
  Intent intent{.operation = Operation::release, .version = must(Version::parse(version))};
  if (at != 0) intent.commit = commit(at);
  return intent;
}
Intent rollback(std::string_view target, std::string_view to) {
  return {.operation = Operation::rollback, .environment = std::string(target), .to = std::string(to)};
}
Intent preview_up(std::uint64_t number, char at) {
  return {.operation = Operation::preview_up, .commit = commit(at), .number = number};
}
Intent preview_down(std::uint64_t number) { return {.operation = Operation::preview_down, .number = number}; }
Intent gate_post(std::string_view gate, char about) {
  return {
      .operation = Operation::gate_post, .commit = commit(about), .gate = std::string(gate), .conclusion = "success"};
}
Intent adopting(Intent intent) {
  intent.adopt = true;
  return intent;
}

EvidenceItem evidence_item(std::string_view gate, std::string_view conclusion, char bits,
                           std::string_view environment) {
  EvidenceItem item{.id = "1", .gate = std::string(gate), .conclusion = std::string(conclusion)};
  if (bits != 0) item.digest = digest(bits);
  item.environment = environment;
  return item;
}

}  // namespace samebits::test
