#pragma once

#include <functional>
#include <memory>

#include <doctest/doctest.h>

#include <samebits/clock.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// What every `Clock` must do.
class ClockContract {
 public:
  explicit ClockContract(Clock& clock) : clock_(clock) {}

  void run() {
    SUBCASE("time does not go back") {
      const Time before = clock_.now();
      must(clock_.pause(context_, std::chrono::milliseconds(5)));
      CHECK(clock_.now() >= before);
    }
    SUBCASE("a fired token ends a pause") {
      CancelToken token;
      token.fire();
      Context ended{.deadline = {}, .cancel = &token, .log = {}};
      CHECK(code_of(clock_.pause(ended, std::chrono::hours(1))) == "cancelled");
    }
    SUBCASE("a deadline that has passed ends a pause") {
      Context late{.deadline = Context::Clock::now(), .cancel = nullptr, .log = {}};
      CHECK(code_of(clock_.pause(late, std::chrono::hours(1))) == "timed_out");
    }
  }

 private:
  Clock& clock_;
  Context context_;
};

}  // namespace samebits::test
