#include "git_settings.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

namespace samebits::cli {
namespace {

/// Sections and names of Git's configuration know no case.
bool is_same_key(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::vector<std::string> configuration_files() {
  std::vector<std::string> files;
  const std::string no_system = variable("GIT_CONFIG_NOSYSTEM");
  const std::string system = variable("GIT_CONFIG_SYSTEM");
  if (no_system.empty() || no_system == "0") files.push_back(system.empty() ? "/etc/gitconfig" : system);
  if (const std::string global = variable("GIT_CONFIG_GLOBAL"); !global.empty()) {
    files.push_back(global);
    return files;
  }
  const std::string home = variable("HOME");
  const std::string config_home = variable("XDG_CONFIG_HOME");
  if (!config_home.empty() || !home.empty())
    files.push_back((config_home.empty() ? home + "/.config" : config_home) + "/git/config");
  if (!home.empty()) files.push_back(home + "/.gitconfig");
  return files;
}

std::string passed_on(std::string_view key) {
  std::string value;
  const int count = std::atoi(variable("GIT_CONFIG_COUNT").c_str());
  for (int i = 0; i < count && i < 1000; ++i)
    if (is_same_key(variable(fmt::format("GIT_CONFIG_KEY_{}", i)), key))
      value = variable(fmt::format("GIT_CONFIG_VALUE_{}", i));
  return value;
}

}  // namespace samebits::cli
