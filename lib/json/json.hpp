#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <samebits/result.hpp>

namespace samebits {

/// A JSON value; members keep their order. Numbers that are no 64-bit integer are doubles.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(std::nullptr_t) {}                           // NOLINT(google-explicit-constructor)
  Json(bool value) : value_(value) {}               // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(value) {}       // NOLINT(google-explicit-constructor)
  Json(int value) : value_(std::int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  /// Text where it is beyond 64 bits with a sign.
  Json(std::uint64_t value);                                    // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                         // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT(google-explicit-constructor)
  Json(Array value) : value_(std::move(value)) {}               // NOLINT(google-explicit-constructor)
  Json(Object value) : value_(std::move(value)) {}              // NOLINT(google-explicit-constructor)

  bool is_null() const noexcept { return std::holds_alternative<std::nullptr_t>(value_); }
  const bool* boolean() const noexcept { return std::get_if<bool>(&value_); }
  const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&value_); }
  const double* number() const noexcept { return std::get_if<double>(&value_); }
  const std::string* string() const noexcept { return std::get_if<std::string>(&value_); }
  const Array* array() const noexcept { return std::get_if<Array>(&value_); }
  const Object* object() const noexcept { return std::get_if<Object>(&value_); }
  Array* array() noexcept { return std::get_if<Array>(&value_); }
  Object* object() noexcept { return std::get_if<Object>(&value_); }

  /// Null where this is no object or has no such member.
  const Json* find(std::string_view member) const noexcept;
  /// Adds a member to an object (a null becomes one).
  void add(std::string_view member, Json value);
  /// The member's text; empty where it is absent or no string.
  std::string text(std::string_view member) const;
  /// By JSON Pointer (RFC 6901); null where nothing is there.
  const Json* at_pointer(std::string_view pointer) const noexcept;

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_ = nullptr;
};

/// Strict: RFC 8259, valid UTF-8, no duplicate members, at most 64 levels, at most `max_bytes`.
/// Errors: bad_request, with the byte offset; `what` names the text in it.
Result<Json> parse_json(std::string_view text, std::string_view what, std::size_t max_bytes = std::size_t{16} << 20);

/// On one line, or with two blanks a level. Always valid UTF-8 without control characters.
std::string write_json(const Json& value, bool pretty = false);
/// Members sorted by their bytes, no blanks: the input of identities.
std::string canonical_json(const Json& value);

}  // namespace samebits
