#pragma once

#include <string>

namespace samebits {

/// The document of kind Features: version, ports, and the libraries below with the versions that are running.
std::string features();

}  // namespace samebits
