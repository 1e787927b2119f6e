#include "promotion/rollout_wait.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Between refreshes where nothing moves; twice as long each time.
constexpr milliseconds first_quiet{2000};
constexpr milliseconds longest_quiet{30000};
constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{10000};
/// Streams that end early before they are given up for reading every now and then, and readings before another one.
constexpr int max_failures = 3;
constexpr int readings_per_stream = 12;
constexpr milliseconds good_stream{10000};
constexpr milliseconds reading_interval{5000};
/// How long a state that looks final is given to prove wrong: conditions come and go while an application changes.
constexpr milliseconds brief_patience{10000};
constexpr milliseconds long_patience{30000};

bool may_pass(const Error& error) {
  return error.kind() == ErrorKind::transient || error.kind() == ErrorKind::rate_limited;
}

std::string_view hint_of(RolloutState state) {
  switch (state) {
    case RolloutState::awaiting_sync:
      return "a person must sync it in the reconciler, or give --sync";
    case RolloutState::not_observed:
    case RolloutState::comparing:
      return "check that the reconciler's controller runs and reaches the GitOps repository";
    case RolloutState::blocked:
      return "wait for the end of the sync window";
    case RolloutState::failed:
    case RolloutState::error:
    case RolloutState::degraded:
      return "mend what is named and promote again, or roll back";
    case RolloutState::deleting:
      return "the application is going away: make it again before anything is promoted";
    default:
      return "look at the workloads, or give a longer --timeout";
  }
}

}  // namespace

WaitStart WaitStart::now(Session& session) {
  WaitStart start{.begin = session.ports().clock.elapsed(), .end = {}};
  if (const auto& deadline = session.context().deadline)
    start.end = start.begin + std::max(*deadline - Context::Clock::now(), Context::Clock::duration::zero());
  return start;
}

seconds WaitStart::waited(Session& session) const {
  return std::chrono::duration_cast<seconds>(session.ports().clock.elapsed() - begin);
}

RolloutWait::RolloutWait(Session& session, const RolloutTarget& target, const WaitRules& rules, const WaitStart& start)
    : session_(session),
      target_(target),
      rules_(rules),
      start_(start),
      revisions_(session, target),
      quiet_(first_quiet) {}

Result<WaitedFor> RolloutWait::run() {
  since_ = next_refresh_ = now();
  SB_CHECK(look(Refresh::none));
  if (trouble_ && trouble_->kind() != ErrorKind::auth) return *trouble_;
  const auto hold = std::chrono::ceil<seconds>(rules_.hold);
  // That it has held is shown by a later look of the reconciler's.
  if (rollout_.state == RolloutState::healthy && !has_held(*facts_, hold)) SB_CHECK(look(Refresh::normal));
  if (rollout_.state == RolloutState::healthy && !trouble_ && has_held(*facts_, hold))
    return WaitedFor{.rollout = rollout_, .already = true};
  next_refresh_ = now();
  while (true) {
    if (is_done()) {
      // Once more from the reconciler itself: the stream may be late.
      SB_CHECK(look(Refresh::none));
      if (is_done()) return WaitedFor{.rollout = rollout_};
    }
    if (const auto* token = session_.context().cancel; token != nullptr && token->fired())
      SB_CHECK(session_.context().check());
    if (is_over()) return WaitedFor{.rollout = rollout_, .error = not_rolled_out()};
    SB_CHECK(ask_for_sync());
    if (rollout_.state != RolloutState::healthy && facts_ && now() >= next_refresh_) {
      SB_CHECK(look(Refresh::normal));
      quiet_ = std::min(quiet_ * 2, longest_quiet);
      next_refresh_ = now() + quiet_;
      continue;
    }
    SB_CHECK(follow());
  }
}

bool RolloutWait::is_done() {
  if (rollout_.state != RolloutState::healthy || trouble_) return false;
  return now() - since_ >= rules_.hold || has_held(*facts_, std::chrono::ceil<seconds>(rules_.hold));
}

/// Reads the application. What may pass is remembered; what will not ends the wait.
Result<void> RolloutWait::look(Refresh refresh) {
  auto found = target_.reconciler->application(session_.context(), target_.application, refresh);
  if (found) {
    trouble_.reset();
    return take(*found);
  }
  Error error = std::move(found).error();
  if (error.code == ErrorCode::timed_out && is_overdue()) return {};
  // It may also mean that there is no such application yet.
  if (error.code == ErrorCode::permission_missing) {
    trouble_ = std::move(error);
    return take(std::nullopt);
  }
  if (!may_pass(error)) return error;
  session_.context().note(LogLevel::info, error.message);
  trouble_ = std::move(error);
  return {};
}

Result<void> RolloutWait::take(const std::optional<ApplicationFacts>& facts) {
  SB_TRY(auto judged, judge_facts(revisions_, session_, target_, facts));
  const bool is_other = judged.state != rollout_.state;
  const bool is_news = !told_ || is_other || judged.message != rollout_.message;
  if (is_other) since_ = now();
  if (is_other) next_refresh_ = now() + quiet_;
  facts_ = facts;
  rollout_ = std::move(judged);
  told_ = true;
  if (is_news && session_.options().progress) session_.options().progress(rollout_, start_.waited(session_));
  return {};
}

/// States that look final, and how long they may yet change.
std::optional<milliseconds> RolloutWait::patience() const {
  switch (rollout_.state) {
    case RolloutState::superseded:
      return milliseconds(0);
    case RolloutState::failed:
    case RolloutState::error:
    case RolloutState::deleting:
      return brief_patience;
    case RolloutState::degraded:
      return long_patience;
    default:
      return std::nullopt;
  }
}

bool RolloutWait::is_over() {
  const auto allowed = patience();
  return is_overdue() || (allowed && now() - since_ >= *allowed);
}

RolloutWait::Moment RolloutWait::next_wake() const {
  Moment wake = since_ + (rollout_.state == RolloutState::healthy ? rules_.hold : longest_quiet);
  if (rollout_.state != RolloutState::healthy) wake = next_refresh_;
  if (const auto allowed = patience()) wake = std::min(wake, since_ + *allowed);
  if (start_.end) wake = std::min(wake, *start_.end);
  return wake;
}

/// Follows the stream until something is to be done.
Result<void> RolloutWait::follow() {
  if (trouble_ || !facts_ || failures_ >= max_failures) return read_later();
  const auto left = std::chrono::ceil<milliseconds>(next_wake() - now());
  if (left <= milliseconds(0)) return {};
  Context until = session_.context();
  until.deadline = Context::Clock::now() + left;
  Result<void> taken;
  bool stopped = false;
  const Moment begin = now();
  const auto watched =
      target_.reconciler->watch(until, target_.application, [&](const std::optional<ApplicationFacts>& facts) {
        const RolloutState before = rollout_.state;
        taken = take(facts);
        // What is to be done next may have changed with the state.
        stopped = !taken || rollout_.state != before;
        return !stopped;
      });
  SB_CHECK(taken);
  if (now() - begin >= good_stream) failures_ = 0;
  return stopped ? Result<void>() : after_watch(watched);
}

/// Where there is nothing to follow.
Result<void> RolloutWait::read_later() {
  if (++readings_ % readings_per_stream == 0) failures_ = 0;
  milliseconds duration = reading_interval;
  if (rollout_.state == RolloutState::healthy && !trouble_) duration = std::min(duration, rules_.hold);
  if (start_.end) duration = std::min(duration, std::chrono::ceil<milliseconds>(*start_.end - now()));
  SB_CHECK(pause(std::max(duration, shortest_pause)));
  return look(Refresh::none);
}

Result<void> RolloutWait::after_watch(const Result<void>& watched) {
  if (!watched && watched.error().code == ErrorCode::timed_out) return {};
  if (!watched && (watched.error().code == ErrorCode::cancelled || watched.error().code == ErrorCode::unauthenticated))
    return watched.error();
  if (!watched) session_.context().note(LogLevel::info, watched.error().message);
  ++failures_;
  // Dropped: what was missed meanwhile must be read.
  SB_CHECK(pause(std::min(milliseconds(100) * (1 << std::min(failures_, 6)), longest_pause)));
  return look(Refresh::none);
}

Result<void> RolloutWait::pause(milliseconds duration) {
  auto paused = session_.ports().clock.pause(session_.context(), duration);
  if (!paused && paused.error().code == ErrorCode::timed_out) return {};
  return paused;
}

/// Once for a revision: what became of it is in the facts.
Result<void> RolloutWait::ask_for_sync() {
  if (!rules_.sync || rollout_.state != RolloutState::awaiting_sync || asked_for_ == rollout_.compared) return {};
  asked_for_ = rollout_.compared;
  auto asked = target_.reconciler->request_sync(session_.context(), target_.application,
                                                {.revisions = facts_->compared, .promotion_id = target_.promotion_id});
  // Another operation runs: the next reading says what came of it.
  if (!asked && asked.error().code == ErrorCode::lost_race) asked_for_.clear();
  if (!asked && asked.error().code != ErrorCode::lost_race && !asked.error().outcome_unknown) return asked;
  return look(Refresh::none);
}

Error RolloutWait::not_rolled_out() {
  Error error{
      .code = ErrorCode::not_rolled_out,
      .message = fmt::format("{}/{} is not rolled out after {} s: {}: {}", rollout_.environment, rollout_.service,
                             start_.waited(session_).count(), to_string(rollout_.state), rollout_.message),
      .hint = std::string(hint_of(rollout_.state)),
      .remote = target_.reconciler->location()};
  if (trouble_ && trouble_->code == ErrorCode::permission_missing) {
    error = *trouble_;
  } else if (rollout_.state == RolloutState::superseded) {
    error.code = ErrorCode::superseded;
    error.hint = "samebits history shows what came after";
  } else if (rollout_.state == RolloutState::missing && !trouble_) {
    error.code = ErrorCode::application_missing;
    error.hint = "check reconciler.application of samebits.yaml, or make the application";
  } else if (trouble_) {
    error.message += fmt::format("; the last question failed: {}", trouble_->message);
  }
  return error;
}

}  // namespace samebits
