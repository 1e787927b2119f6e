#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "json/schema.hpp"
#include "support/must.hpp"

namespace samebits::test {

inline std::filesystem::path schema_folder() {
  return std::filesystem::path(SAMEBITS_CASES).parent_path().parent_path() / "lib" / "json" / "schema";
}

inline std::string schema_text(std::string_view name) {
  std::ifstream in(schema_folder() / (std::string(name) + ".json"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Where `document` breaks the published schema `name`; empty where it fits.
inline std::string violation(std::string_view document, std::string_view name) {
  const std::string schema = schema_text(name);
  REQUIRE_FALSE(schema.empty());
  const auto found = find_violation(must(parse_json(document, "the document")), schema);
  return found ? found->pointer + " " + found->keyword : "";
}

}  // namespace samebits::test
