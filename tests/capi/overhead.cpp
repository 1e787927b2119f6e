// What a call through the C ABI costs beside the same C++ call. Prints "NAME C++ C" in microseconds.
//
// usage: capi_overhead FILE PATH  (a values file and one of its paths)
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <samebits.h>
#include <string>
#include <vector>

#include <samebits/samebits.hpp>

namespace {

/// The median of many calls, in the best of some rounds: what disturbs a round does not count.
template <class Call>
double microseconds(int calls, Call call) {
  double best = 1e9;
  for (int round = 0; round < 7; ++round) {
    std::vector<double> times;
    for (int i = 0; i < calls; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      call();
      times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
    }
    std::nth_element(times.begin(), times.begin() + calls / 2, times.end());
    best = std::min(best, times[static_cast<std::size_t>(calls / 2)]);
  }
  return best;
}

void check(bool good) {
  if (!good) std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::string assignment = std::string(arguments[2]) + "=v2";
  const std::string request = "{\"set\": [\"" + assignment + "\"]}";

  const double tag_cpp = microseconds(2000, [] { check(samebits::parse_tag({.tag = "v1.2.3"}).has_value()); });
  const double tag_c = microseconds(2000, [] {
    sb_result* result = nullptr;
    check(sb_tag_parse(nullptr, "{\"tag\": \"v1.2.3\"}", &result) == SB_OK);
    check(sb_result_json(result) != nullptr);
    sb_result_free(result);
  });
  const double edit_cpp = microseconds(50, [&] {
    const std::vector<samebits::ValuesEdit> edits{*samebits::parse_assignment(assignment)};
    check(samebits::edit_values(bytes, {.file = "values.yaml", .edits = edits}).has_value());
  });
  const double edit_c = microseconds(50, [&] {
    sb_result* result = nullptr;
    check(sb_values_edit(bytes.data(), bytes.size(), request.c_str(), &result) == SB_OK);
    check(sb_result_bytes(result, nullptr) != nullptr);
    sb_result_free(result);
  });
  std::cout << "tag " << tag_cpp << ' ' << tag_c << "\nedit " << edit_cpp << ' ' << edit_c << '\n';
  return 0;
}
