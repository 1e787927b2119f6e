#include <samebits/bridge.hpp>
#include <samebits/documents.hpp>
#include <samebits/features.hpp>

#include "crypto/sha256.hpp"
#include "git/library.hpp"
#include "json/document_parts.hpp"

namespace samebits {

std::string features() {
  Json json = document("Features");
  json.add("version", version());
  Json::Array ports;
  for (const std::string_view name : port_names()) ports.emplace_back(name);
  json.add("ports", std::move(ports));
  Json libraries;
  libraries.add("libgit2", git::library_version());
  libraries.add("openssl", crypto_library_version());
  json.add("libraries", std::move(libraries));
  return write_json(json);
}

}  // namespace samebits
