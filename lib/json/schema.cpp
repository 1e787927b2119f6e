#include "json/schema.hpp"

#include <cstdlib>
#include <memory>
#include <new>

namespace samebits {
namespace {

/// Memory as RapidJSON takes it for everything else: the constructors of its rules hold memory that they would leak if
/// one of our allocations threw in their middle.
template <class T>
void* room_for() {
  if (void* room = std::malloc(sizeof(T))) return room;
  throw std::bad_alloc();
}

template <class T>
void destroy_and_free(T* made) noexcept {
  if (made == nullptr) return;
  std::destroy_at(made);
  std::free(made);
}

}  // namespace
}  // namespace samebits

#define RAPIDJSON_NEW(made) ::new (samebits::room_for<decltype(made)>()) made
#define RAPIDJSON_DELETE(made) samebits::destroy_and_free(made)

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
