#pragma once

#include <string>

namespace samebits::http {

/// What the libcurl that is running says of itself.
struct LibraryFacts {
  /// `7.88.1`.
  std::string version;
  /// What speaks TLS for it: `OpenSSL/3.0.17`.
  std::string tls;
  bool http2 = false;
};

/// Loads libcurl where nobody did yet; nothing in it where this machine has none that can be loaded.
LibraryFacts library_facts();

}  // namespace samebits::http
