#include <samebits/bridge.hpp>
#include <samebits/documents.hpp>
#include <samebits/features.hpp>

#include "assemble/kinds.hpp"
#include "crypto/sha256.hpp"
#include "git/library.hpp"
#include "http/library.hpp"
#include "json/document_parts.hpp"

namespace samebits {
namespace {

/// As the C ABI has them behind `sb_`.
constexpr std::string_view operations[] = {
    "check",        "doctor",        "promote",       "preview_up",  "preview_down", "preview_prune",
    "preview_list", "gate_show",     "gate_post",     "release",     "rollback",     "apply",
    "wait",         "status",        "history",       "trace",       "image_show",   "image_tag",
    "image_list",   "init",          "tag_parse",     "tag_format",  "tag_sort",     "values_get",
    "values_set",   "values_delete", "values_append", "values_edit", "values_read"};

template <class Words>
Json::Array texts(const Words& words) {
  Json::Array array;
  for (const std::string_view word : words) array.emplace_back(word);
  return array;
}

Json known() {
  Json json = document("Features");
  json.add("version", version());
  json.add("operations", texts(operations));
  json.add("ports", texts(port_names()));
  json.add("forges", texts(forge_kinds));
  json.add("reconcilers", texts(reconciler_kinds));
  return json;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

std::string features_without_libraries() { return write_json(known()); }

std::string features() {
  Json json = known();
  const http::LibraryFacts curl = http::library_facts();
  Json libraries;
  libraries.add("libcurl", text_or_null(curl.version));
  libraries.add("libgit2", text_or_null(git::library_version()));
  libraries.add("openssl", crypto_library_version());
  json.add("libraries", std::move(libraries));
  json.add("tls", text_or_null(curl.tls));
  json.add("http2", curl.http2);
  return write_json(json);
}

}  // namespace samebits
