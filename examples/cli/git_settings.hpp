#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace samebits::cli {

/// A variable of the environment; empty where it is not set.
std::string variable(const std::string& name);
/// The files of Git's configuration, the last one wins. Source: git-config(1), "FILES" and "ENVIRONMENT".
std::vector<std::string> configuration_files();
/// A key that the caller passes on by GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, ...; the last one wins.
std::string passed_on(std::string_view key);

}  // namespace samebits::cli
