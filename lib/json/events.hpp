#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <rapidjson/rapidjson.h>

#include "core/text.hpp"
#include "json/json.hpp"

namespace samebits {

/// Tells `handler`, a writer or validator of RapidJSON, what is in `value`.
template <class Handler>
class Events {
 public:
  Events(Handler& handler, bool sorted) : handler_(handler), sorted_(sorted) {}

  void tell(const Json& value) {
    if (const auto* flag = value.boolean()) {
      handler_.Bool(*flag);
    } else if (const auto* integer = value.integer()) {
      handler_.Int64(*integer);
    } else if (const auto* number = value.number()) {
      std::isfinite(*number) ? handler_.Double(*number) : handler_.Null();
    } else if (const auto* string = value.string()) {
      is_valid_utf8(*string) ? text(*string) : text(valid_utf8(*string));
    } else if (const auto* items = value.array()) {
      handler_.StartArray();
      for (const Json& item : *items) tell(item);
      handler_.EndArray(static_cast<rapidjson::SizeType>(items->size()));
    } else if (const auto* members = value.object()) {
      object(*members);
    } else {
      handler_.Null();
    }
  }

 private:
  void text(const std::string& string) {
    handler_.String(string.data(), static_cast<rapidjson::SizeType>(string.size()), true);
  }

  void object(const Json::Object& members) {
    std::vector<const std::pair<std::string, Json>*> order;
    for (const auto& member : members) order.push_back(&member);
    if (sorted_) std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->first < b->first; });
    handler_.StartObject();
    for (const auto* member : order) {
      const std::string name = valid_utf8(member->first);
      handler_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()), true);
      tell(member->second);
    }
    handler_.EndObject(static_cast<rapidjson::SizeType>(members.size()));
  }

  Handler& handler_;
  bool sorted_;
};

}  // namespace samebits
