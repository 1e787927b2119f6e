#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <samebits/values_file.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/aliases.hpp"
#include "values/edit_job.hpp"
#include "values/require_values.hpp"

namespace samebits {
namespace yaml {
namespace {

Error overlap(const ValuePath& path) {
  return Error{.code = ErrorCode::overlapping_edits,
               .message = fmt::format("two edits of one call meet at '{}'", path.str()),
               .hint = "name each place once"};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Integers beyond 64 bits would lose digits: the reader of JSON makes them floats.
bool loses_digits(std::string_view json) {
  bool in_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"') in_string = !in_string;
    if (in_string && json[at] == '\\') ++at;
    if (in_string || (json[at] != '-' && !is_digit(json[at]))) continue;
    std::int64_t ignored = 0;
    const auto [end, failure] = std::from_chars(json.data() + at, json.data() + json.size(), ignored);
    const auto behind = static_cast<std::size_t>(end - json.data());
    const char next = behind < json.size() ? json[behind] : ' ';
    if (failure == std::errc::result_out_of_range && next != '.' && next != 'e' && next != 'E') return true;
    at = json.find_first_not_of("+-.eE0123456789", at);
    if (at == std::string_view::npos) break;
    --at;
  }
  return false;
}

Result<Json> json_of(const NewValue& value) {
  if (!value.json && !is_valid_utf8(value.text))
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("the value '{}' is not valid UTF-8", printable(value.text)),
                 .hint = "give text in UTF-8; other bytes may go into a value as base64"};
  if (!value.json) return Json(value.text);
  SB_TRY(Json json, parse_json(value.text, "the value"));
  if (loses_digits(value.text))
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("'{}' holds an integer beyond 64 bits", printable(value.text)),
                 .hint = "write it as a string"};
  return json;
}

std::string shown(const Json& value) { return value.string() != nullptr ? *value.string() : write_json(value); }

std::optional<std::string> shown(const SourceNode& node) {
  if (node.kind == SourceNode::Kind::null) return "";
  if (node.kind == SourceNode::Kind::scalar) return std::string(node.value);
  return write_json(value_of(node));
}

/// Another edit of the same call already wants something of the node itself.
bool is_taken(const SourceNode& node) {
  return node.wish != nullptr && (node.wish->removed || node.wish->wanted.has_value());
}

/// Turns edits into splices, one after the other; every path addresses the input.
class Editor {
 public:
  explicit Editor(EditJob& job) : job_(job) {}

  Result<void> add(const ValuesEdit& edit, SourceDocument& document) {
    SB_TRY(const auto resolved, resolve(job_.text, job_.tree, document, edit.path));
    SB_TRY(const Json value, json_of(edit.value));
    if (resolved.shared != nullptr && !job_.options.through_anchor) return shared(edit.path, *resolved.shared);
    switch (edit.action) {
      case ValuesEdit::Action::remove:
        return remove(edit, resolved);
      case ValuesEdit::Action::append:
        return append(edit, resolved, value);
      default:
        return resolved.node != nullptr ? replace(edit, resolved, value) : missing(edit, resolved, value);
    }
  }

  Result<void> finish() {
    for (const auto& [node, path] : touched_)
      for (const SourceNode* above = node->parent; above != nullptr; above = above->parent)
        if (is_taken(*above)) return overlap(*path);
    for (const SourceNode* parent : job_.thinned) remove_entries(job_, *parent);
    for (auto& [parent, entries] : job_.insertions) SB_CHECK(insert_entries(job_, *parent, entries));
    for (auto& [list, items] : job_.appends) SB_CHECK(append_items(job_, *list, items));
    return {};
  }

  std::vector<ValueChange> take_changes() { return std::move(changes_); }

 private:
  Error shared(const ValuePath& path, const SourceNode& node) const {
    std::vector<int> lines;
    for (const auto& [anchor, offset] : job_.tree.aliases)
      if (anchor == node.anchor) lines.push_back(job_.text.place(offset).line);
    return job_.text.error(ErrorCode::shared_anchor, node.start,
                           fmt::format("'{}' is seen through the anchor '{}' by aliases on the lines {} too",
                                       path.str(), node.anchor_name(), fmt::join(lines, ", ")),
                           "write the value out there, or edit all of them at once with --through-anchor");
  }

  void note(const ValuesEdit& edit, const SourceNode& at, std::optional<std::string> before,
            std::optional<std::string> after) {
    changes_.push_back({.path = edit.path.str(),
                        .line = job_.text.place(at.start).line,
                        .before = std::move(before),
                        .after = std::move(after)});
  }

  Result<void> replace(const ValuesEdit& edit, const Resolved& resolved, const Json& value) {
    SourceNode& node = *resolved.node;
    if (is_taken(node)) return overlap(edit.path);
    touched_.emplace_back(&node, &edit.path);
    if (reads_as(node, value)) {
      job_.wish(node).wanted = value;
      return {};
    }
    note(edit, node, shown(node), shown(value));
    return replace_value(job_, node, resolved.index, value);
  }

  Result<void> missing(const ValuesEdit& edit, const Resolved& resolved, const Json& value) {
    if (edit.action == ValuesEdit::Action::set_if_present) return {};
    if (edit.action == ValuesEdit::Action::set)
      return missing_key(job_.text, edit.path, resolved, "check the path, or let it be inserted (--create)");
    const auto& segments = edit.path.segments();
    if (resolved.merged && resolved.depth + 1 < segments.size())
      return job_.text.error(ErrorCode::not_editable, resolved.parent->start,
                             fmt::format("'{}' comes in through '<<', and a mapping here would hide it",
                                         path_to(edit.path, resolved.depth + 1)),
                             "edit the mapping that is merged in");
    for (std::size_t i = resolved.depth; i < segments.size(); ++i)
      if (segments[i].kind != ValuePath::Segment::Kind::key) return missing_key(job_.text, edit.path, resolved);
    if (is_taken(*resolved.parent)) return overlap(edit.path);
    touched_.emplace_back(resolved.parent, &edit.path);
    note(edit, *resolved.parent, std::nullopt, shown(value));
    Json* at = &pending(*resolved.parent);
    for (std::size_t i = resolved.depth; i < segments.size(); ++i) {
      const bool last = i + 1 == segments.size();
      Json* member = nullptr;
      for (auto& [name, child] : *at->object())
        if (name == segments[i].key) member = &child;
      if (member != nullptr && (last || member->object() == nullptr)) return overlap(edit.path);
      if (member == nullptr) {
        at->object()->emplace_back(segments[i].key, last ? value : Json(Json::Object{}));
        member = &at->object()->back().second;
      }
      at = member;
    }
    return {};
  }

  Json& pending(SourceNode& parent) {
    for (auto& [known, entries] : job_.insertions)
      if (known == &parent) return entries;
    return job_.insertions.emplace_back(&parent, Json(Json::Object{})).second;
  }

  Result<void> remove(const ValuesEdit& edit, const Resolved& resolved) {
    if (resolved.node == nullptr) return missing_key(job_.text, edit.path, resolved);
    if (is_taken(*resolved.node)) return overlap(edit.path);
    touched_.emplace_back(resolved.node, &edit.path);
    note(edit, *resolved.node, shown(*resolved.node), std::nullopt);
    SB_CHECK(require_removable(job_, *resolved.node));
    job_.wish(*resolved.node).removed = true;
    job_.thinned.insert(resolved.parent);
    return {};
  }

  Result<void> append(const ValuesEdit& edit, const Resolved& resolved, const Json& value) {
    if (resolved.node == nullptr) return missing_key(job_.text, edit.path, resolved);
    SourceNode& list = *resolved.node;
    if (list.kind != SourceNode::Kind::sequence && !(list.kind == SourceNode::Kind::null && list.empty))
      return job_.text.error(ErrorCode::not_editable, list.start, fmt::format("'{}' is no list", edit.path.str()),
                             "append adds an item to a list");
    if (is_taken(list)) return overlap(edit.path);
    touched_.emplace_back(&list, &edit.path);
    note(edit, list, std::nullopt, shown(value));
    for (auto& [known, items] : job_.appends)
      if (known == &list) {
        items.push_back(value);
        return {};
      }
    job_.appends.push_back({&list, {value}});
    return {};
  }

  EditJob& job_;
  std::vector<ValueChange> changes_;
  std::vector<std::pair<const SourceNode*, const ValuePath*>> touched_;
};

/// Errors: overlapping_edits.
Result<std::string> apply(std::string_view bytes, std::vector<Splice> splices) {
  std::stable_sort(splices.begin(), splices.end(), [](const Splice& a, const Splice& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::string out;
  std::size_t at = 0;
  for (const Splice& splice : splices) {
    if (splice.begin < at)
      return Error{.code = ErrorCode::overlapping_edits,
                   .message = "two edits of one call change the same bytes",
                   .hint = "make them one after the other"};
    out += bytes.substr(at, splice.begin - at);
    out += splice.text;
    at = splice.end;
  }
  out += bytes.substr(at);
  return out;
}

Result<void> require_no_sops(const SourceText& text, const SourceTree& tree) {
  for (const SourceDocument& document : tree.documents)
    for (std::size_t i = 0; document.root.kind == SourceNode::Kind::mapping && i + 1 < document.root.children.size();
         i += 2) {
      if (document.root.children[i].value != "sops" || value_of(document.root.children[i + 1]).find("mac") == nullptr)
        continue;
      return text.error(ErrorCode::not_editable, document.root.children[i].start,
                        "the file is encrypted by SOPS, whose checksum an edit would break",
                        "edit it with sops, or keep the image's keys in a file that is not encrypted");
    }
  return {};
}

Result<SourceTree> parse_file(const SourceText& text, std::size_t max_bytes) {
  SB_CHECK(require_readable(text, max_bytes));
  SB_TRY(auto tree, parse_source(text));
  // A file without any document is one empty mapping to be.
  if (tree.documents.empty()) {
    tree.documents.emplace_back();
    SourceNode& root = tree.documents.front().root;
    root.empty = true;
    root.start = root.content = root.end = root.full_end = text.size();
  }
  return tree;
}

/// The document of each edit, the one that has its path; null where there is nothing to do. What is to be inserted goes
/// where the others are. Errors: bad_request, key_missing.
Result<std::vector<SourceDocument*>> documents_of(const SourceText& text, SourceTree& tree,
                                                  const std::vector<const ValuesEdit*>& edits,
                                                  const EditOptions& options) {
  std::vector<SourceDocument*> documents;
  std::set<SourceDocument*> used;
  for (const ValuesEdit* edit : edits) {
    SB_TRY(SourceDocument * document, find_document(text, tree, edit->path, options));
    documents.push_back(document);
    if (document != nullptr) used.insert(document);
  }
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (documents[i] != nullptr || edits[i]->action == ValuesEdit::Action::set_if_present) continue;
    if (edits[i]->action != ValuesEdit::Action::set_or_insert) return in_no_document(text, tree, edits[i]->path);
    if (used.size() != 1) return in_unknown_document(tree, edits[i]->path);
    documents[i] = *used.begin();
  }
  return documents;
}

}  // namespace
}  // namespace yaml

Result<EditedValues> edit_values(std::string_view bytes, std::span<const ValuesEdit> edits,
                                 const EditOptions& options) {
  const yaml::SourceText text(bytes, options.file);
  SB_TRY(auto tree, yaml::parse_file(text, options.max_bytes));
  SB_CHECK(yaml::require_no_sops(text, tree));
  yaml::EditJob job{.text = text, .tree = tree, .options = options, .habits = yaml::habits_of(text, tree)};
  // The order of the edits does not matter; that of several appends to one list does, and is kept.
  std::vector<const ValuesEdit*> order;
  for (const ValuesEdit& edit : edits) order.push_back(&edit);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->path.str() < b->path.str(); });
  yaml::Editor editor(job);
  SB_TRY(const auto documents, yaml::documents_of(text, tree, order, options));
  for (std::size_t i = 0; i < order.size(); ++i)
    if (documents[i] != nullptr) SB_CHECK(editor.add(*order[i], *documents[i]));
  SB_CHECK(editor.finish());
  EditedValues edited{.bytes = std::string(bytes), .changes = editor.take_changes()};
  if (job.splices.empty()) return edited;
  SB_TRY(edited.bytes, yaml::apply(bytes, std::move(job.splices)));
  SB_CHECK(yaml::prove(tree, yaml::SourceText(edited.bytes, options.file)));
  return edited;
}

namespace yaml {
namespace {

/// Reads one file, path by path.
class ValuesReader {
 public:
  ValuesReader(std::string_view bytes, const EditOptions& options) : text_(bytes, options.file), options_(options) {}
  Result<void> parse() {
    SB_TRY(tree_, parse_file(text_, options_.max_bytes));
    return {};
  }

  /// Nothing where the path is missing, which is told as an error where it is `required`.
  Result<std::optional<FoundValue>> find(const ValuePath& path, bool required) {
    SB_TRY(SourceDocument * document, find_document(text_, tree_, path, options_));
    if (document == nullptr) {
      if (required) return in_no_document(text_, tree_, path);
      return std::optional<FoundValue>();
    }
    const auto resolved = resolve(text_, tree_, *document, path);
    const SourceNode* node = resolved ? resolved->node : nullptr;
    if (tree_.has_aliases())
      if (const SourceNode* followed = aliases_of(*document).find(path)) node = followed;
    if (node != nullptr) return found_at(path, *node, *document);
    if (!resolved) return resolved.error();
    if (required) return missing_key(text_, path, *resolved);
    return std::optional<FoundValue>();
  }

 private:
  Result<std::optional<FoundValue>> found_at(const ValuePath& path, const SourceNode& node,
                                             const SourceDocument& document) {
    FoundValue found{.path = path.str(), .text = {}, .json = {}, .line = text_.place(node.start).line};
    SB_TRY(const Json value, aliases_of(document).value_of(node));
    found.text = node.is_collection() ? write_json(value) : *shown(node);
    found.json = write_json(value);
    return std::optional(std::move(found));
  }

  const AliasReader& aliases_of(const SourceDocument& document) {
    return aliases_.try_emplace(&document, text_, document).first->second;
  }

  SourceText text_;
  const EditOptions& options_;
  SourceTree tree_;
  std::map<const SourceDocument*, AliasReader> aliases_;
};

}  // namespace
}  // namespace yaml

Result<std::vector<std::optional<FoundValue>>> read_values(std::string_view bytes, std::span<const ValuePath> paths,
                                                           const EditOptions& options) {
  yaml::ValuesReader reader(bytes, options);
  SB_CHECK(reader.parse());
  std::vector<std::optional<FoundValue>> found;
  for (const ValuePath& path : paths) {
    SB_TRY(auto value, reader.find(path, false));
    found.push_back(std::move(value));
  }
  return found;
}

Result<std::vector<FoundValue>> require_values(std::string_view bytes, std::span<const ValuePath> paths,
                                               const EditOptions& options) {
  yaml::ValuesReader reader(bytes, options);
  SB_CHECK(reader.parse());
  std::vector<FoundValue> found;
  for (const ValuePath& path : paths) {
    SB_TRY(auto value, reader.find(path, true));
    found.push_back(*std::move(value));
  }
  return found;
}

}  // namespace samebits
