#include <array>

#include <samebits/clock.hpp>

#include "core/text.hpp"

namespace samebits {

std::string format_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

Result<Time> parse_time(std::string_view text) {
  const Error bad{.code = ErrorCode::bad_request,
                  .message = fmt::format("'{}' is no time", printable(text)),
                  .hint = "write it as RFC 3339 in UTC: 2026-11-24T09:00:00Z"};
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != shape.size()) return bad;
  std::array<int, 7> numbers = {};
  std::size_t field = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return bad;
    if (shape[i] == 'd') {
      numbers[field] = numbers[field] * 10 + (text[i] - '0');
    } else {
      ++field;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(numbers[0]),
                                         std::chrono::month(static_cast<unsigned>(numbers[1])),
                                         std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 60) return bad;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) +
         std::chrono::seconds(numbers[5]);
}

}  // namespace samebits
