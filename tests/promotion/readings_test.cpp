#include "promotion/readings.hpp"

#include <string>

#include <doctest/doctest.h>

#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("a text is read once, one that cannot be read each time it comes") {
  Readings<std::size_t, 10> readings;
  int reads = 0;
  const auto length = [&](std::string_view text) -> Result<std::size_t> {
    ++reads;
    if (text.empty()) return Error{.code = ErrorCode::bad_request, .message = "it is empty"};
    return text.size();
  };
  const auto first = must(readings.of("three", length));
  CHECK(*first == 5);
  CHECK(must(readings.of("three", length)) == first);
  CHECK(reads == 1);
  for (int i = 0; i < 2; ++i) CHECK(readings.of("", length).error().message == "it is empty");
  CHECK(reads == 3);
}

TEST_CASE("what was read stays with whoever has it, however many others come") {
  Readings<std::string, 2> readings;
  const auto copy = [](std::string_view text) -> Result<std::string> { return std::string(text); };
  const auto first = must(readings.of("first", copy));
  for (int i = 0; i < 9; ++i) CHECK(*must(readings.of(std::to_string(i), copy)) == std::to_string(i));
  CHECK(*first == "first");
  CHECK(*must(readings.of("first", copy)) == "first");
}
