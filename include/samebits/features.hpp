#pragma once

#include <string>

namespace samebits {

/// The document of kind Features: version, operations, ports, which kinds of services are built in, and the libraries
/// below with the versions that are running, null where libcurl or libgit2 is missing. Loads them where nobody did yet.
std::string features();

/// The same without the libraries, which nobody touches for it.
std::string features_without_libraries();

}  // namespace samebits
