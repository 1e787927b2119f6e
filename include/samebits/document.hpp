#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

class Json;

/// A JSON document, to be looked into without a JSON library. Thread: safe; it never changes.
class Document {
 public:
  /// Errors: bad_request.
  static Result<Document> parse(std::string_view json);
  /// What is at the JSON Pointer (RFC 6901): a string's text, other values as JSON; nothing where nothing or null is.
  std::optional<std::string> get(std::string_view pointer) const;

 private:
  explicit Document(std::shared_ptr<const Json> json) : json_(std::move(json)) {}
  std::shared_ptr<const Json> json_;
};

/// Reads the document of an error; what is no such document is a `bad_answer`.
Error parse_error(std::string_view json);

}  // namespace samebits
