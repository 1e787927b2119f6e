#include "promotion/prepare.hpp"

#include <algorithm>

#include <samebits/values_file.hpp>

#include "core/diff.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

const ImageDecision* image_of(const Decision& decision, const Target& target) {
  for (const ImageDecision& image : decision.images)
    if (image.service->name == target.service) return &image;
  return nullptr;
}

ValuesEdit::Action action_of(WriteWhen when) {
  switch (when) {
    case WriteWhen::present:
      return ValuesEdit::Action::set_if_present;
    case WriteWhen::always:
      return ValuesEdit::Action::set_or_insert;
    default:
      return ValuesEdit::Action::set;
  }
}

Result<std::vector<ValuesEdit>> edits_of(const TargetDecision& target) {
  std::vector<ValuesEdit> edits;
  for (const KeyWrite& write : target.writes) {
    SB_TRY(auto path, ValuePath::parse(write.path));
    edits.push_back({.action = action_of(write.when), .path = std::move(path), .value = {.text = write.text}});
  }
  return edits;
}

bool is_pipeline_write(const TargetRule& rule, std::string_view path) {
  for (const Write& write : *rule.writes)
    if (write.path == path) return true;
  return false;
}

/// Prepares one decision; the members are what every target's preparation shares.
class Preparation {
 public:
  Preparation(Session& session, std::string id, Time now) : session_(session), id_(std::move(id)), now_(now) {}

  Result<void> add(const TargetDecision& target) {
    switch (target.action) {
      case TargetDecision::Action::none:
        return {};
      case TargetDecision::Action::remove:
        return remove(target);
      default:
        return write(target);
    }
  }
  Prepared take() { return std::move(prepared_); }

 private:
  Result<void> write(const TargetDecision& target) {
    const TargetRule& rule = target.rule;
    const bool creates = target.action == TargetDecision::Action::create;
    RepoPath from = rule.file;
    if (creates) {
      SB_TRY(from, RepoPath::parse(template_path(rule)));
    }
    SB_TRY(const auto file, session_.read(from));
    SB_TRY(const auto edits, edits_of(target));
    const std::string before = file ? file->bytes : std::string();
    SB_TRY(auto edited, edit_values(before, edits, {.file = from.str()}));
    const std::size_t first = prepared_.changes.size();
    for (const ValueChange& change : edited.changes) {
      if (creates && !is_pipeline_write(rule, change.path)) continue;
      note(rule, change.path, creates ? std::nullopt : change.before, change.after);
    }
    sort_by_path(prepared_.changes, first);
    if (creates || edited.bytes != before) put(rule.file, edited.bytes, creates ? "" : before, !creates);
    return put_record(target);
  }

  Result<void> put_record(const TargetDecision& target) {
    Record record = *target.record;
    record.promotion_id = id_;
    record.policy = session_.policy();
    record.actor = session_.options().author.str();
    record.time = now_;
    SB_TRY(const auto before, session_.read(target.rule.record));
    put(target.rule.record, record.str(), before ? before->bytes : "", before.has_value());
    return {};
  }

  Result<void> remove(const TargetDecision& target) {
    const TargetRule& rule = target.rule;
    for (const RepoPath* path : {&rule.file, &rule.record}) {
      SB_TRY(const auto file, session_.read(*path));
      if (!file) continue;
      prepared_.files.push_back({.path = *path, .bytes = std::nullopt});
      prepared_.diff += unified_diff(path->str(), file->bytes, "", true, false);
    }
    SB_TRY(const Write* tag, tag_write(rule));
    if (!target.before.empty()) note(rule, tag->path, target.before, std::nullopt);
    return {};
  }

  void note(const TargetRule& rule, const std::string& path, std::optional<std::string> before,
            std::optional<std::string> after) {
    if (before && before->empty()) before.reset();
    prepared_.changes.push_back({.environment = rule.target.environment,
                                 .service = rule.target.service,
                                 .file = rule.file.str(),
                                 .path = path,
                                 .before = std::move(before),
                                 .after = std::move(after)});
  }

  void put(const RepoPath& path, const std::string& after, const std::string& before, bool existed) {
    prepared_.files.push_back({.path = path, .bytes = after});
    prepared_.diff += unified_diff(path.str(), before, after, existed, true);
  }

  Session& session_;
  std::string id_;
  Time now_;
  Prepared prepared_;
};

/// The names that `name_of` gives the targets that change, each once.
template <class NameOf>
std::string names_of(const Decision& decision, NameOf name_of) {
  std::vector<std::string> names;
  for (const TargetDecision& target : decision.targets) {
    const std::string& name = name_of(target.rule.target);
    if (target.action == TargetDecision::Action::none || std::find(names.begin(), names.end(), name) != names.end())
      continue;
    names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, " and "));
}

std::string title_of(const Decision& decision) {
  const std::string places =
      names_of(decision, [](const Target& target) -> const std::string& { return target.environment; });
  const std::string services =
      names_of(decision, [](const Target& target) -> const std::string& { return target.service; });
  if (decision.operation == Operation::preview_down) return fmt::format("Remove {} of {}", places, services);
  const ImageDecision& image = decision.images.front();
  const std::string tag =
      image.commit && decision.operation != Operation::release && image.tag.size() > image.commit->str().size()
          ? image.tag.substr(0, image.tag.size() - image.commit->str().size() + 7)
          : image.tag;
  const char* const verb = decision.operation == Operation::rollback  ? "Roll back"
                           : decision.operation == Operation::release ? "Release"
                                                                      : "Promote";
  if (decision.operation == Operation::rollback) return fmt::format("{} {} to {}", verb, places, tag);
  return fmt::format("{} {} {} to {}", verb, services, tag, places);
}

}  // namespace

void sort_by_path(std::vector<Change>& changes, std::size_t first) {
  std::sort(changes.begin() + static_cast<std::ptrdiff_t>(first), changes.end(),
            [](const Change& left, const Change& right) { return left.path < right.path; });
}

std::string promotion_id(const Decision& decision, const Facts& facts) {
  Json::Array targets;
  for (const TargetDecision& decided : decision.targets) {
    const Target& target = decided.rule.target;
    Json entry;
    entry.add("environment", target.environment);
    entry.add("service", target.service);
    if (const ImageDecision* image = image_of(decision, target)) {
      entry.add("tag", image->tag);
      entry.add("digest", image->digest.str());
    }
    if (decision.operation != Operation::release) {
      const auto record = facts.records.find(target);
      const bool known = record != facts.records.end() && record->second.has_value();
      entry.add("previous", known ? Json(record->second->blob.str()) : Json());
    }
    targets.push_back(std::move(entry));
  }
  Json identity;
  identity.add("operation", to_string(decision.operation));
  identity.add("targets", std::move(targets));
  return sha256_hex(canonical_json(identity));
}

Result<Prepared> prepare(Session& session, const Decision& decision, const std::string& id, Time now) {
  Preparation preparation(session, id, now);
  for (const TargetDecision& target : decision.targets) SB_CHECK(preparation.add(target));
  return preparation.take();
}

std::string commit_message(const Session& session, const Decision& decision, const std::string& id) {
  const std::string& own = session.options().message;
  std::string message = own.empty() ? title_of(decision) : own;
  message += "\n\n";
  for (const TargetDecision& decided : decision.targets) {
    if (decided.action == TargetDecision::Action::none) continue;
    const std::string place = decided.rule.target.environment + "/" + decided.rule.target.service;
    const std::string before = decided.before.empty() ? std::string(no_tag) : printable(decided.before);
    const ImageDecision* image = image_of(decision, decided.rule.target);
    message += image == nullptr ? fmt::format("Removed: {} {}\n", place, before)
                                : fmt::format("Promoted: {} {} -> {}@{}\n", place, before, image->tag, image->digest);
  }
  for (const ImageDecision& image : decision.images)
    if (image.commit) message += fmt::format("Source-Commit: {} {}\n", image.service->name, *image.commit);
  return message + fmt::format("Promotion-Id: {}\n", id);
}

}  // namespace samebits
