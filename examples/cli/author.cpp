#include "author.hpp"

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <samebits/git_identity.hpp>

namespace samebits::cli {
namespace {

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

/// Source: git-config(1), "FILES" and "ENVIRONMENT"; the last one wins.
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

/// A key that the caller passes on by GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, ...; the last one wins.
std::string passed_on(std::string_view key) {
  std::string value;
  const int count = std::atoi(variable("GIT_CONFIG_COUNT").c_str());
  for (int i = 0; i < count && i < 1000; ++i)
    if (variable(fmt::format("GIT_CONFIG_KEY_{}", i)) == key) value = variable(fmt::format("GIT_CONFIG_VALUE_{}", i));
  return value;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return "";
}

}  // namespace

Result<Person> git_author(std::string_view location) {
  std::string name = first_of({variable("GIT_AUTHOR_NAME"), passed_on("user.name")});
  std::string mail = first_of({variable("GIT_AUTHOR_EMAIL"), passed_on("user.email")});
  if (name.empty() || mail.empty()) {
    const auto identity = git_identity(location, configuration_files());
    if (!identity) return identity.error();
    name = first_of({name, identity->name});
    mail = first_of({mail, identity->mail, variable("EMAIL")});
  }
  if (name.empty() || mail.empty()) return Person();
  return Person::parse(name + " <" + mail + ">");
}

}  // namespace samebits::cli
