#include "json/json.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace samebits {

Json::Json(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    value_ = std::to_string(value);
  } else {
    value_ = static_cast<std::int64_t>(value);
  }
}

const Json* Json::find(std::string_view member) const noexcept {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(), [&](const auto& m) { return m.first == member; });
  return found == members->end() ? nullptr : &found->second;
}

void Json::add(std::string_view member, Json value) {
  if (is_null()) value_ = Object{};
  std::get<Object>(value_).emplace_back(std::string(member), std::move(value));
}

std::string Json::text(std::string_view member) const {
  const Json* found = find(member);
  return found != nullptr && found->string() != nullptr ? *found->string() : std::string();
}

namespace {

/// One reference token of a JSON Pointer, with `~1` and `~0` undone.
std::string unescape(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1')) {
      text += token[++i] == '0' ? '~' : '/';
    } else {
      text += token[i];
    }
  }
  return text;
}

const Json* child(const Json& value, std::string_view token) noexcept {
  if (value.object() != nullptr) return value.find(unescape(token));
  const auto* items = value.array();
  if (items == nullptr) return nullptr;
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (failure != std::errc() || end != token.data() + token.size() || index >= items->size()) return nullptr;
  return &(*items)[index];
}

}  // namespace

const Json* Json::at_pointer(std::string_view pointer) const noexcept {
  if (pointer.empty()) return this;
  if (pointer.front() != '/') return nullptr;
  const Json* value = this;
  while (value != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    value = child(*value, pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return value;
}

}  // namespace samebits
