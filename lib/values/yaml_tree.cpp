#include "values/yaml_tree.hpp"

#include <unordered_set>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/source_tree.hpp"

namespace samebits::yaml {
namespace {

constexpr std::size_t max_config_bytes = std::size_t{1} << 20;

class Reader {
 public:
  explicit Reader(const SourceText& text) : text_(text) {}

  Result<Node> convert(const SourceNode& source) {
    if (source.kind == SourceNode::Kind::alias || source.anchor != 0 || !source.tag().empty())
      return text_.error(ErrorCode::invalid_yaml, source.start, "anchors, aliases and tags are not understood here",
                         "write the value out");
    Node node{.text = std::string(source.value), .plain = source.plain, .where = text_.place(source.start)};
    switch (source.kind) {
      case SourceNode::Kind::scalar:
        node.kind = Node::Kind::scalar;
        return node;
      case SourceNode::Kind::sequence:
        node.kind = Node::Kind::sequence;
        for (const SourceNode& child : source.children) {
          SB_TRY(auto item, convert(child));
          node.items.push_back(std::move(item));
        }
        return node;
      case SourceNode::Kind::mapping:
        SB_CHECK(convert_entries(source, node));
        return node;
      default:
        return node;
    }
  }

 private:
  Result<void> convert_entries(const SourceNode& source, Node& node) {
    node.kind = Node::Kind::mapping;
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i + 1 < source.children.size(); i += 2) {
      const SourceNode& key = source.children[i];
      if (key.kind != SourceNode::Kind::scalar)
        return text_.error(ErrorCode::invalid_yaml, key.start, "a key must be a word", "quote it");
      if (!names.emplace(key.value).second)
        return text_.error(ErrorCode::duplicate_key, key.start,
                           fmt::format("the key '{}' stands twice", printable(key.value)), "keep one of them");
      SB_TRY(auto name, convert(key));
      SB_TRY(auto value, convert(source.children[i + 1]));
      node.entries.emplace_back(std::move(name), std::move(value));
    }
    return {};
  }

  const SourceText& text_;
};

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : entries)
    if (name.text == key) return &value;
  return nullptr;
}

Result<Node> read(std::string_view bytes, std::string_view file) {
  const SourceText text(bytes, file);
  SB_CHECK(require_readable(text, max_config_bytes));
  SB_TRY(const auto tree, parse_source(text));
  if (tree.documents.size() > 1)
    return text.error(ErrorCode::invalid_yaml, tree.documents[1].start, "a second document begins here",
                      "keep one document in this file");
  if (tree.documents.empty()) return Node{.where = text.place(0)};
  return Reader(text).convert(tree.documents.front().root);
}

}  // namespace samebits::yaml
