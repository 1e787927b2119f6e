#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

/// Walks the old tree, with what was wanted of it, beside the new one.
class Proof {
 public:
  bool same(const SourceNode& before, const SourceNode& after) {
    if (!same_properties(before, after)) return false;
    if (before.wish != nullptr && before.wish->wanted) return reads_as(after, *before.wish->wanted);
    if (before.wish != nullptr && before.kind == SourceNode::Kind::null && !before.wish->added.empty())
      return filled(before, after);
    if (before.kind != after.kind) return false;
    switch (before.kind) {
      case SourceNode::Kind::null:
        return true;
      case SourceNode::Kind::scalar:
        return before.value == after.value && before.plain == after.plain;
      case SourceNode::Kind::alias:
        return same_anchor(before.anchor, after.anchor);
      default:
        return same_children(before, after);
    }
  }

 private:
  /// Anchors are numbered anew when one goes: the numbers must correspond, not be equal.
  bool same_anchor(std::size_t before, std::size_t after) {
    const auto [known, is_new] = anchors_.try_emplace(before, after);
    return known->second == after;
  }
  bool same_properties(const SourceNode& before, const SourceNode& after) {
    if (before.tag() != after.tag() || before.anchor_name() != after.anchor_name()) return false;
    return before.kind == SourceNode::Kind::alias || (before.anchor != 0) == (after.anchor != 0)
               ? before.anchor == 0 || before.kind == SourceNode::Kind::alias ||
                     same_anchor(before.anchor, after.anchor)
               : false;
  }

  bool filled(const SourceNode& before, const SourceNode& after) {
    const bool list = before.wish->added.front().first.empty() && after.kind == SourceNode::Kind::sequence;
    if (after.kind != (list ? SourceNode::Kind::sequence : SourceNode::Kind::mapping)) return false;
    return has_added(before, after, 0);
  }

  bool same_children(const SourceNode& before, const SourceNode& after) {
    const std::size_t width = before.kind == SourceNode::Kind::mapping ? 2 : 1;
    std::size_t at = 0;
    for (std::size_t i = 0; i < before.children.size(); i += width) {
      if (before.children[i + width - 1].is_removed()) continue;
      for (std::size_t k = 0; k < width; ++k, ++at)
        if (at >= after.children.size() || !same(before.children[i + k], after.children[at])) return false;
    }
    return has_added(before, after, at);
  }

  static bool has_added(const SourceNode& before, const SourceNode& after, std::size_t at) {
    if (before.wish == nullptr) return at == after.children.size();
    for (const auto& [key, value] : before.wish->added) {
      if (after.kind == SourceNode::Kind::mapping) {
        if (at >= after.children.size() || !reads_as(after.children[at], Json(key))) return false;
        ++at;
      }
      if (at >= after.children.size() || !reads_as(after.children[at], value)) return false;
      ++at;
    }
    return at == after.children.size();
  }

  std::map<std::size_t, std::size_t> anchors_;
};

/// The order of the keys does not matter.
bool reads_as_mapping(const SourceNode& node, const Json& value) {
  const Json::Object& members = *value.object();
  if (node.kind != SourceNode::Kind::mapping || node.children.size() != 2 * members.size()) return false;
  std::unordered_map<std::string_view, const Json*> wanted;
  for (const auto& [name, member] : members) wanted.emplace(name, &member);
  for (std::size_t i = 0; i < node.children.size(); i += 2) {
    const SourceNode& key = node.children[i];
    const auto found = wanted.find(key.value);
    if (found == wanted.end() || !reads_as(key, Json(key.value)) || !reads_as(node.children[i + 1], *found->second))
      return false;
    wanted.erase(found);
  }
  return true;
}

}  // namespace

Json typed_scalar(const SourceNode& node) {
  if (!node.plain) return node.value;
  if (node.value == "true" || node.value == "True" || node.value == "TRUE") return true;
  if (node.value == "false" || node.value == "False" || node.value == "FALSE") return false;
  const auto number = parse_json(node.value, "the number");
  // An integer that would lose digits as a number stays its text.
  const bool is_whole = node.value.find_first_not_of("-0123456789") == std::string::npos;
  if (number && (number->integer() != nullptr || (number->number() != nullptr && !is_whole))) return *number;
  return node.value;
}

Json value_of(const SourceNode& node) {
  switch (node.kind) {
    case SourceNode::Kind::null:
      return nullptr;
    case SourceNode::Kind::alias:
      return "*";
    case SourceNode::Kind::scalar:
      return typed_scalar(node);
    case SourceNode::Kind::sequence: {
      Json::Array items;
      for (const SourceNode& child : node.children) items.push_back(value_of(child));
      return items;
    }
    default: {
      Json::Object members;
      for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
        members.emplace_back(node.children[i].value, value_of(node.children[i + 1]));
      return members;
    }
  }
}

bool reads_as(const SourceNode& node, const Json& value) {
  // Only `!!str` says what the value is anyway; another tag makes something else of it.
  const bool is_string = node.tag() == string_tag;
  if (!node.tag().empty() && !(is_string && value.string() != nullptr)) return false;
  if (const std::string* text = value.string())
    return node.kind == SourceNode::Kind::scalar && node.value == *text &&
           (!node.plain || is_string || !is_ambiguous(*text));
  if (value.is_null()) return node.kind == SourceNode::Kind::null;
  if (const auto* items = value.array()) {
    if (node.kind != SourceNode::Kind::sequence || node.children.size() != items->size()) return false;
    return std::equal(items->begin(), items->end(), node.children.begin(),
                      [](const Json& item, const SourceNode& child) { return reads_as(child, item); });
  }
  if (value.object() != nullptr) return reads_as_mapping(node, value);
  return node.kind == SourceNode::Kind::scalar && node.plain && node.value == plain_of(value);
}

Result<void> prove(const SourceTree& before, const SourceText& after) {
  const auto refuse = [&](std::string_view reason) {
    return Error{.code = ErrorCode::not_editable,
                 .message = fmt::format("the edit cannot be made without changing something else: {}", reason),
                 .hint = "edit the file by hand, or write that part in a plainer style first",
                 .where = {.file = std::string(after.file())}};
  };
  if (const auto readable = require_readable(after, std::string_view::npos); !readable)
    return refuse(readable.error().message);
  auto tree = parse_source(after);
  if (!tree) return refuse(tree.error().message);
  const std::size_t expected = std::max<std::size_t>(before.documents.size(), 1);
  if (tree->documents.size() != expected) return refuse("the number of documents would change");
  for (std::size_t i = 0; i < before.documents.size(); ++i)
    if (!Proof().same(before.documents[i].root, tree->documents[i].root))
      return refuse("the result would not read as wanted");
  return {};
}

}  // namespace samebits::yaml
