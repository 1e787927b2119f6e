#include "values/aliases.hpp"

#include <limits>

#include "core/text.hpp"
#include "core/try.hpp"
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

bool is_merge(const SourceNode& key) { return key.plain && key.value == "<<"; }

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
    if (is_merge(name)) merged = &mapping.children[i + 1];
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
  // Without anchors nothing is repeated, and the answer is no larger than its file.
  std::size_t left = anchors_.empty() ? std::numeric_limits<std::size_t>::max() : max_answer;
  Json value;
  SB_CHECK(expand(node, 0, left, value));
  return value;
}

Result<void> AliasReader::pay(const SourceNode& node, int depth, std::size_t& left, std::size_t cost) const {
  if (depth <= max_depth && spend(left, cost)) return {};
  return text_.error(ErrorCode::not_editable, node.start, "the value is too large once its aliases are followed",
                     "ask for a part of it");
}

Result<void> AliasReader::expand(const SourceNode& node, int depth, std::size_t& left, Json& value) const {
  const SourceNode& there = real(node);
  SB_CHECK(pay(node, depth, left, sizeof(Json) + there.value.size()));
  if (there.kind == SourceNode::Kind::mapping) return expand_mapping(there, depth, left, value);
  if (there.kind != SourceNode::Kind::sequence) {
    value = yaml::value_of(there);
    return {};
  }
  Json::Array items;
  for (const SourceNode& child : there.children) SB_CHECK(expand(child, depth + 1, left, items.emplace_back()));
  value = Json(std::move(items));
  return {};
}

Result<void> AliasReader::expand_mapping(const SourceNode& mapping, int depth, std::size_t& left, Json& value) const {
  Names names;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const SourceNode& name = real(mapping.children[i]);
    const std::size_t at = mapping.children[i].start;
    if (name.is_collection())
      return text_.error(ErrorCode::not_editable, at, "the key is no text, and JSON has no other keys",
                         "ask for a part that has no such key");
    SB_CHECK(pay(mapping, depth, left, name.value.size()));
    if (!names.emplace(name.value).second)
      return text_.error(ErrorCode::duplicate_key, at, fmt::format("the key '{}' stands twice", printable(name.value)),
                         "keep one of them: readers do not agree which counts");
  }
  Json::Object members;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const SourceNode& name = real(mapping.children[i]);
    const SourceNode& child = mapping.children[i + 1];
    if (is_merge(name)) {
      SB_CHECK(lend(child, depth + 1, left, names, members));
    } else {
      members.emplace_back(std::string(name.value), Json());
      SB_CHECK(expand(child, depth + 1, left, members.back().second));
    }
  }
  value = Json(std::move(members));
  return {};
}

Result<void> AliasReader::lend(const SourceNode& merged, int depth, std::size_t& left, Names& names,
                               Json::Object& members) const {
  const SourceNode& lender = real(merged);
  const std::span<const SourceNode> lenders =
      lender.kind == SourceNode::Kind::sequence ? std::span<const SourceNode>(lender.children) : std::span(&lender, 1);
  for (const SourceNode& one : lenders) {
    const SourceNode& mapping = real(one);
    if (mapping.kind != SourceNode::Kind::mapping)
      return text_.error(ErrorCode::not_editable, one.start, "only mappings lend their keys to '<<'",
                         "name a mapping there, or a list of mappings");
    Json lent;
    SB_CHECK(pay(one, depth, left, sizeof(Json)));
    SB_CHECK(expand_mapping(mapping, depth, left, lent));
    for (auto& member : *lent.object())
      if (names.insert(member.first).second) members.push_back(std::move(member));
  }
  return {};
}

}  // namespace samebits::yaml
