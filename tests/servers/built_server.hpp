#pragma once

#include <filesystem>
#include <string>

namespace samebits::test {

/// Where tests/servers/build.sh puts the server `name`; empty where it did not.
std::filesystem::path built_server(const std::string& name);

}  // namespace samebits::test
