#include "json/schema.hpp"

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include "json/events.hpp"

namespace samebits {

std::optional<SchemaViolation> find_violation(const Json& value, std::string_view schema) {
  rapidjson::Document source;
  source.Parse(schema.data(), schema.size());
  const rapidjson::SchemaDocument rules(source);
  rapidjson::SchemaValidator validator(rules);
  Events(validator, false).tell(value);
  if (validator.IsValid()) return std::nullopt;
  rapidjson::StringBuffer pointer;
  validator.GetInvalidDocumentPointer().Stringify(pointer);
  return SchemaViolation{.pointer = {pointer.GetString(), pointer.GetSize()},
                         .keyword = validator.GetInvalidSchemaKeyword()};
}

}  // namespace samebits
