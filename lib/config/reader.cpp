#include "config/reader.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace samebits::config {

void Findings::add(const Place& where, std::string message, std::string hint) {
  all_.push_back(
      {.code = ErrorCode::bad_config, .message = std::move(message), .hint = std::move(hint), .where = where});
}

void Findings::add(const Place& where, const Error& error) { add(where, error.message, error.hint); }

Section::Section(const yaml::Node& node, std::string name, Findings& findings)
    : node_(node), name_(std::move(name)), findings_(findings) {
  if (node.kind != yaml::Node::Kind::mapping)
    findings.add(node.where, fmt::format("{} must be a mapping", name_.empty() ? "the file" : name_),
                 "write `key: value` lines, or {key: value}");
}

const yaml::Node* Section::take(std::string_view key) {
  known_.emplace_back(key);
  return node_.find(key);
}

namespace {

std::string member(const std::string& section, std::string_view key) {
  return section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
}

}  // namespace

std::optional<std::string> Section::text(std::string_view key) {
  const yaml::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const bool is_text = node->kind == yaml::Node::Kind::scalar && !node->text.empty();
  if (is_text && is_printable(node->text)) return node->text;
  findings_.add(node->where, fmt::format("{} must be {}", member(name_, key), is_text ? "one line of text" : "text"),
                fmt::format("write {}: \"...\"{}", key, is_text ? ", without control characters" : ""));
  return std::nullopt;
}

std::string Section::required_text(std::string_view key, std::string_view what) {
  const bool there = has(key);
  auto found = text(key);
  if (!there && node_.kind == yaml::Node::Kind::mapping)
    findings_.add(node_.where, fmt::format("{} is missing", member(name_, key)), fmt::format("add {}: {}", key, what));
  return found.value_or("");
}

std::optional<bool> Section::boolean(std::string_view key) {
  const yaml::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->plain && node->text == "true") return true;
  if (node->plain && node->text == "false") return false;
  findings_.add(node->where, fmt::format("{} must be true or false", member(name_, key)), "write true or false");
  return std::nullopt;
}

std::string Section::word(std::string_view key, const std::vector<std::string>& words) {
  const yaml::Node* node = take(key);
  if (node == nullptr) return words.front();
  std::vector<std::string> given = words;
  std::erase(given, "");
  if (node->kind == yaml::Node::Kind::scalar && std::find(given.begin(), given.end(), node->text) != given.end())
    return node->text;
  const std::string near = nearest(node->text, given);
  findings_.add(
      node->where, fmt::format("{} is '{}'", member(name_, key), printable(node->text)),
      near.empty() ? fmt::format("one of: {}", fmt::join(given, ", ")) : fmt::format("did you mean '{}'?", near));
  return words.front();
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) {
  const yaml::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  bool good = node->kind == yaml::Node::Kind::sequence;
  for (const yaml::Node& item : node->items) {
    good = good && item.kind == yaml::Node::Kind::scalar;
    texts.push_back(item.text);
  }
  if (good) return texts;
  findings_.add(node->where, fmt::format("{} must be a list of texts", member(name_, key)),
                fmt::format("write {}: [a, b]", key));
  return std::nullopt;
}

bool Section::reserve(std::string_view key, std::string_view meaning) {
  const yaml::Node* node = node_.find(key);
  reserved_.emplace_back(key);
  if (node != nullptr)
    findings_.add(node->where,
                  fmt::format("{} is reserved for {}, which this version does not have", member(name_, key), meaning),
                  "remove it for now");
  return node != nullptr;
}

void Section::finish() {
  for (const auto& [key, value] : node_.entries) {
    if (std::find(known_.begin(), known_.end(), key.text) != known_.end() ||
        std::find(reserved_.begin(), reserved_.end(), key.text) != reserved_.end())
      continue;
    const std::string near = nearest(key.text, known_);
    findings_.add(
        key.where, fmt::format("{} is not known", member(name_, printable(key.text))),
        near.empty() ? fmt::format("known are: {}", fmt::join(known_, ", ")) : fmt::format("did you mean '{}'?", near));
  }
}

}  // namespace samebits::config
