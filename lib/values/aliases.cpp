#include "values/aliases.hpp"

#include "core/text.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

/// As deep as the parser goes; an alias may stand inside what its own anchor marks.
constexpr int max_depth = 500;
/// Of one answer, each value and each of its characters counted: what aliases repeat grows without end.
constexpr std::size_t max_answer = std::size_t{32} << 20;
/// Keys that are looked at on one path: mappings that lend each other keys double them at each level.
constexpr std::size_t max_looked_at = std::size_t{8} << 20;

/// Takes `cost` off; false where there is not so much left.
bool spend(std::size_t& left, std::size_t cost) {
  const bool enough = cost <= left;
  left -= enough ? cost : left;
  return enough;
}

}  // namespace

AliasReader::AliasReader(const SourceText& text, const SourceDocument& document) : text_(text), root_(document.root) {
  note_anchors(root_);
}

void AliasReader::note_anchors(const SourceNode& node) {
  if (node.anchor != 0 && node.kind != SourceNode::Kind::alias) anchors_.emplace(node.anchor, &node);
  for (const SourceNode& child : node.children) note_anchors(child);
}

const SourceNode& AliasReader::real(const SourceNode& node) const {
  if (node.kind != SourceNode::Kind::alias) return node;
  const auto marked = anchors_.find(node.anchor);
  return marked == anchors_.end() ? node : *marked->second;
}

const SourceNode* AliasReader::find(const ValuePath& path) const {
  const SourceNode* node = &real(root_);
  std::size_t left = max_looked_at;
  for (const ValuePath::Segment& segment : path.segments()) {
    node = step(*node, segment, left);
    if (node == nullptr) return nullptr;
    node = &real(*node);
  }
  return node;
}

const SourceNode* AliasReader::step(const SourceNode& node, const ValuePath::Segment& segment,
                                    std::size_t& left) const {
  if (segment.kind == ValuePath::Segment::Kind::key)
    return node.kind == SourceNode::Kind::mapping ? find_key(node, segment.key, 0, left) : nullptr;
  if (node.kind != SourceNode::Kind::sequence) return nullptr;
  if (segment.kind == ValuePath::Segment::Kind::selector) return find_item(node, segment, left);
  return segment.index < node.children.size() ? &node.children[segment.index] : nullptr;
}

const SourceNode* AliasReader::find_key(const SourceNode& mapping, const std::string& key, int depth,
                                        std::size_t& left) const {
  if (!spend(left, mapping.children.size() + 1)) return nullptr;
  const SourceNode* merged = nullptr;
  const SourceNode* found = nullptr;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const SourceNode& name = real(mapping.children[i]);
    if (name.kind != SourceNode::Kind::scalar) continue;
    if (name.value == key && found != nullptr) return nullptr;
    if (name.value == key) found = &mapping.children[i + 1];
    if (name.plain && name.value == "<<") merged = &mapping.children[i + 1];
  }
  return found != nullptr || merged == nullptr || depth > max_depth ? found
                                                                    : find_merged(*merged, key, depth + 1, left);
}

const SourceNode* AliasReader::find_merged(const SourceNode& merged, const std::string& key, int depth,
                                           std::size_t& left) const {
  const SourceNode& lender = real(merged);
  if (lender.kind == SourceNode::Kind::mapping) return find_key(lender, key, depth, left);
  if (lender.kind != SourceNode::Kind::sequence) return nullptr;
  // The first that has the key lends it.
  for (const SourceNode& item : lender.children) {
    const SourceNode& mapping = real(item);
    if (mapping.kind != SourceNode::Kind::mapping) continue;
    if (const SourceNode* found = find_key(mapping, key, depth, left)) return found;
  }
  return nullptr;
}

const SourceNode* AliasReader::find_item(const SourceNode& list, const ValuePath::Segment& selector,
                                         std::size_t& left) const {
  const SourceNode* found = nullptr;
  for (const SourceNode& item : list.children) {
    const SourceNode& mapping = real(item);
    if (mapping.kind != SourceNode::Kind::mapping) continue;
    const SourceNode* value = find_key(mapping, selector.key, 0, left);
    if (value == nullptr || real(*value).kind != SourceNode::Kind::scalar) continue;
    if (real(*value).value != selector.value) continue;
    if (found != nullptr) return nullptr;
    found = &item;
  }
  return found;
}

Result<Json> AliasReader::value_of(const SourceNode& node) const {
  std::size_t left = max_answer;
  Json value;
  if (expand(node, 0, left, value)) return value;
  return text_.error(ErrorCode::not_editable, node.start, "the value is too large once its aliases are followed",
                     "ask for a part of it");
}

bool AliasReader::expand(const SourceNode& node, int depth, std::size_t& left, Json& value) const {
  const SourceNode& there = real(node);
  if (depth > max_depth || !spend(left, sizeof(Json) + there.value.size())) return false;
  if (!there.is_collection()) {
    value = yaml::value_of(there);
    return true;
  }
  if (there.kind == SourceNode::Kind::sequence) {
    Json::Array items;
    for (const SourceNode& child : there.children)
      if (!expand(child, depth + 1, left, items.emplace_back())) return false;
    value = Json(std::move(items));
    return true;
  }
  Json::Object members;
  for (std::size_t i = 0; i + 1 < there.children.size(); i += 2) {
    const SourceNode& name = real(there.children[i]);
    if (!spend(left, name.value.size())) return false;
    members.emplace_back(std::string(name.value), Json());
    if (!expand(there.children[i + 1], depth + 1, left, members.back().second)) return false;
  }
  value = Json(std::move(members));
  return true;
}

}  // namespace samebits::yaml
