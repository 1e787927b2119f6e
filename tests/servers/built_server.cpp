#include "servers/built_server.hpp"

#include <cstdlib>

namespace samebits::test {

std::filesystem::path built_server(const std::string& name) {
  const auto variable = [](const char* one) {
    const char* value = std::getenv(one);
    return std::string(value == nullptr ? "" : value);
  };
  const std::string cache = variable("XDG_CACHE_HOME");
  const auto folder = std::filesystem::path(cache.empty() ? variable("HOME") + "/.cache" : cache) / "samebits-servers";
  return std::filesystem::exists(folder / name / "version") ? folder / name : "";
}

}  // namespace samebits::test
