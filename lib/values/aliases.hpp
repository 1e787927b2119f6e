#pragma once

#include <functional>
#include <set>
#include <string>
#include <unordered_map>

#include <samebits/values_file.hpp>

#include "values/source_tree.hpp"

namespace samebits::yaml {

/// Reads a document as its readers do: an alias is what its anchor marks, and `<<` lends keys. Only for reading; edits
/// never follow an alias.
/// Source: YAML 1.1, "Merge Key Language-Independent Type".
class AliasReader {
 public:
  AliasReader(const SourceText& text, const SourceDocument& document);

  /// What stands at `path`; null where nothing does, or where readers would not agree.
  const SourceNode* find(const ValuePath& path) const;
  /// The node itself, or the one that an alias names.
  const SourceNode& real(const SourceNode& node) const;
  /// As JSON, with what aliases stand for and `<<` lends. Errors: duplicate_key; not_editable where that is too large,
  /// or where JSON has nothing for it.
  Result<Json> value_of(const SourceNode& node) const;

 private:
  void note_anchors(const SourceNode& node);
  // `left`: how much more may be looked at or answered.
  const SourceNode* step(const SourceNode& node, const ValuePath::Segment& segment, std::size_t& left) const;
  const SourceNode* find_key(const SourceNode& mapping, const std::string& key, int depth, std::size_t& left) const;
  const SourceNode* find_merged(const SourceNode& merged, const std::string& key, int depth, std::size_t& left) const;
  const SourceNode* find_item(const SourceNode& list, const ValuePath::Segment& selector, std::size_t& left) const;
  /// Keys of a mapping that no other mapping may lend it any more.
  using Names = std::set<std::string, std::less<>>;
  Result<void> pay(const SourceNode& node, int depth, std::size_t& left, std::size_t cost) const;
  Result<void> expand(const SourceNode& node, int depth, std::size_t& left, Json& value) const;
  Result<void> expand_mapping(const SourceNode& mapping, int depth, std::size_t& left, Json& value) const;
  Result<void> lend(const SourceNode& merged, int depth, std::size_t& left, Names& names, Json::Object& members) const;

  const SourceText& text_;
  const SourceNode& root_;
  std::unordered_map<std::size_t, const SourceNode*> anchors_;
};

}  // namespace samebits::yaml
