#include "core/release_rules.hpp"

#include <algorithm>

#include "core/on_main.hpp"
#include "core/release_tag.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

Result<CommitId> release_commit(const FactReader& facts, const Intent& intent, const Pipeline& pipeline,
                                const Service& service, const std::string& git_tag, const TargetRule* from) {
  if (intent.commit) return *intent.commit;
  // A moving name was resolved when the version was begun.
  if (const auto& tag = facts.git_tag(service.name, git_tag); tag.has_value()) {
    const auto text = read_release_tag(*tag);
    if (text && text->service == service.name) return tag->commit;
  }
  if (intent.main_tip) {
    if (const auto& tip = facts.main_tip(service.name); tip.has_value()) return *tip;
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("the protected branch of '{}' has no commit", service.name),
                 .hint = "check services.*.source in samebits.yaml",
                 .remote = service.source.url};
  }
  if (from == nullptr)
    return Error{.code = ErrorCode::bad_config,
                 .message = fmt::format("release.from names the unknown environment '{}'", pipeline.release.from)};
  SB_TRY(const auto current, current_of(facts, *from, pipeline.tags));
  if (const CommitId* const running = running_commit(current, Track::snapshot)) return *running;
  return Error{
      .code = ErrorCode::unknown_current,
      .message = current.is_nothing() ? fmt::format("nothing was promoted to '{}' yet", from->target.environment)
                                      : fmt::format("'{}' runs '{}', which is no snapshot", from->target.environment,
                                                    printable(current.text)),
      .hint = fmt::format("promote a snapshot to '{}' first, or say which with --sha", from->target.environment),
      .where = {.file = from->file.str()}};
}

Result<Digest> release_digest(const FactReader& facts, const Service& service, const ImageTag& tag,
                              const std::string& snapshot, const Known<GitTag>& git_tag) {
  const auto& found = facts.image(service.name, snapshot);
  if (found.has_value()) return *found;
  const auto& released = facts.image(service.name, tag.str());
  const auto text = git_tag.has_value() ? read_release_tag(*git_tag) : std::nullopt;
  if (text && released.has_value() && text->digest == *released) return *released;
  return require_image(facts, service, snapshot);
}

Result<void> require_bits_of(const FactReader& facts, const TargetRule& from, const TagPatterns& patterns,
                             const std::string& snapshot, const Digest& digest) {
  SB_TRY(const auto current, current_of(facts, from, patterns));
  if (current.record == nullptr || current.text != snapshot) return {};
  const Digest& ran = current.record->record->digest;
  if (ran == digest) return {};
  return Error{.code = ErrorCode::digest_mismatch,
               .message = fmt::format("'{}' ran {} as {}, but that tag is {} now", from.target.environment, snapshot,
                                      ran, digest),
               .hint = "someone moved the tag: find out who, build the commit anew and promote that",
               .where = {.file = from.record.str()}};
}

Result<void> require_free_or_ours(std::string_view name, const Known<GitTag>& git_tag, const ImageDecision& image,
                                  const CommitId& commit) {
  if (!git_tag.has_value()) return {};
  const auto text = read_release_tag(*git_tag);
  const bool other_commit = git_tag->commit != commit;
  if (!other_commit && text && text->service == image.service->name && text->digest == image.digest) return {};
  return Error{.code = ErrorCode::tag_exists,
               .message = other_commit
                              ? fmt::format("the Git tag {} is at {} already, not at {}", name, git_tag->commit, commit)
                              : fmt::format("the Git tag {} was not made by a release of '{}' with {}", name,
                                            image.service->name, image.digest),
               .hint = "release the next version; a published version is never moved",
               .remote = image.service->source.url};
}

Result<void> require_free_or_same(const ImageTag& tag, const Known<Digest>& released, const ImageDecision& image) {
  if (!released.has_value() || *released == image.digest) return {};
  return Error{.code = ErrorCode::tag_exists,
               .message = fmt::format("the image tag {} is {} already, not {}", tag, *released, image.digest),
               .hint = "release the next version; a published version is never moved",
               .remote = image.service->image.str()};
}

std::string release_marker(const Digest& digest) { return fmt::format("<!-- samebits: {} -->", digest); }

Result<void> require_release_is_ours(const ForgeRelease& release, const Known<GitTag>& git_tag,
                                     const Known<Digest>& released, const ImageDecision& image) {
  const std::string& remote = image.service->source.url;
  if (release.draft) {
    if (release.notes.find(release_marker(image.digest)) != std::string::npos) return {};
    return Error{.code = ErrorCode::tag_exists,
                 .message = fmt::format("the forge has a draft of {} that is not of this release", release.tag),
                 .hint = "delete the draft, or publish it and release the next version",
                 .remote = remote};
  }
  if (git_tag.has_value() && released.has_value()) return {};
  return Error{.code = ErrorCode::tag_exists,
               .message = fmt::format("the forge has a release {} already, and no {} of it", release.tag,
                                      git_tag.has_value() ? "image" : "Git tag"),
               .hint = "it was made by hand: release the next version",
               .remote = remote};
}

namespace {

bool was_released(const std::vector<StoredRecord>& chain, std::string_view tag) {
  return std::any_of(chain.begin(), chain.end(), [&](const StoredRecord& stored) {
    return stored.record->tag == tag && stored.record->operation == to_string(Operation::release);
  });
}

}  // namespace

Result<void> require_newer(const FactReader& facts, const std::vector<TargetRule>& rules,
                           const std::vector<Current>& currents, const ImageTag& tag, bool adopt) {
  const bool runs =
      std::any_of(currents.begin(), currents.end(), [&](const Current& current) { return current.text == tag.str(); });
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Current& current = currents[i];
    const std::string& environment = rules[i].target.environment;
    if (current.text == tag.str()) continue;
    if (!runs && was_released(facts.chain(rules[i].target), tag.str()))
      return Error{
          .code = ErrorCode::superseded,
          .message = fmt::format("{} was released and left since: '{}' runs {} now", tag, environment,
                                 current.is_nothing() ? "nothing" : printable(current.text)),
          .hint = fmt::format("to go back to it: samebits rollback {} --to {} --service {}",
                              rules[i].environment->lockstep.empty() ? environment : rules[i].environment->lockstep,
                              tag, rules[i].target.service),
          .where = {.file = rules[i].file.str()}};
    SB_CHECK(require_known(current, rules[i], adopt));
    if (!current.tag || current.tag->track() != Track::release || current.tag->version() < tag.version()) continue;
    return Error{.code = ErrorCode::version_not_newer,
                 .message = fmt::format("{} is not newer than {}, which '{}' runs", tag, *current.tag, environment),
                 .hint = "choose a higher version",
                 .where = {.file = rules[i].file.str()}};
  }
  return {};
}

}  // namespace samebits
