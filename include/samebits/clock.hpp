#pragma once

#include <chrono>

#include <samebits/context.hpp>

namespace samebits {

using Time = std::chrono::sys_seconds;

/// Port: the time of records and commits, and the pause between attempts.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
  /// Waits, but no longer than the context allows. Errors: cancelled, timed_out.
  virtual Result<void> pause(Context& context, std::chrono::milliseconds duration) = 0;
  /// Only goes forward: for durations.
  virtual Context::Clock::time_point elapsed() { return Context::Clock::now(); }
};

/// RFC 3339 in UTC: `2026-11-24T09:00:00Z`.
std::string format_time(Time time);
/// Errors: bad_request if `text` is not such a time.
Result<Time> parse_time(std::string_view text);

}  // namespace samebits
