#include "promotion/execute.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "core/release_rules.hpp"
#include "core/release_tag.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/receipts.hpp"

namespace samebits {
namespace {

constexpr int max_attempts = 200;
constexpr int max_landed_walk = 1000;

bool is_worth_another_attempt(const Error& error) {
  return error.code == ErrorCode::lost_race || error.outcome_unknown;
}

/// All attempts of one operation, and the steps that they did.
class Execution {
 public:
  Execution(Context& context, Setup& setup, const Intent& intent, const SavedPlan* saved, bool* reconciled)
      : context_(context), setup_(setup), intent_(intent), saved_(saved), reconciled_(reconciled) {}

  Result<Receipt> run() {
    if (auto receipt = try_remembered()) return *std::move(receipt);
    Error last;
    for (int attempt = raced_ ? 1 : 0; attempt < max_attempts; ++attempt) {
      if (attempt > 0) SB_CHECK(pause(attempt));
      const auto turn = attempt > 0 ? ports_.gitops.take_turn(context_) : nullptr;
      auto receipt = timed([this] { return try_once(); });
      if (receipt || !is_worth_another_attempt(receipt.error())) return receipt;
      last = std::move(receipt).error();
      context_.note(LogLevel::info, fmt::format("attempt {}: {}", attempt + 1, last.message));
    }
    return last;
  }

 private:
  /// What a commit can decide is tried at once where the branch was last seen: the commit lands only if it is there
  /// still. All other answers hold only if it is; nothing where they do not.
  std::optional<Result<Receipt>> try_remembered() {
    if (intent_.operation == Operation::release || saved_ != nullptr) return std::nullopt;
    const auto tip = ports_.gitops.remembered_tip(context_);
    if (!tip) return std::nullopt;
    auto receipt = timed([&]() -> Result<Receipt> {
      SB_TRY(const auto session, Session::open_at(context_, setup_, *tip));
      return try_in(*session);
    });
    if (receipt && receipt->changed) return receipt;
    if (receipt || !is_worth_another_attempt(receipt.error())) {
      const auto now = ports_.gitops.tip(context_);
      if (now && *now == tip) return receipt;
    }
    raced_ = !receipt && is_worth_another_attempt(receipt.error());
    if (raced_) context_.note(LogLevel::info, fmt::format("attempt 1: {}", receipt.error().message));
    steps_.clear();
    return std::nullopt;
  }

  template <class Attempt>
  Result<Receipt> timed(Attempt attempt) {
    const auto began = Context::Clock::now();
    auto receipt = attempt();
    took_ = std::chrono::duration_cast<std::chrono::milliseconds>(Context::Clock::now() - began);
    return receipt;
  }

  Result<Receipt> try_once() {
    SB_TRY(const auto session, Session::open(context_, setup_));
    return try_in(*session);
  }

  Result<Receipt> try_in(Session& opened) {
    Session* const session = &opened;
    SB_CHECK(require_own_policy(*session, intent_.operation));
    wants_release_ = session->pipeline().release.forge_release != "never";
    if (reconciled_ != nullptr) *reconciled_ = !session->pipeline().reconciler.kind.empty();
    if (lost_from_) {
      SB_TRY(auto landed, find_landed(*session));
      if (landed) return with_tag_still_there(*session, *std::move(landed));
    }
    Facts facts;
    SB_TRY(auto decision, decide(*session, intent_, facts));
    SB_CHECK(require_as_saved(*session, decision, facts));
    SB_CHECK(confirm(*session, decision, facts));
    const std::string id = promotion_id(decision, facts);
    if (decision.operation == Operation::release && !decision.targets_done())
      SB_CHECK(ports_.gitops.require_writable(context_, options_.author));
    SB_CHECK(create_git_tag(*session, decision, id));
    SB_CHECK(create_image_tag(*session, decision));
    SB_TRY(auto receipt, commit(*session, decision, facts, id));
    return with_tag_still_there(*session, std::move(receipt));
  }

  /// The plan that was looked at is the plan that is carried out, or was carried out before.
  Result<void> require_as_saved(Session& session, const Decision& decision, const Facts& facts) const {
    if (saved_ == nullptr) return {};
    SB_TRY(const bool was_done, is_done_as_saved(session, decision));
    if (was_done) return {};
    SB_TRY(const auto now, to_plan(session, decision, facts));
    return require_same_plan(*saved_, now, !steps_.empty());
  }

  /// What is gone left no record: the commit that removed it tells by which promotion.
  Result<bool> is_done_as_saved(Session& session, const Decision& decision) const {
    if (has_work(decision)) return false;
    if (decision.operation == Operation::preview_down) {
      SB_TRY(const auto removal, find_removal(session, decision.targets.front().rule.target));
      return removal && removal->promotion_id == saved_->promotion_id;
    }
    return std::all_of(decision.targets.begin(), decision.targets.end(), [this](const TargetDecision& target) {
      return target.record && target.record->promotion_id == saved_->promotion_id;
    });
  }

  static bool has_work(const Decision& decision) {
    return !decision.targets_done() || (decision.git_tag && !decision.git_tag->exists) ||
           (decision.image_tag && !decision.image_tag->exists) ||
           (decision.forge_release && !decision.forge_release->exists);
  }

  /// Right before the first irreversible step of a release the evidence, the bits and the tip are read once more.
  Result<void> confirm(Session& session, Decision& decision, const Facts& facts) {
    if (decision.operation != Operation::release || !has_work(decision)) return {};
    SB_TRY(const auto tip, ports_.gitops.tip(context_));
    if (tip != session.tip())
      return Error{.code = ErrorCode::lost_race,
                   .message = "the GitOps repository changed while the release was prepared",
                   .hint = "run it again"};
    // What the tip or ids alone decide does not change, and what is made once is guarded by its own making.
    Facts again = facts;
    again.main_tips.clear();
    again.images.clear();
    again.evidence.clear();
    again.approvals.clear();
    SB_TRY(auto confirmed, decide(session, intent_, again));
    if (confirmed.images.front().digest != decision.images.front().digest)
      return Error{.code = ErrorCode::digest_mismatch,
                   .message = fmt::format("{} changed from {} to {} while the release was prepared",
                                          decision.images.front().snapshot, decision.images.front().digest,
                                          confirmed.images.front().digest),
                   .hint = "find out who moved the tag before anything is released"};
    decision = std::move(confirmed);
    return {};
  }

  Result<void> create_git_tag(Session& session, const Decision& decision, const std::string& id) {
    if (!decision.git_tag) return {};
    if (decision.git_tag->exists) return step("git-tag", StepOutcome::already);
    const ImageDecision& image = decision.images.front();
    SB_TRY(Source * source, ports_.services.source(*image.service));
    const std::string text = format_release_tag(
        {.service = image.service->name, .digest = image.digest, .promotion_id = id}, intent_.version->str());
    auto created = source->create_tag(session.context(), {.name = decision.git_tag->name,
                                                          .commit = *image.commit,
                                                          .message = text,
                                                          .tagger = options_.author,
                                                          .time = ports_.clock.now()});
    if (created) return step("git-tag", StepOutcome::done);
    // Somebody was faster, perhaps we ourselves: the next attempt sees whose the tag is, or it is one that cannot be
    // seen, and no attempt ever will.
    Error error = std::move(created).error();
    if (error.code == ErrorCode::tag_exists) error.outcome_unknown = !std::exchange(tag_was_taken_, true);
    return error;
  }

  Result<void> create_image_tag(Session& session, const Decision& decision) {
    if (!decision.image_tag) return {};
    if (decision.image_tag->exists) return step("image-tag", StepOutcome::already);
    const ImageDecision& image = decision.images.front();
    SB_TRY(Registry * registry, ports_.services.registry(*image.service));
    SB_TRY(const auto created, registry->create_tag(session.context(), image.tag, image.digest));
    SB_TRY(const auto found, registry->resolve(session.context(), image.tag));
    if (!found || *found != image.digest)
      return Error{.code = ErrorCode::digest_mismatch,
                   .message = fmt::format("the tag {} was written as {} and reads as {}", image.tag, image.digest,
                                          found ? found->str() : "absent"),
                   .hint = "somebody else writes that tag; look before anything is promoted",
                   .remote = registry->location()};
    return step("image-tag", created == TagCreated::created ? StepOutcome::done : StepOutcome::already);
  }

  /// Whoever else may write tags could have moved it while we worked: no receipt names a digest that the tag has not.
  Result<Receipt> with_tag_still_there(Session& session, Receipt receipt) const {
    if (intent_.operation != Operation::release) return receipt;
    for (const PromotedImage& image : receipt.images) {
      const Service* service = session.pipeline().find_service(image.service);
      if (service == nullptr) continue;
      SB_TRY(Registry * registry, ports_.services.registry(*service));
      SB_TRY(const auto found, registry->resolve(session.context(), image.tag));
      if (found == image.digest) continue;
      return Error{.code = ErrorCode::digest_mismatch,
                   .message = fmt::format("the tag {} was released as {} and is {} at the end", image.tag, image.digest,
                                          found ? found->str() : "absent"),
                   .hint = "somebody else moved it: find out who, and forbid it by the registry's rules for tags",
                   .remote = registry->location()};
    }
    return receipt;
  }

  Result<Receipt> commit(Session& session, const Decision& decision, const Facts& facts, const std::string& id) {
    if (decision.targets_done()) return finished(session, decision, facts, id);
    SB_TRY(const auto prepared, prepare(session, decision, id, ports_.clock.now()));
    if (prepared.files.empty()) return finished(session, decision, facts, id);
    auto made = ports_.gitops.commit(session.context(), {.expected_tip = session.tip(),
                                                         .changes = prepared.files,
                                                         .message = commit_message(session, decision, id),
                                                         .author = options_.author,
                                                         .time = ports_.clock.now()});
    Receipt receipt = receipt_of(session, decision, id);
    receipt.changes = prepared.changes;
    receipt.gitops = GitOpsState{.repository = ports_.gitops.location(),
                                 .branch = ports_.gitops.branch(),
                                 .parent = session.tip(),
                                 .commit = {}};
    if (!made) {
      // After a lost race the commit is not there: who has landed the same meanwhile was somebody else.
      if (made.error().outcome_unknown) {
        lost_from_ = session.tip();
        lost_ = std::move(receipt);
        lost_release_ = decision.forge_release;
      }
      return std::move(made).error();
    }
    receipt.gitops->commit = *made;
    return close(std::move(receipt), StepOutcome::done, decision.forge_release);
  }

  /// Nothing is left to commit: the receipt is rebuilt from what is there.
  Result<Receipt> finished(Session& session, const Decision& decision, const Facts& facts, const std::string& id) {
    Receipt receipt = receipt_of(session, decision, id);
    if (!decision.targets.empty()) {
      const TargetDecision* const last = last_promoted(decision);
      if (last != nullptr) receipt.promotion_id = last->record->promotion_id;
      receipt.changes = recorded_changes(decision, facts, session.pipeline().tags, receipt.promotion_id);
      const TargetRule& rule = last != nullptr ? last->rule : decision.targets.front().rule;
      SB_TRY(receipt.gitops, find_made(session, facts, rule, receipt.promotion_id));
      if (decision.operation == Operation::preview_down) SB_CHECK(add_removal(session, rule, receipt));
    }
    return close(std::move(receipt), StepOutcome::already, decision.forge_release);
  }

  /// The commit of what the target was promoted by, which may have been left and come back to since.
  Result<GitOpsState> find_made(Session& session, const Facts& facts, const TargetRule& rule,
                                const std::string& id) const {
    const auto newest = facts.records.find(rule.target);
    const bool is_known = newest != facts.records.end() && newest->second.has_value();
    if (!is_known || newest->second->record->promotion_id == id) return find_commit(session, rule.record);
    SB_TRY(const auto made, find_promotions(session, {id}));
    if (const auto found = made.find(id); found != made.end()) return found->second;
    return GitOpsState{.repository = ports_.gitops.location(), .branch = ports_.gitops.branch()};
  }

  /// What is gone left no record: its removal is told from the commit that did it.
  static Result<void> add_removal(Session& session, const TargetRule& rule, Receipt& receipt) {
    SB_TRY(auto removal, find_removal(session, rule.target));
    if (!removal) return {};
    if (!removal->promotion_id.empty()) receipt.promotion_id = std::move(removal->promotion_id);
    SB_TRY(const Write* tag, tag_write(rule));
    if (removal->tag != no_tag)
      receipt.changes.push_back({.environment = rule.target.environment,
                                 .service = rule.target.service,
                                 .file = rule.file.str(),
                                 .path = tag->path,
                                 .before = std::move(removal->tag)});
    receipt.gitops = std::move(removal->gitops);
    return {};
  }

  Receipt receipt_of(const Session& session, const Decision& decision, const std::string& id) const {
    return {.operation = std::string(to_string(decision.operation)),
            .promotion_id = id,
            .actor = options_.author.str(),
            .policy = session.policy(),
            .images = promoted_images(decision),
            .gates = decision.gates,
            .warnings = decision.warnings};
  }

  Result<Receipt> close(Receipt receipt, StepOutcome committed, const std::optional<ForgeReleaseDecision>& release) {
    (void)step("commit", committed);
    if (intent_.operation == Operation::release) SB_CHECK(make_forge_release(receipt, release));
    receipt.steps = steps_;
    receipt.changed = std::any_of(steps_.begin(), steps_.end(),
                                  [](const StepResult& result) { return result.outcome == StepOutcome::done; });
    return receipt;
  }

  /// Last of all: what people are told of the version is true by then.
  Result<void> make_forge_release(const Receipt& receipt, const std::optional<ForgeReleaseDecision>& release) {
    if (!release) {
      steps_.push_back({.name = "forge-release",
                        .outcome = StepOutcome::skipped,
                        .note = wants_release_ ? "the source has no forge" : "release.forge-release is never"});
      return {};
    }
    if (release->exists) return step("forge-release", StepOutcome::already);
    SB_TRY(Releases * releases, ports_.services.releases(*release->service));
    const PromotedImage& image = receipt.images.front();
    SB_TRY(std::string notes, releases->notes(context_, release->name, *image.commit, release->previous));
    const NewForgeRelease wanted{.tag = release->name,
                                 .commit = *image.commit,
                                 .title = fmt::format("{} {}", image.service, release->name),
                                 .notes = release_notes(std::move(notes), image),
                                 .pre_release = release->pre_release,
                                 .latest = !release->pre_release};
    auto made = release->draft.empty() ? releases->create(context_, wanted)
                                       : releases->publish(context_, release->draft, wanted);
    if (made) return step("forge-release", StepOutcome::done);
    Error error = std::move(made).error();
    if (error.code == ErrorCode::tag_exists) error.outcome_unknown = !std::exchange(release_was_taken_, true);
    return error;
  }

  static std::string release_notes(std::string notes, const PromotedImage& image) {
    if (!notes.empty() && !notes.ends_with('\n')) notes += '\n';
    if (!notes.empty()) notes += '\n';
    return notes + fmt::format("Image: `{}:{}@{}`\nCommit: {}\n{}\n", image.repository, image.tag, image.digest,
                               *image.commit, release_marker(image.digest));
  }

  /// After a lost answer: did our commit land, whatever came after it? Looked for in `lost_from_..tip`.
  Result<std::optional<Receipt>> find_landed(Session& session) {
    std::optional<CommitId> at = session.tip();
    for (int walked = 0; at && *at != *lost_from_ && walked < max_landed_walk; ++walked) {
      SB_TRY(const auto facts, ports_.gitops.commit_facts(session.context(), *at));
      if (!facts) break;
      if (find_trailer(facts->message, "Promotion-Id") == lost_.promotion_id && !facts->parents.empty() &&
          facts->parents.front() == *lost_from_) {
        lost_.gitops->commit = at;
        SB_TRY(auto receipt, close(lost_, StepOutcome::done, lost_release_));
        return std::optional(std::move(receipt));
      }
      at = facts->parents.empty() ? std::nullopt : std::optional(facts->parents.front());
    }
    return std::optional<Receipt>();
  }

  /// A step that an earlier attempt did stays done.
  Result<void> step(std::string name, StepOutcome outcome) {
    const auto known = std::find_if(steps_.begin(), steps_.end(), [&](const auto& s) { return s.name == name; });
    if (known == steps_.end()) steps_.push_back({.name = std::move(name), .outcome = outcome});
    return {};
  }

  /// Full jitter: losers of one race must not meet again. It doubles with each race that is lost, from what an attempt
  /// takes on: the more there are who write, the fewer of them may try at once.
  Result<void> pause(int attempt) {
    using Count = std::chrono::milliseconds::rep;
    const Count ceiling = (std::max<Count>(took_.count(), 1) << std::min(attempt, 6)) / 2;
    std::uniform_int_distribution<Count> share(0, std::min<Count>(ceiling, 5000));
    std::random_device random;
    return ports_.clock.pause(context_, std::chrono::milliseconds(share(random)));
  }

  Context& context_;
  Setup& setup_;
  const Ports& ports_ = setup_.ports;
  const PromoterOptions& options_ = setup_.options;
  const Intent& intent_;
  const SavedPlan* saved_;
  bool* reconciled_;
  /// The branch was not where it was last seen.
  bool raced_ = false;
  bool tag_was_taken_ = false;
  /// By the last attempt.
  std::chrono::milliseconds took_{0};
  std::vector<StepResult> steps_;
  bool release_was_taken_ = false;
  bool wants_release_ = true;
  std::optional<CommitId> lost_from_;
  std::optional<ForgeReleaseDecision> lost_release_;
  Receipt lost_;
};

}  // namespace

Result<void> require_own_policy(const Session& session, Operation operation) {
  if (!session.overrides_policy() || (operation != Operation::release && operation != Operation::rollback)) return {};
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' follows the repository's own samebits.yaml, not {}", to_string(operation),
                                      session.options().config_name),
               .hint = "leave --config out, or commit the change to samebits.yaml first"};
}

Result<Receipt> execute(Context& context, Setup& setup, const Intent& intent, const SavedPlan* saved,
                        bool* reconciled) {
  return Execution(context, setup, intent, saved, reconciled).run();
}

}  // namespace samebits
