#include "config/sections.hpp"
#include "core/text.hpp"
#include "json/schema.hpp"

namespace samebits::config {

Place Draft::place(std::string path) const {
  while (true) {
    if (const auto found = places.find(path); found != places.end()) return found->second;
    if (path.empty()) return {};
    const auto dot = path.rfind('.');
    path.erase(dot == std::string::npos ? 0 : dot);
  }
}

namespace {

/// What a reader of YAML 1.2's core schema takes a plain scalar for; our files have no other types.
Json plain_value(const std::string& text) {
  for (const char* const word : {"null", "Null", "NULL", "~", ""})
    if (text == word) return {};
  for (const char* const word : {"true", "True", "TRUE"})
    if (text == word) return true;
  for (const char* const word : {"false", "False", "FALSE"})
    if (text == word) return false;
  const auto number = parse_json(text, "the value");
  return number && (number->integer() != nullptr || number->number() != nullptr) ? *number : Json(text);
}

Json to_json(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Node::Kind::scalar:
      return node.plain ? plain_value(node.text) : Json(node.text);
    case yaml::Node::Kind::sequence: {
      Json::Array items;
      for (const yaml::Node& item : node.items) items.push_back(to_json(item));
      return items;
    }
    case yaml::Node::Kind::mapping: {
      Json json(Json::Object{});
      for (const auto& [key, value] : node.entries) json.add(key.text, to_json(value));
      return json;
    }
    default:
      return {};
  }
}

/// The node that a JSON Pointer names, or the nearest around it.
const yaml::Node& node_at(const yaml::Node& root, std::string_view pointer) {
  const yaml::Node* node = &root;
  for (const std::string_view token : split(pointer, '/')) {
    if (token.empty()) continue;
    const yaml::Node* next = node->find(token);
    for (std::size_t i = 0; i < node->items.size(); ++i)
      if (token == std::to_string(i)) next = &node->items[i];
    if (next == nullptr) break;
    node = next;
  }
  return *node;
}

}  // namespace

void check_schema(const yaml::Node& root, Draft& draft) {
  const auto violation = find_violation(to_json(root), pipeline_schema());
  if (!violation) return;
  const bool type = violation->keyword == "type";
  draft.findings.add(node_at(root, violation->pointer).where,
                     fmt::format("{} does not fit the schema: {}", violation->pointer.substr(1), violation->keyword),
                     type ? "it must be text: quote it" : "the schema is lib/json/schema/samebits.json");
}

}  // namespace samebits::config
