#include <samebits/adapters.hpp>

#include "bridge/bridge.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

/// A clock that gives no time is as if there were none: the system's time goes into the record then.
class BridgedClock final : public Clock {
 public:
  explicit BridgedClock(Questions questions) : questions_(std::move(questions)) {}

  Time now() override {
    Context context;
    const auto answer = questions_.ask(context, "now");
    const auto text = answer ? answer->text("time") : Result<std::optional<std::string>>(answer.error());
    if (text && *text)
      if (const auto time = parse_time(**text)) return *time;
    return system_clock().now();
  }

  Result<void> pause(Context& context, std::chrono::milliseconds duration) override {
    SB_TRY(
        const auto answer,
        questions_.ask(context, "pause", Json::Object{{"milliseconds", static_cast<std::int64_t>(duration.count())}}));
    return context.check();
  }

 private:
  Questions questions_;
};

}  // namespace

std::unique_ptr<Clock> make_clock(PortCall call) {
  return std::make_unique<BridgedClock>(Questions("clock", "", std::move(call)));
}

}  // namespace samebits::bridge
