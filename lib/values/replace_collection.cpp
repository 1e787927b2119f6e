#include <algorithm>
#include <unordered_map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

bool is_collection(const Json& value) { return value.object() != nullptr || value.array() != nullptr; }

bool is_empty(const Json& value) {
  return value.object() != nullptr ? value.object()->empty() : value.array() != nullptr && value.array()->empty();
}

/// Turns a block collection into another one. Where keys and items can stay they keep their bytes and comments;
/// otherwise all lines are written anew.
class Replacement {
 public:
  explicit Replacement(EditJob& job) : job_(job) {}

  Result<void> run(SourceNode& node, const Json& value) {
    if (reads_as(node, value)) return {};
    if (!can_stay(node, value)) return rewrite(node, value);
    return node.kind == SourceNode::Kind::mapping ? change_keys(node, *value.object())
                                                  : change_items(node, *value.array());
  }

 private:
  static const Json* member(const Json& value, std::string_view key) { return value.find(key); }

  /// A part that can become `value` while what is around it stays.
  static bool can_become(const SourceNode& node, const Json& value) {
    if (reads_as(node, value)) return true;
    if (node.kind == SourceNode::Kind::alias || !node.tag().empty()) return false;
    return !node.is_collection() || node.flow || is_collection(value);
  }

  static bool can_stay(const SourceNode& node, const Json& value) {
    if (node.kind == SourceNode::Kind::mapping) return value.object() != nullptr && keys_can_stay(node, value);
    return value.array() != nullptr && items_can_stay(node, *value.array());
  }

  static bool keys_can_stay(const SourceNode& node, const Json& value) {
    std::unordered_map<std::string_view, std::size_t> seen;
    bool any = false;
    for (std::size_t i = 0; i < node.children.size(); i += 2) {
      const SourceNode& key = node.children[i];
      if (!reads_as(key, Json(key.value)) || ++seen[key.value] > 1) return false;
      const Json* wanted = member(value, key.value);
      if (wanted != nullptr && !can_become(node.children[i + 1], *wanted)) return false;
      any = any || wanted != nullptr;
    }
    return any || is_empty(value);
  }

  static bool items_can_stay(const SourceNode& node, const Json::Array& items) {
    if (items.empty()) return true;
    if (items.size() < node.children.size()) return !kept_items(node, items).empty();
    for (std::size_t i = 0; i < node.children.size(); ++i)
      if (!can_become(node.children[i], items[i])) return false;
    return true;
  }

  /// For each item whether it stays, where `items` are the old ones without some; empty where they are not.
  static std::vector<bool> kept_items(const SourceNode& node, const Json::Array& items) {
    std::vector<bool> kept;
    std::size_t at = 0;
    for (const SourceNode& child : node.children) {
      kept.push_back(at < items.size() && reads_as(child, items[at]));
      at += kept.back() ? 1 : 0;
    }
    if (at < items.size()) kept.clear();
    return kept;
  }

  void remove(const SourceNode& parent, SourceNode& child) {
    job_.wish(child).removed = true;
    job_.thinned.insert(&parent);
  }

  Result<void> become(SourceNode& child, std::size_t index, const Json& value) {
    return reads_as(child, value) ? Result<void>() : replace_value(job_, child, index, value);
  }

  Result<void> change_keys(SourceNode& node, const Json::Object& members) {
    const Json value(members);
    std::unordered_map<std::string_view, bool> present;
    for (std::size_t i = 0; i < node.children.size(); i += 2) {
      const std::string_view key = node.children[i].value;
      present[key] = true;
      const Json* wanted = member(value, key);
      if (wanted == nullptr) {
        remove(node, node.children[i + 1]);
      } else {
        SB_CHECK(become(node.children[i + 1], i + 1, *wanted));
      }
    }
    Json::Object added;
    for (const auto& [key, wanted] : members)
      if (!present.contains(key)) added.emplace_back(key, wanted);
    if (!added.empty()) job_.insertions.emplace_back(&node, Json(std::move(added)));
    return {};
  }

  Result<void> change_items(SourceNode& node, const Json::Array& items) {
    if (items.size() < node.children.size()) {
      const auto kept = kept_items(node, items);
      for (std::size_t i = 0; i < node.children.size(); ++i)
        if (items.empty() || !kept[i]) remove(node, node.children[i]);
      return {};
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) SB_CHECK(become(node.children[i], i, items[i]));
    const auto first_new = items.begin() + static_cast<std::ptrdiff_t>(node.children.size());
    if (first_new != items.end()) job_.appends.emplace_back(&node, Json::Array(first_new, items.end()));
    return {};
  }

  /// The column that the lines of `value` begin at.
  std::size_t indent_for(const SourceNode& node, const Json& value) const {
    const bool same_kind = (node.kind == SourceNode::Kind::mapping) == (value.object() != nullptr);
    if (same_kind || node.parent == nullptr || node.parent->kind != SourceNode::Kind::mapping)
      return job_.text.column(node.content);
    return job_.text.column(node.parent->content) +
           (value.array() != nullptr ? job_.habits.list_step : job_.habits.step);
  }

  /// Null where there is none.
  static const SourceNode* alias_in(const SourceNode& node) {
    if (node.kind == SourceNode::Kind::alias) return &node;
    for (const SourceNode& child : node.children)
      if (const SourceNode* found = alias_in(child)) return found;
    return nullptr;
  }

  Result<void> rewrite(const SourceNode& node, const Json& value) {
    const SourceText& text = job_.text;
    if (const SourceNode* alias = alias_in(node))
      return text.error(ErrorCode::not_editable, alias->start, "an alias of another place stands in what is replaced",
                        "name the keys around it one by one, or write the value out by hand first");
    if (is_empty(value)) {
      empty_block(job_, node, flow_of(value, job_.habits.quote));
      return {};
    }
    const std::size_t line = text.line_start(node.content);
    const bool own_line = text.skip_blanks(line) == node.content;
    std::size_t end = text.line_end(node.end);
    if (node.full_end > end) end = text.before_break(node.full_end);
    const std::string_view line_break = text.line_break(node.content);
    const std::size_t indent = indent_for(node, value);
    const std::string lines = block_lines(job_, value, indent, line_break).substr(line_break.size());
    if (own_line) {
      job_.splices.push_back({line, end, lines});
    } else {
      job_.splices.push_back({node.content, end, lines.substr(indent)});
    }
    return {};
  }

  EditJob& job_;
};

}  // namespace

Result<void> replace_collection(EditJob& job, SourceNode& node, const Json& value) {
  if (!is_collection(value)) {
    const std::string_view what = node.kind == SourceNode::Kind::mapping ? "mapping" : "list";
    return job.text.error(ErrorCode::not_editable, node.start, fmt::format("a whole {} stands there", what),
                          "name the key or item below it, give another mapping or list, or delete it first");
  }
  for (const SourceNode& child : node.children) SB_CHECK(require_removable(job, child));
  job.wish(node).wanted = value;
  return Replacement(job).run(node, value);
}

}  // namespace samebits::yaml
