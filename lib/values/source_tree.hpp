#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json/json.hpp"
#include "values/source_text.hpp"

namespace samebits::yaml {

/// `!!str`, as the parser resolves it.
constexpr std::string_view string_tag = "tag:yaml.org,2002:str";

/// What the edits want of a node: the proof walks the old tree with these in mind.
struct Wish {
  bool removed = false;
  std::optional<Json> wanted = {};
  /// New entries (key and value) or new items (empty key).
  std::vector<std::pair<std::string, Json>> added = {};
};

/// A place in a file, in half the memory: the parser counts characters in 31 bits.
class Offset {
 public:
  Offset(std::size_t value = 0) noexcept  // NOLINT(google-explicit-constructor)
      : value_(static_cast<std::uint32_t>(value)) {}
  operator std::size_t() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  std::uint32_t value_;
};

/// A node of a YAML document with the bytes it stands on. Aliases are nodes of their own and never followed.
/// Files have many: nodes are small, and all that they point to belongs to the tree or is the file itself.
struct SourceNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping, alias };
  Kind kind = Kind::null;
  /// Nothing stands there: `a:`.
  bool empty = false;
  bool plain = false;
  bool flow = false;
  /// Where the node begins, its anchor and tag included.
  Offset start = {};
  /// Where its content begins.
  Offset content = {};
  /// Behind its last byte.
  Offset end = {};
  /// Behind the blank lines that a `|+` or `>+` scalar takes with it; otherwise `end`.
  Offset full_end = {};
  /// Where the parser's next event begins.
  Offset next = {};
  /// Of an anchor or of the anchor that an alias names; 0: none.
  std::uint32_t anchor = 0;
  /// A part of the file where its characters stand there as they are.
  std::string_view value = {};
  /// Items; of a mapping key and value in turn.
  std::span<SourceNode> children = {};
  /// Null of a root.
  SourceNode* parent = nullptr;
  /// Null where nothing is wanted.
  Wish* wish = nullptr;

  struct Properties {
    /// As the parser resolved it; empty where the file names none.
    std::string_view tag;
    std::string_view anchor_name;
  };
  /// Null where there are none, as on nearly all nodes.
  const Properties* properties = nullptr;

  std::string_view tag() const noexcept { return properties != nullptr ? properties->tag : ""; }
  std::string_view anchor_name() const noexcept { return properties != nullptr ? properties->anchor_name : ""; }
  bool is_removed() const noexcept { return wish != nullptr && wish->removed; }
  bool is_collection() const noexcept { return kind == Kind::sequence || kind == Kind::mapping; }
  std::size_t entry_count() const noexcept { return kind == Kind::mapping ? children.size() / 2 : children.size(); }
};

struct SourceDocument {
  SourceNode root;
  /// Where the `---` or the first token is.
  std::size_t start = 0;
  bool explicit_start = false;
};

/// The keys of a large mapping, so that a thousand edits are not a thousand walks through it.
struct KeyIndex {
  /// Index of the first and of another key with that name (the same where there is none).
  std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> keys;
  bool merges = false;
};

/// A whole file, whose bytes must outlive it.
struct SourceTree {
  /// Holds what the nodes point to.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory = std::make_unique<std::pmr::monotonic_buffer_resource>();
  std::vector<SourceDocument> documents;
  /// Anchors that some alias uses, with the place of each alias.
  std::vector<std::pair<std::size_t, std::size_t>> aliases;
  /// By the anchor's number: an alias uses it.
  std::vector<bool> used_anchors;
  /// By the mapping; filled when one is looked at.
  mutable std::unordered_map<const SourceNode*, KeyIndex> key_indexes = {};

  bool has_aliases() const noexcept { return !aliases.empty(); }
  /// Aliases see the node, too.
  bool is_shared(const SourceNode& node) const {
    return node.kind != SourceNode::Kind::alias && node.anchor < used_anchors.size() && used_anchors[node.anchor];
  }
};

/// Parses with places. Everything of YAML that cannot be edited with certainty is refused.
/// Errors: invalid_yaml, not_editable.
Result<SourceTree> parse_source(const SourceText& text);

/// Finds the ends and parents of all nodes. Errors: invalid_yaml where the bytes and the parser's events do not agree.
Result<void> find_spans(const SourceText& text, SourceTree& tree);

}  // namespace samebits::yaml
