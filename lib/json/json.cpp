#include "json/json.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace samebits {

Json::Json(const Json& other) {
  std::visit(
      [this](const auto& held) {
        auto copy = held;
        value_ = std::move(copy);
      },
      other.value_);
}

Json& Json::operator=(const Json& other) {
  if (this != &other) *this = Json(other);
  return *this;
}

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

/// Whether `token`, one reference token of a JSON Pointer, means the member `name`: `~1` is a slash and `~0` a tilde.
bool means(std::string_view token, std::string_view name) noexcept {
  std::size_t at = 0;
  for (std::size_t i = 0; i < token.size(); ++i, ++at) {
    char wanted = token[i];
    if (wanted == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1'))
      wanted = token[++i] == '0' ? '~' : '/';
    if (at >= name.size() || name[at] != wanted) return false;
  }
  return at == name.size();
}

const Json* child(const Json& value, std::string_view token) noexcept {
  if (const auto* members = value.object()) {
    const auto found =
        std::find_if(members->begin(), members->end(), [&](const auto& m) { return means(token, m.first); });
    return found == members->end() ? nullptr : &found->second;
  }
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
