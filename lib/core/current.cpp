#include "core/current.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

void want_current(FactReader& facts, const Target& target) {
  facts.want({.kind = Need::Kind::values, .target = target});
  facts.want({.kind = Need::Kind::record, .target = target});
}

Result<Current> current_of(const FactReader& facts, const TargetRule& rule, const TagPatterns& patterns) {
  Current current;
  const auto& record = facts.record(rule.target);
  if (record.has_value()) current.stored = &*record;
  const auto& values = facts.values(rule.target);
  if (!values.has_value()) {
    if (rule.environment->is_ephemeral()) return current;
    return Error{.code = ErrorCode::file_missing,
                 .message = fmt::format("'{}' of '{}' has no values file {}", rule.service->name,
                                        rule.target.environment, rule.file),
                 .hint = "write the file with the keys that the chart needs, or let `samebits init` make it",
                 .where = {.file = rule.file.str()}};
  }
  if (const std::optional<Error>& broken = values->broken) return *broken;
  current.blob = values->blob;
  SB_TRY(const Write* write, tag_write(rule));
  const std::string* const text = values->text_at(write->path);
  if (text == nullptr || text->empty()) return current;
  current.text = tag_in(*write, rule, *text).value_or(*text);
  if (auto tag = patterns.parse_tag(current.text)) current.tag = *std::move(tag);
  if (current.stored != nullptr && current.stored->record->tag == current.text) current.record = current.stored;
  return current;
}

Result<void> require_known(const Current& current, const TargetRule& rule, bool adopt) {
  if (current.is_nothing() || adopt) return {};
  const Track track = rule.environment->track;
  if (current.tag && current.tag->track() == track) return {};
  return Error{.code = ErrorCode::unknown_current,
               .message = fmt::format("'{}' runs '{}', which is no {} tag", rule.target.environment,
                                      printable(current.text), to_string(track)),
               .hint = "look at who wrote that value; --adopt promotes over it",
               .where = {.file = rule.file.str()}};
}

std::vector<KeyWrite> key_writes(const FactReader& facts, const TargetRule& rule, const WriteValues& values) {
  const auto& file = facts.values(rule.target);
  std::vector<KeyWrite> writes;
  for (const Write& write : *rule.writes) {
    // Where there is no version to write, a key that may be missing is left alone.
    if (lacks_version(write, values.version)) continue;
    const std::string* const text = file.has_value() ? file->text_at(write.path) : nullptr;
    WriteValues here = values;
    if (text != nullptr) here.current = *text;
    writes.push_back({.path = write.path, .text = render_write(write, rule, here), .when = write.when});
  }
  return writes;
}

bool has_writes(const FactReader& facts, const TargetRule& rule, const std::vector<KeyWrite>& writes) {
  const auto& values = facts.values(rule.target);
  if (!values.has_value()) return false;
  for (const KeyWrite& write : writes) {
    const std::string* const text = values->text_at(write.path);
    if (text == nullptr && write.when == WriteWhen::present) continue;
    if (text == nullptr || *text != write.text) return false;
  }
  return true;
}

void want_replaced(FactReader& facts, const TargetRule& rule, const Current& current) {
  if (!current.is_nothing() && current.record == nullptr && is_tag(current.text))
    facts.want(need_image(*rule.service, current.text));
}

const CommitId* running_commit(const Current& current, Track track) noexcept {
  if (!current.tag || current.tag->track() != track) return nullptr;
  const auto& commit = current.tag->commit();
  return commit ? &*commit : nullptr;
}

std::optional<Replaced> replaced_by(const FactReader& facts, const TargetRule& rule, const Current& current) {
  if (current.is_nothing()) return std::nullopt;
  if (current.record != nullptr) return Replaced{.tag = current.text, .digest = current.record->record->digest};
  std::optional<Digest> digest;
  if (is_tag(current.text))
    if (const auto& image = facts.image(rule.service->name, current.text); image.has_value()) digest = *image;
  return Replaced{.tag = printable(current.text), .digest = digest};
}

namespace {

Error other_bits(const TargetRule& rule, const Record& record, const Digest& digest) {
  return Error{.code = ErrorCode::digest_mismatch,
               .message = fmt::format("'{}' was promoted to {} as {}, but that tag is {} now", rule.target.environment,
                                      record.tag, record.digest, digest),
               .hint = "someone moved the tag: find out who, build the commit anew and promote that",
               .where = {.file = rule.record.str()}};
}

bool is_by(const Record& record, Operation operation) { return record.operation == to_string(operation); }

/// The newest record by `operation` of what `record` says is there; `record` itself where no other is.
const Record& origin_of(const FactReader& facts, const TargetRule& rule, const Record& record, Operation operation) {
  if (is_by(record, operation)) return record;
  for (const auto& [blob, earlier] : facts.chain(rule.target))
    if (is_by(*earlier, operation) && earlier->tag == record.tag && earlier->digest == record.digest) return *earlier;
  return record;
}

/// What the record after this one lists.
std::vector<BlobId> earlier_of(const Record& before) {
  std::vector<BlobId> earlier;
  if (before.previous) earlier.push_back(*before.previous);
  const auto kept = std::min(before.earlier.size(), Record::max_earlier - earlier.size());
  earlier.insert(earlier.end(), before.earlier.begin(), before.earlier.begin() + static_cast<std::ptrdiff_t>(kept));
  return earlier;
}

}  // namespace

void want_origin(FactReader& facts, const TargetRule& rule, const Current& current, Operation operation,
                 std::string_view tag) {
  if (current.record != nullptr && current.text == tag && !is_by(*current.record->record, operation))
    facts.want({.kind = Need::Kind::chain, .target = rule.target});
}

Result<TargetDecision> decide_target(const FactReader& facts, const TargetRule& rule, const Current& current,
                                     const Wanted& wanted, std::vector<std::string>& warnings) {
  const ImageDecision& image = wanted.image;
  const std::string commit = image.commit ? image.commit->str() : std::string();
  TargetDecision decision{
      .rule = rule,
      .writes = key_writes(
          facts, rule, {.tag = image.tag, .digest = image.digest.str(), .version = image.version, .commit = commit}),
      .basis = current.blob,
      .before = current.text};
  if (current.record != nullptr && current.text == image.tag && current.record->record->digest != image.digest)
    return other_bits(rule, *current.record->record, image.digest);
  if (current.text == image.tag && has_writes(facts, rule, decision.writes)) {
    if (current.record != nullptr) {
      decision.record = origin_of(facts, rule, *current.record->record, wanted.operation);
      return decision;
    }
    if (!wanted.adopt) {
      warnings.push_back(fmt::format("'{}' already has {}, but no record says who promoted it; --adopt writes one",
                                     rule.target.environment, image.tag));
      return decision;
    }
  }
  decision.action = TargetDecision::Action::edit;
  decision.record = Record{.environment = rule.target.environment,
                           .service = rule.target.service,
                           .tag = image.tag,
                           .digest = image.digest,
                           .commit = image.commit,
                           .operation = std::string(to_string(wanted.operation)),
                           .replaced = current.text == image.tag ? std::nullopt : replaced_by(facts, rule, current),
                           .previous = current.stored != nullptr ? std::optional(current.stored->blob) : std::nullopt};
  if (current.stored != nullptr) decision.record->earlier = earlier_of(*current.stored->record);
  return decision;
}

}  // namespace samebits
