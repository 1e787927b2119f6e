#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/json.hpp"

namespace samebits {

/// Where a value breaks a schema.
struct SchemaViolation {
  /// JSON Pointer to what is wrong.
  std::string pointer;
  /// The schema's keyword that it breaks: `type`, `required`, `additionalProperties`, ...
  std::string keyword;
};

/// The first place where `value` breaks `schema`; nothing where it fits. A schema that is none of draft 4 is our own
/// mistake.
std::optional<SchemaViolation> find_violation(const Json& value, std::string_view schema);

/// The published schema of `samebits.yaml`: lib/json/schema/samebits.json.
std::string_view pipeline_schema() noexcept;

}  // namespace samebits
