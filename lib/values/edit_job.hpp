#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include <samebits/values_file.hpp>

#include "values/resolve.hpp"
#include "values/scalar_text.hpp"
#include "values/source_tree.hpp"

namespace samebits::yaml {

/// Bytes [begin, end) of the file become `text`.
struct Splice {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

/// How a file writes what the YAML grammar leaves open.
struct Habits {
  Quote quote = Quote::double_quoted;
  /// Columns a nested mapping is indented by.
  std::size_t step = 2;
  /// Columns a list below a key is indented by.
  std::size_t list_step = 2;
};
Habits habits_of(const SourceText& text, const SourceTree& tree);

/// All edits of one call on one file, until they are bytes.
struct EditJob {
  const SourceText& text;
  SourceTree& tree;
  const EditOptions& options;
  Habits habits;
  std::vector<Splice> splices = {};
  /// New entries by their parent, in the order of the edits.
  std::vector<std::pair<SourceNode*, Json>> insertions = {};
  std::vector<std::pair<SourceNode*, Json::Array>> appends = {};
  /// Parents of entries that go.
  std::set<const SourceNode*> thinned = {};
  std::deque<Wish> wishes = {};

  /// The document whose root `root` is.
  const SourceDocument& document_of(const SourceNode& root) const {
    for (const SourceDocument& document : tree.documents)
      if (&document.root == &root) return document;
    return tree.documents.front();
  }
  /// What is wanted of `node`, to be added to.
  Wish& wish(SourceNode& node) {
    if (node.wish == nullptr) node.wish = &wishes.emplace_back();
    return *node.wish;
  }
};

/// The value of a node as JSON; what an alias stands for is not followed and shows as `*`.
Json value_of(const SourceNode& node);
/// True if `collection` is written as JSON is: in flow style, all keys in double quotes.
bool is_json(const SourceText& text, const SourceNode& collection);
/// True if the node reads as `value` for every reader.
bool reads_as(const SourceNode& node, const Json& value);
/// A plain scalar as the number or boolean that it is; otherwise its text.
Json typed_scalar(const SourceNode& node);

// Each notes what is wanted on the nodes and adds the bytes for it. Errors: not_editable, shared_anchor.
Result<void> replace_value(EditJob& job, SourceNode& node, std::size_t index, const Json& value);
/// A mapping or list in block style becomes another mapping or list.
Result<void> replace_collection(EditJob& job, SourceNode& node, const Json& value);
Result<void> insert_entries(EditJob& job, SourceNode& parent, const Json& entries);
Result<void> append_items(EditJob& job, SourceNode& list, const Json::Array& items);
/// Errors: shared_anchor where an alias uses an anchor inside.
Result<void> require_removable(const EditJob& job, const SourceNode& node);
/// Removes the entries of `parent` that are wished away.
void remove_entries(EditJob& job, const SourceNode& parent);
/// All lines of a block collection go: `empty`, which is `{}` or `[]`, stands behind the key above, or at the root.
void empty_block(EditJob& job, const SourceNode& parent, const std::string& empty);

/// Lines of a mapping or list in block style, each with its line break in front and `indent` columns.
std::string block_lines(const EditJob& job, const Json& value, std::size_t indent, std::string_view line_break);
/// `key: value`, with the lines below it where the value is a collection.
std::string block_entry(const EditJob& job, std::string_view key, const Json& value, std::size_t indent,
                        std::string_view line_break);

/// Errors: not_editable if the new bytes do not read as the old tree with exactly the wanted changes.
Result<void> prove(const SourceTree& before, const SourceText& after);

}  // namespace samebits::yaml
