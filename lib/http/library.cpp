#include "http/library.hpp"

#include "http/libcurl.hpp"

namespace samebits::http {

LibraryFacts library_facts() {
  if (!load_libcurl()) return {};
  const curl_version_info_data* info = libcurl().version_info(CURLVERSION_NOW);
  return {.version = info->version,
          .tls = info->ssl_version == nullptr ? "" : info->ssl_version,
          .http2 = (info->features & CURL_VERSION_HTTP2) != 0};
}

}  // namespace samebits::http
