#include <algorithm>
#include <poll.h>

#include <samebits/adapters.hpp>

#include "core/try.hpp"

namespace samebits {
namespace {

class SystemClock final : public Clock {
 public:
  Time now() override { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

  Result<void> pause(Context& context, std::chrono::milliseconds duration) override {
    const auto end = Context::Clock::now() + duration;
    while (true) {
      SB_CHECK(context.check());
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Context::Clock::now());
      if (left.count() <= 0) return {};
      // In short slices, so that a cancellation is seen within 20 ms.
      ::poll(nullptr, 0, static_cast<int>(std::min<std::int64_t>(left.count(), 20)));
    }
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace samebits
