// The main of test programs that need servers from tests/servers/build.sh: where one is missing, no test passes.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <sstream>
#include <string_view>

#include <doctest/doctest.h>

#include "servers/built_server.hpp"

namespace {

/// ctest's SKIP_RETURN_CODE.
constexpr int not_run = 77;

bool lists_only(int count, char** arguments) {
  for (int at = 1; at < count; ++at)
    if (std::string_view(arguments[at]).starts_with("--list-test-cases")) return true;
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  doctest::Context context(count, arguments);
  if (lists_only(count, arguments)) return context.run();
  std::istringstream names(SAMEBITS_NEEDED_SERVERS);
  for (std::string name; names >> name;) {
    if (!samebits::test::built_server(name).empty()) continue;
    std::printf("not run: %s is missing; tests/servers/build.sh %s makes it\n", name.c_str(), name.c_str());
    return not_run;
  }
  return context.run();
}
