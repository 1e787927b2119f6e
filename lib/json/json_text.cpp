#define RAPIDJSON_HAS_STDSTRING 1
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <unordered_set>

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "json/json.hpp"

namespace samebits {
namespace {

constexpr std::size_t max_depth = 64;
constexpr unsigned parse_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;

/// RapidJSON does not look whether malloc gave something; this throws instead.
class ThrowingAllocator {
 public:
  static constexpr bool kNeedFree = true;
  static void* Malloc(std::size_t size) { return size == 0 ? nullptr : ::operator new(size); }
  static void* Realloc(void* old, std::size_t old_size, std::size_t size) {
    void* made = Malloc(size);
    if (made != nullptr && old != nullptr) std::memcpy(made, old, std::min(old_size, size));
    Free(old);
    return made;
  }
  static void Free(void* memory) noexcept { ::operator delete(memory); }
};

using Utf8 = rapidjson::UTF8<>;
using Buffer = rapidjson::GenericStringBuffer<Utf8, ThrowingAllocator>;
using Writer = rapidjson::Writer<Buffer, Utf8, Utf8, ThrowingAllocator>;
using PrettyWriter = rapidjson::PrettyWriter<Buffer, Utf8, Utf8, ThrowingAllocator>;
using Reader = rapidjson::GenericReader<Utf8, Utf8, ThrowingAllocator>;

/// Builds a value from the reader's events. Returning false ends the parse; `reason` then says why.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  bool Null() { return put(Json()); }
  bool Bool(bool value) { return put(Json(value)); }
  bool Int(int value) { return put(Json(std::int64_t{value})); }
  bool Uint(unsigned value) { return put(Json(std::int64_t{value})); }
  bool Int64(std::int64_t value) { return put(Json(value)); }
  bool Uint64(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return put(Json(static_cast<double>(value)));
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool Double(double value) { return put(Json(value)); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return put(Json(std::string(text, size))); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_.assign(text, size);
    if (!open_.back().names.insert(key_).second) return refuse(fmt::format("the member '{}' stands twice", key_));
    return true;
  }
  bool StartObject() { return start(Json(Json::Object{})); }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool StartArray() { return start(Json(Json::Array{})); }
  bool EndArray(rapidjson::SizeType) { return end(); }

  const std::string& reason() const noexcept { return reason_; }
  Json take() { return std::move(root_); }

 private:
  struct Open {
    std::string key;
    Json value;
    std::unordered_set<std::string> names = {};
  };

  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool start(Json value) {
    if (open_.size() == max_depth) return refuse(fmt::format("more than {} levels", max_depth));
    open_.push_back({key_, std::move(value)});
    return true;
  }
  bool end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    key_ = std::move(done.key);
    return put(std::move(done.value));
  }
  bool put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* items = open_.back().value.array()) {
      items->push_back(std::move(value));
    } else {
      open_.back().value.object()->emplace_back(key_, std::move(value));
    }
    return true;
  }

  std::vector<Open> open_;
  std::string key_;
  Json root_;
  std::string reason_;
};

template <class AnyWriter>
void write(AnyWriter& writer, const Json& value, bool sorted) {
  if (const auto* flag = value.boolean()) {
    writer.Bool(*flag);
  } else if (const auto* integer = value.integer()) {
    writer.Int64(*integer);
  } else if (const auto* number = value.number()) {
    std::isfinite(*number) ? writer.Double(*number) : writer.Null();
  } else if (const auto* text = value.string()) {
    writer.String(text->data(), static_cast<rapidjson::SizeType>(text->size()));
  } else if (const auto* items = value.array()) {
    writer.StartArray();
    for (const Json& item : *items) write(writer, item, sorted);
    writer.EndArray();
  } else if (const auto* members = value.object()) {
    std::vector<const std::pair<std::string, Json>*> order;
    for (const auto& member : *members) order.push_back(&member);
    if (sorted) std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->first < b->first; });
    writer.StartObject();
    for (const auto* member : order) {
      writer.Key(member->first.data(), static_cast<rapidjson::SizeType>(member->first.size()));
      write(writer, member->second, sorted);
    }
    writer.EndObject();
  } else {
    writer.Null();
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what, std::size_t max_bytes) {
  const auto bad = [&](std::string_view reason, std::size_t offset) {
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("{} is not valid JSON: {} at byte {}", what, reason, offset),
                 .hint = "give one JSON value in UTF-8, each member once"};
  };
  if (text.size() > max_bytes) return bad(fmt::format("more than {} bytes", max_bytes), max_bytes);
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) return bad("a NUL byte", nul);
  Builder builder;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  Reader reader;
  const auto outcome = reader.Parse<parse_flags>(stream, builder);
  if (!outcome.IsError()) return builder.take();
  std::string reason = builder.reason().empty() ? rapidjson::GetParseError_En(outcome.Code()) : builder.reason();
  if (!reason.empty() && reason.back() == '.') reason.pop_back();
  return bad(reason, outcome.Offset());
}

std::string write_json(const Json& value, bool pretty) {
  Buffer buffer;
  if (pretty) {
    PrettyWriter writer(buffer);
    writer.SetIndent(' ', 2);
    write(writer, value, false);
  } else {
    Writer writer(buffer);
    write(writer, value, false);
  }
  return {buffer.GetString(), buffer.GetSize()};
}

std::string canonical_json(const Json& value) {
  Buffer buffer;
  Writer writer(buffer);
  write(writer, value, true);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace samebits
