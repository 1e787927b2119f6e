#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/documents.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {

/// Takes the members of a request one by one; what nobody took is refused, with the nearest name.
class RequestReader {
 public:
  static Result<RequestReader> open(std::string_view text) {
    SB_TRY(auto json, parse_json(text, "the request"));
    if (json.object() == nullptr)
      return Error{.code = ErrorCode::bad_request, .message = "the request is no JSON object", .hint = "give {...}"};
    return RequestReader(std::move(json), "");
  }
  /// Takes the members of a part; `path` is what errors name it by, such as `credentials[0]`.
  static Result<RequestReader> part(const Json& json, std::string path) {
    if (json.object() != nullptr) return RequestReader(json, std::move(path));
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("the member '{}' of the request must be an object", path),
                 .hint = {}};
  }

  RequestReader& text(std::string_view name, std::string& into) {
    if (const Json* value = take(name))
      value->string() != nullptr ? void(into = *value->string()) : wrong(name, "text");
    return *this;
  }
  RequestReader& flag(std::string_view name, bool& into) {
    if (const Json* value = take(name))
      value->boolean() != nullptr ? void(into = *value->boolean()) : wrong(name, "true or false");
    return *this;
  }
  template <class Number>
  RequestReader& number(std::string_view name, Number& into) {
    if (const Json* value = take(name)) {
      // Beyond 2^53 numbers are text in documents.
      const std::string text = value->integer() != nullptr ? std::to_string(*value->integer()) : json_text(value);
      const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into);
      if (text.empty() || failure != std::errc() || end != text.data() + text.size()) wrong(name, "a whole number");
    }
    return *this;
  }
  /// One text or a list of texts.
  RequestReader& texts(std::string_view name, std::vector<std::string>& into) {
    const Json* value = take(name);
    if (value == nullptr) return *this;
    if (value->string() != nullptr) into.push_back(*value->string());
    if (value->string() == nullptr && value->array() == nullptr) wrong(name, "text or a list of texts");
    for (const Json& item : value->array() != nullptr ? *value->array() : Json::Array())
      item.string() != nullptr ? into.push_back(*item.string()) : wrong(name, "a list of texts");
    return *this;
  }

  /// `90s`, `5m`, `1h30m`.
  RequestReader& timeout(Timeout& into) {
    std::string text;
    this->text("timeout", text);
    if (text.empty()) return *this;
    if (auto duration = parse_duration(text)) {
      into = *duration;
    } else if (!failure_) {
      failure_ = std::move(duration).error();
    }
    return *this;
  }
  /// The member as it is; null where it is absent.
  RequestReader& any(std::string_view name, const Json*& into) {
    into = take(name);
    return *this;
  }
  /// Text that must not be missing.
  RequestReader& required(std::string_view name, std::string& into) {
    text(name, into);
    if (into.empty() && !failure_)
      failure_ = Error{.code = ErrorCode::bad_request,
                       .message = fmt::format("the request lacks '{}'", full(name)),
                       .hint = fmt::format("give it: {{\"{}\": ...}}", name)};
    return *this;
  }

  Result<void> finish() {
    for (const auto& [name, value] : *json_.object()) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      const std::string near = nearest(name, known_);
      return Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("the request has the unknown member '{}'", printable(full(name))),
                   .hint = near.empty() ? fmt::format("known are: {}", fmt::join(known_, ", "))
                                        : fmt::format("did you mean '{}'?", near)};
    }
    if (failure_) return *failure_;
    return {};
  }

 private:
  RequestReader(Json json, std::string path) : json_(std::move(json)), path_(std::move(path)) {}

  std::string full(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }

  static std::string json_text(const Json* value) { return value->string() != nullptr ? *value->string() : ""; }

  const Json* take(std::string_view name) {
    known_.emplace_back(name);
    const Json* found = json_.find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  void wrong(std::string_view name, std::string_view what) {
    if (!failure_)
      failure_ = Error{.code = ErrorCode::bad_request,
                       .message = fmt::format("the member '{}' of the request must be {}", full(name), what),
                       .hint = {}};
  }

  Json json_;
  std::string path_;
  std::vector<std::string> known_;
  std::optional<Error> failure_;
};

/// The request whose members `take` takes from the reader.
template <class Request, class Take>
Result<Request> read_request(std::string_view json, Take take) {
  SB_TRY(auto reader, RequestReader::open(json));
  Request request;
  take(reader, request);
  SB_CHECK(reader.finish());
  return request;
}

}  // namespace samebits
