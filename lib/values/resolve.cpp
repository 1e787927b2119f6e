#include "values/resolve.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::yaml {
namespace {

using Segment = ValuePath::Segment;

std::string_view name_of(SourceNode::Kind kind) {
  switch (kind) {
    case SourceNode::Kind::null:
      return "an empty value";
    case SourceNode::Kind::scalar:
      return "a scalar";
    case SourceNode::Kind::sequence:
      return "a list";
    case SourceNode::Kind::mapping:
      return "a mapping";
    case SourceNode::Kind::alias:
      return "an alias";
  }
  return "a value";
}

std::string text_of(const Segment& segment) {
  switch (segment.kind) {
    case Segment::Kind::index:
      return fmt::format("[{}]", segment.index);
    case Segment::Kind::selector:
      return fmt::format("[{}={}]", segment.key, segment.value);
    default:
      return segment.key;
  }
}

/// The scalar that a mapping has under `key`; null where it has none.
const std::string_view* scalar_at(const SourceNode& item, std::string_view key) {
  for (std::size_t k = 0; item.kind == SourceNode::Kind::mapping && k + 1 < item.children.size(); k += 2)
    if (item.children[k].value == key && item.children[k + 1].kind == SourceNode::Kind::scalar)
      return &item.children[k + 1].value;
  return nullptr;
}

/// Follows one path; the members are what every step needs.
class Resolver {
 public:
  Resolver(const SourceText& text, const SourceTree& tree, const ValuePath& path)
      : text_(text), tree_(tree), path_(path) {}

  Result<Resolved> run(SourceNode& root) {
    resolved_.node = &root;
    note_shared(root);
    for (const Segment& segment : path_.segments()) {
      SB_CHECK(step(segment));
      if (resolved_.node == nullptr) return resolved_;
      ++resolved_.depth;
      note_shared(*resolved_.node);
    }
    return resolved_;
  }

 private:
  void note_shared(const SourceNode& node) {
    if (resolved_.shared == nullptr && tree_.is_shared(node)) resolved_.shared = &node;
  }

  Error wrong_kind(const SourceNode& node, const Segment& segment) const {
    const std::string place = resolved_.depth == 0 ? "the file" : fmt::format("'{}'", path_to(path_, resolved_.depth));
    return text_.error(ErrorCode::not_editable, node.start,
                       fmt::format("{} is {}, and '{}' leads through it", place, name_of(node.kind), text_of(segment)),
                       node.kind == SourceNode::Kind::alias      ? "edit the place that the alias names"
                       : node.kind == SourceNode::Kind::sequence ? "name an item: [0], or [key=value]"
                                                                 : "check the path");
  }

  Result<void> step(const Segment& segment) {
    SourceNode& node = *resolved_.node;
    resolved_.parent = &node;
    resolved_.node = nullptr;
    if (node.kind == SourceNode::Kind::null) return {};
    const auto needed = segment.kind == Segment::Kind::key ? SourceNode::Kind::mapping : SourceNode::Kind::sequence;
    if (node.kind != needed) return wrong_kind(node, segment);
    switch (segment.kind) {
      case Segment::Kind::index:
        if (segment.index < node.children.size()) choose(node, segment.index);
        return {};
      case Segment::Kind::selector:
        return select(node, segment);
      default:
        return find_key(node, segment.key);
    }
  }

  void choose(SourceNode& node, std::size_t index) {
    resolved_.index = index;
    resolved_.node = &node.children[index];
  }

  Result<void> find_key(SourceNode& node, const std::string& key) {
    const KeyIndex& index = index_of(node);
    resolved_.merged = resolved_.merged || index.merges;
    const auto found = index.keys.find(key);
    if (found == index.keys.end()) return {};
    const auto [first, other] = found->second;
    if (first != other)
      return text_.error(ErrorCode::duplicate_key, node.children[other].start,
                         fmt::format("the key '{}' is a duplicate (it is first on line {})", printable(key),
                                     text_.place(node.children[first].start).line),
                         "keep one of them: readers do not agree which counts");
    choose(node, first + 1);
    resolved_.merged = false;
    return {};
  }

  const KeyIndex& index_of(const SourceNode& node) const {
    const auto [place, is_new] = tree_.key_indexes.try_emplace(&node);
    KeyIndex& index = place->second;
    for (std::size_t i = 0; is_new && i + 1 < node.children.size(); i += 2) {
      const SourceNode& name = node.children[i];
      if (name.kind != SourceNode::Kind::scalar) continue;
      if (name.plain && name.value == "<<") index.merges = true;
      const auto [known, is_first] = index.keys.try_emplace(name.value, i, i);
      if (!is_first) known->second.second = i;
    }
    return index;
  }

  Result<void> select(SourceNode& node, const Segment& segment) {
    std::vector<int> lines;
    std::vector<std::string> indexes;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const SourceNode& item = node.children[i];
      const std::string_view* value = scalar_at(item, segment.key);
      if (value == nullptr || *value != segment.value) continue;
      lines.push_back(text_.place(item.start).line);
      indexes.push_back(fmt::format("[{}]", i));
      choose(node, i);
    }
    if (lines.size() <= 1) return {};
    return text_.error(
        ErrorCode::bad_path, node.start,
        fmt::format("the selector '{}' fits {} items, on the lines {}", text_of(segment), lines.size(),
                    fmt::join(lines, ", ")),
        fmt::format("select by a key that only one item has, or by index: {}", fmt::join(indexes, ", ")));
  }

  const SourceText& text_;
  const SourceTree& tree_;
  const ValuePath& path_;
  Resolved resolved_;
};

std::string top_level_text(const SourceNode& root, std::string_view key) {
  for (std::size_t i = 0; root.kind == SourceNode::Kind::mapping && i + 1 < root.children.size(); i += 2)
    if (root.children[i].value == key) return std::string(root.children[i + 1].value);
  return {};
}

std::string metadata_name(const SourceNode& root) {
  for (std::size_t i = 0; root.kind == SourceNode::Kind::mapping && i + 1 < root.children.size(); i += 2)
    if (root.children[i].value == "metadata") return top_level_text(root.children[i + 1], "name");
  return {};
}

Error which_document(std::string message) {
  return Error{.code = ErrorCode::bad_request,
               .message = std::move(message),
               .hint = "say which with --document N (from 0) or --document KIND/NAME"};
}

Result<SourceDocument*> named_document(SourceTree& tree, const std::string& name) {
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (failure == std::errc() && end == name.data() + name.size()) {
    if (number < tree.documents.size()) return &tree.documents[number];
    return which_document(
        fmt::format("the file has {} documents, and none is number {}", tree.documents.size(), number));
  }
  SourceDocument* found = nullptr;
  for (SourceDocument& document : tree.documents) {
    if (top_level_text(document.root, "kind") + "/" + metadata_name(document.root) != name) continue;
    if (found != nullptr) return which_document(fmt::format("several documents are '{}'", printable(name)));
    found = &document;
  }
  if (found != nullptr) return found;
  return which_document(fmt::format("no document is '{}'", printable(name)));
}

}  // namespace

std::string path_to(const ValuePath& path, std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth && i < path.segments().size(); ++i) {
    const Segment& segment = path.segments()[i];
    if (segment.kind == Segment::Kind::key && !out.empty()) out += '.';
    out += text_of(segment);
  }
  return out;
}

Result<Resolved> resolve(const SourceText& text, const SourceTree& tree, SourceDocument& document,
                         const ValuePath& path) {
  return Resolver(text, tree, path).run(document.root);
}

namespace {

/// No item fits the selector: says which there are.
Error missing_item(const SourceText& text, const ValuePath& path, const Resolved& resolved) {
  constexpr std::size_t most_shown = 10;
  const Segment& segment = path.segments()[resolved.depth];
  std::vector<std::string> values;
  std::vector<std::string> shown;
  for (const SourceNode& item : resolved.parent->children) {
    const std::string_view* value = scalar_at(item, segment.key);
    if (value == nullptr) continue;
    values.emplace_back(*value);
    if (shown.size() < most_shown)
      shown.push_back(fmt::format("'{}' on line {}", printable(*value), text.place(item.start).line));
  }
  const std::string near = nearest(segment.value, values);
  std::string hint = near.empty() ? "" : fmt::format("did you mean '{}'? ", printable(near));
  hint += values.empty() ? fmt::format("no item of the list has the key '{}'", printable(segment.key))
                         : fmt::format("the items' {} is {}", printable(segment.key), fmt::join(shown, ", "));
  if (values.size() > shown.size()) hint += fmt::format(", and of {} more", values.size() - shown.size());
  return text.error(ErrorCode::key_missing, resolved.parent->start,
                    fmt::format("'{}' is missing: no item fits", path_to(path, resolved.depth + 1)), std::move(hint));
}

}  // namespace

Error missing_key(const SourceText& text, const ValuePath& path, const Resolved& resolved, std::string_view otherwise) {
  const Segment& segment = path.segments()[resolved.depth];
  const std::string missing = path_to(path, resolved.depth + 1);
  if (segment.kind == Segment::Kind::selector) return missing_item(text, path, resolved);
  if (segment.kind == Segment::Kind::index)
    return text.error(ErrorCode::key_missing, resolved.parent->start,
                      fmt::format("'{}' is missing: the list has {} items, and indexes begin at 0", missing,
                                  resolved.parent->children.size()),
                      "check the index, or append an item");
  std::vector<std::string> names;
  if (resolved.parent->kind == SourceNode::Kind::mapping)
    for (std::size_t i = 0; i < resolved.parent->children.size(); i += 2)
      names.emplace_back(resolved.parent->children[i].value);
  const std::string near = nearest(segment.key, names);
  const std::string before = path_to(path, resolved.depth);
  return text.error(ErrorCode::key_missing, resolved.parent->start,
                    fmt::format("'{}' is missing{}", missing, before.empty() ? "" : fmt::format(" in '{}'", before)),
                    near.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", printable(near)));
}

Result<SourceDocument*> find_document(const SourceText& text, SourceTree& tree, const ValuePath& path,
                                      const EditOptions& options) {
  if (!options.document.empty()) return named_document(tree, options.document);
  if (tree.documents.size() == 1) return &tree.documents.front();
  SourceDocument* found = nullptr;
  for (SourceDocument& document : tree.documents) {
    const auto resolved = resolve(text, tree, document, path);
    if (!resolved || resolved->node == nullptr) continue;
    if (found != nullptr) return which_document(fmt::format("several documents of the file have '{}'", path.str()));
    found = &document;
  }
  return found;
}

Error in_no_document(const SourceText& text, const SourceTree& tree, const ValuePath& path) {
  return Error{.code = ErrorCode::key_missing,
               .message = fmt::format("none of the file's {} documents has '{}'", tree.documents.size(), path.str()),
               .hint = "check the path, or say which document with --document",
               .where = text.place(0)};
}

Error in_unknown_document(const SourceTree& tree, const ValuePath& path) {
  return which_document(fmt::format("none of the file's {} documents has '{}' yet", tree.documents.size(), path.str()));
}

}  // namespace samebits::yaml
