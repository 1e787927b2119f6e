#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

enum class LogLevel { error, warn, info, debug, trace };

/// Set from any thread or signal handler to end the operations that watch it. Sticky until `reset()`.
/// Thread: safe.
class CancelToken {
 public:
  void fire() noexcept { fired_.store(true, std::memory_order_relaxed); }
  void reset() noexcept { fired_.store(false, std::memory_order_relaxed); }
  bool fired() const noexcept { return fired_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> fired_ = false;
};

/// What every port call is given: until when, whether it is still wanted, and where to log.
/// Thread: used by one thread at a time; the token may be fired from any.
struct Context {
  using Clock = std::chrono::steady_clock;

  std::optional<Clock::time_point> deadline = {};
  /// Borrowed; may be null.
  const CancelToken* cancel = nullptr;
  /// Lines without secrets and without control characters.
  std::function<void(LogLevel, std::string_view)> log = {};

  /// Errors: cancelled, timed_out. Ports call it before each step that can take long.
  Result<void> check() const;
  void note(LogLevel level, std::string_view line) const {
    if (log) log(level, line);
  }
};

}  // namespace samebits
