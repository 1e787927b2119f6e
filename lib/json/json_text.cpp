#define RAPIDJSON_HAS_STDSTRING 1
#include <algorithm>
#include <charconv>
#include <cstring>
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

#include "core/text.hpp"
#include "json/events.hpp"

namespace samebits {
namespace {

constexpr std::size_t max_depth = 64;
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

/// RapidJSON does not look whether malloc gave something; this throws instead. The names are RapidJSON's.
// NOLINTBEGIN(readability-identifier-naming)
class ThrowingAllocator {
 public:
  [[maybe_unused]] static constexpr bool kNeedFree = true;
  static void* Malloc(std::size_t size) { return size == 0 ? nullptr : ::operator new(size); }
  static void* Realloc(void* old, std::size_t old_size, std::size_t size) {
    void* made = Malloc(size);
    if (made != nullptr && old != nullptr) std::memcpy(made, old, std::min(old_size, size));
    Free(old);
    return made;
  }
  static void Free(void* memory) noexcept { ::operator delete(memory); }
};
// NOLINTEND(readability-identifier-naming)

using Utf8 = rapidjson::UTF8<>;
using Buffer = rapidjson::GenericStringBuffer<Utf8, ThrowingAllocator>;
using Writer = rapidjson::Writer<Buffer, Utf8, Utf8, ThrowingAllocator>;
using PrettyWriter = rapidjson::PrettyWriter<Buffer, Utf8, Utf8, ThrowingAllocator>;
using Reader = rapidjson::GenericReader<Utf8, Utf8, ThrowingAllocator>;

/// Builds a value from the reader's events. Returning false ends the parse; `reason` then says why.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  /// `has_escapes`: a string may hold what the text itself does not.
  explicit Builder(bool has_escapes) : has_escapes_(has_escapes) {}

  bool Null() { return put(Json()); }
  bool Bool(bool value) { return put(Json(value)); }
  /// The reader's own conversion to a double has undefined behaviour for `0e100`.
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    const char* const end = text + size;
    std::int64_t integer = 0;
    if (const auto read = std::from_chars(text, end, integer); read.ec == std::errc() && read.ptr == end)
      return put(Json(integer));
    double number = 0;
    const auto read = std::from_chars(text, end, number);
    if (read.ec == std::errc::result_out_of_range) return refuse("a number is beyond what a double can be");
    return read.ptr == end ? put(Json(number)) : refuse("a number cannot be read");
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    // The reader lets a lone low surrogate pass.
    if (has_escapes_ && !is_valid_utf8({text, size})) return refuse("a string is not valid UTF-8");
    return put(Json(std::string(text, size)));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_.assign(text, size);
    if (has_escapes_ && !is_valid_utf8(key_)) return refuse("a member's name is not valid UTF-8");
    return open_.back().is_new(key_) || refuse(fmt::format("the member '{}' stands twice", printable(key_)));
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
    /// The names of a large object; those of a small one are quickly looked through.
    std::unordered_set<std::string> names = {};

    bool is_new(const std::string& name) {
      constexpr std::size_t most_looked_through = 16;
      const Json::Object& members = *value.object();
      if (members.size() < most_looked_through) return value.find(name) == nullptr;
      if (names.empty())
        for (const auto& [known, ignored] : members) names.insert(known);
      return names.insert(name).second;
    }
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

  bool has_escapes_;
  std::vector<Open> open_;
  std::string key_;
  Json root_;
  std::string reason_;
};

/// JSON leaves DEL and C1 as they are; a terminal does not.
std::string with_controls_escaped(const Buffer& json) {
  const std::string_view text(json.GetString(), json.GetSize());
  if (text.find('\x7F') == std::string_view::npos && text.find('\xC2') == std::string_view::npos)
    return std::string(text);
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    const bool is_c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0;
    if (byte == 0x7F || is_c1) {
      safe += fmt::format("\\u00{:02x}", is_c1 ? next : byte);
      at += is_c1 ? 1 : 0;
    } else {
      safe += text[at];
    }
  }
  return safe;
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
  Builder builder(text.find('\\') != std::string_view::npos);
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  Reader reader;
  // Looking at the encoding while it parses takes RapidJSON a multiple; it says where the text is wrong.
  const auto outcome = is_valid_utf8(text)
                           ? reader.Parse<parse_flags>(stream, builder)
                           : reader.Parse<parse_flags | rapidjson::kParseValidateEncodingFlag>(stream, builder);
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
    Events(writer, false).tell(value);
  } else {
    Writer writer(buffer);
    Events(writer, false).tell(value);
  }
  return with_controls_escaped(buffer);
}

std::string canonical_json(const Json& value) {
  Buffer buffer;
  Writer writer(buffer);
  Events(writer, true).tell(value);
  return with_controls_escaped(buffer);
}

}  // namespace samebits
