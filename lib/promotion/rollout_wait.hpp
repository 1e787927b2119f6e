#pragma once

#include "promotion/wait.hpp"

namespace samebits {

/// When a wait began and how long it may last.
struct WaitStart {
  Context::Clock::time_point begin;
  std::optional<Context::Clock::time_point> end;

  static WaitStart now(Session& session);
  std::chrono::seconds waited(Session& session) const;
};

/// One target that was waited for.
struct WaitedFor {
  ApplicationRollout rollout;
  /// It was so at the first look.
  bool already = false;
  /// Why it is not rolled out.
  std::optional<Error> error = {};
};

/// The wait for one target: reads, refreshes, follows the stream, and reads again where that ends. What it keeps and
/// what it asks in a given time do not depend on how long it has lasted.
class RolloutWait {
 public:
  RolloutWait(Session& session, const RolloutTarget& target, const WaitRules& rules, const WaitStart& start);
  Result<WaitedFor> run();

 private:
  using Moment = Context::Clock::time_point;

  Moment now() { return session_.ports().clock.elapsed(); }
  Result<void> look(Refresh refresh);
  Result<void> take(const std::optional<ApplicationFacts>& facts);
  Result<void> follow();
  Result<void> read_later();
  Result<void> after_watch(const Result<void>& watched);
  Result<void> pause(std::chrono::milliseconds duration);
  Result<void> ask_for_sync();
  /// Whether it will not come to a good end, or there is no time left.
  bool is_over();
  bool is_done();
  bool is_overdue() { return start_.end && now() >= *start_.end; }
  Moment next_wake() const;
  std::optional<std::chrono::milliseconds> patience() const;
  Error not_rolled_out();

  Session& session_;
  const RolloutTarget& target_;
  const WaitRules& rules_;
  const WaitStart& start_;
  RevisionReader revisions_;

  std::optional<ApplicationFacts> facts_;
  ApplicationRollout rollout_;
  bool told_ = false;
  /// Of the state.
  Moment since_{};
  Moment next_refresh_{};
  std::chrono::milliseconds quiet_;
  /// Streams that failed one after another.
  int failures_ = 0;
  unsigned readings_ = 0;
  /// Why the reconciler could not be asked the last time.
  std::optional<Error> trouble_;
  /// The revision for which a sync was asked.
  std::string asked_for_;
};

}  // namespace samebits
