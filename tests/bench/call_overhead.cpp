// One call each of C++ and of C, timed where it is made. With the library's own objects, so that both run the same
// code.
#include <cstdlib>
#include <samebits.h>
#include <string>
#include <string_view>
#include <time.h>
#include <vector>

#include <samebits/samebits.hpp>

namespace {

constexpr std::string_view tag = "v1.2.3";

/// Of this thread on a processor: no call waits for anything, and what else the machine does is no part of it.
double microseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class Call>
double taken(Call call) {
  const double begin = microseconds();
  const bool good = call();
  const double end = microseconds();
  if (!good) std::abort();
  return end - begin;
}

}  // namespace

extern "C" {

SB_API double overhead_tag_cpp(const char*, size_t, const char*) {
  return taken([] { return samebits::parse_tag({.tag = std::string(tag)}).has_value(); });
}

SB_API double overhead_tag_c(const char*, size_t, const char*) {
  return taken([] {
    sb_result* result = nullptr;
    const sb_code code = sb_tag_parse(nullptr, "{\"tag\": \"v1.2.3\"}", &result);
    const bool good = code == SB_OK && *sb_result_json(result) == '{';
    sb_result_free(result);
    return good;
  });
}

/// `assignment` is `PATH=TEXT`.
SB_API double overhead_edit_cpp(const char* bytes, size_t size, const char* assignment) {
  return taken([&] {
    const std::vector<samebits::ValuesEdit> edits{*samebits::parse_assignment(assignment)};
    return samebits::edit_values({bytes, size}, {.file = "values.yaml", .edits = edits}).has_value();
  });
}

SB_API double overhead_edit_c(const char* bytes, size_t size, const char* assignment) {
  const std::string request = std::string(R"({"set": [")") + assignment + R"("]})";
  return taken([&] {
    sb_result* result = nullptr;
    const sb_code code = sb_values_edit(bytes, size, request.c_str(), &result);
    const bool good = code == SB_OK && sb_result_bytes(result, nullptr) != nullptr && *sb_result_json(result) == '{';
    sb_result_free(result);
    return good;
  });
}
}
