#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/source_tree.hpp"

namespace samebits::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_flow_indicator(char c) { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'; }

/// Finds where the nodes of one document end. What the bytes do not confirm is refused.
class Spans {
 public:
  explicit Spans(const SourceText& text) : text_(text) {}

  Result<void> find(SourceNode& node, bool in_flow, int parent_column) {
    node.content = node.start;
    if (node.anchor != 0 || !node.tag().empty() || text_.at(node.start) == '!') {
      if (node.kind != SourceNode::Kind::alias) node.content = skip_properties(node);
    }
    SB_CHECK(node.is_collection() ? collection(node, in_flow) : leaf(node, in_flow, parent_column));
    node.full_end = std::max(node.full_end, node.end);
    return {};
  }

 private:
  Error mismatch(const SourceNode& node, std::string message) const {
    return text_.error(ErrorCode::invalid_yaml, node.start, std::move(message), "correct the file by hand first");
  }

  /// Behind the `&anchor` and `!tag` of a node.
  std::size_t skip_properties(const SourceNode& node) const {
    std::size_t at = node.start;
    std::size_t behind = at;
    while (text_.at(at) == '&' || text_.at(at) == '!') {
      while (at < text_.size() && !is_blank(text_.at(at)) && !is_break(text_.at(at)) &&
             !(is_flow_indicator(text_.at(at)) && text_.at(at) != '!'))
        ++at;
      behind = at;
      at = skip_space(at);
    }
    const bool nothing = node.kind == SourceNode::Kind::null && node.next <= at;
    return nothing ? behind : at;
  }

  /// Behind blanks, line breaks and comments.
  std::size_t skip_space(std::size_t at) const {
    while (at < text_.size()) {
      if (is_blank(text_.at(at)) || is_break(text_.at(at))) {
        ++at;
      } else if (text_.at(at) == '#' && (at == 0 || is_blank(text_.at(at - 1)) || is_break(text_.at(at - 1)))) {
        at = text_.line_end(at);
      } else {
        break;
      }
    }
    return at;
  }

  Result<void> leaf(SourceNode& node, bool in_flow, int parent_column) {
    if (node.kind == SourceNode::Kind::null) return null(node);
    if (node.kind == SourceNode::Kind::alias) {
      std::size_t end = node.start + 1;
      while (end < text_.size() && !is_blank(text_.at(end)) && !is_break(text_.at(end)) &&
             !is_flow_indicator(text_.at(end)))
        ++end;
      node.end = end;
      return {};
    }
    const char first = text_.at(node.content);
    if (first == '"' || first == '\'') {
      SB_CHECK(quoted(node, first));
    } else if ((first == '|' || first == '>') && !in_flow) {
      return block(node, parent_column);
    } else {
      SB_CHECK(plain(node));
    }
    return require_boundary(node, in_flow);
  }

  Result<void> null(SourceNode& node) const {
    if (node.next == node.start || node.content >= node.next) {
      node.empty = true;
      node.end = node.content;
      return {};
    }
    for (const std::string_view word : {"null", "Null", "NULL", "~"})
      if (text_.bytes().substr(node.content, word.size()) == word) {
        node.end = node.content + word.size();
        return {};
      }
    node.empty = true;
    node.end = node.content;
    return {};
  }

  /// The node's value is no copy but these bytes themselves.
  bool stands_at(std::size_t at, const SourceNode& node) const {
    return node.value.data() == text_.bytes().data() + at;
  }

  Result<void> quoted(SourceNode& node, char quote) const {
    if (stands_at(node.content + 1, node)) {
      node.end = node.content + node.value.size() + 2;
      return {};
    }
    std::size_t at = node.content + 1;
    for (; at < text_.size(); ++at) {
      const char c = text_.at(at);
      const bool escapes = quote == '"' ? c == '\\' : c == '\'' && text_.at(at + 1) == '\'';
      if (escapes) {
        ++at;
      } else if (c == quote) {
        node.end = at + 1;
        return {};
      }
    }
    return mismatch(node, "a quoted value has no closing quote");
  }

  /// The parser's value is the oracle: its characters must stand here, folded over lines as YAML folds.
  Result<void> plain(SourceNode& node) const {
    if (stands_at(node.content, node)) {
      node.end = node.content + node.value.size();
      return {};
    }
    std::size_t at = node.content;
    for (std::size_t i = 0; i < node.value.size();) {
      const std::size_t blanks = text_.skip_blanks(at);
      if (is_break(text_.at(blanks))) {
        std::size_t breaks = 0;
        at = blanks;
        while (is_break(text_.at(at))) {
          at = text_.skip_blanks(text_.after_break(at));
          ++breaks;
        }
        const std::string folded = breaks == 1 ? " " : std::string(breaks - 1, '\n');
        if (node.value.compare(i, folded.size(), folded) != 0) return mismatch(node, "a value's end cannot be found");
        i += folded.size();
      } else if (at < text_.size() && text_.at(at) == node.value[i]) {
        ++at, ++i;
      } else {
        return mismatch(node, "a value's end cannot be found");
      }
    }
    node.end = at;
    return {};
  }

  Result<void> block(SourceNode& node, int parent_column) const {
    std::size_t at = node.content + 1;
    int digit = 0;
    bool keeps = false;
    for (; text_.at(at) == '+' || text_.at(at) == '-' || (text_.at(at) >= '0' && text_.at(at) <= '9'); ++at) {
      if (text_.at(at) >= '1') digit = text_.at(at) - '0';
      keeps = keeps || text_.at(at) == '+';
    }
    node.end = at;
    std::size_t line = text_.after_break(text_.line_end(at));
    int indent = digit > 0 ? std::max(parent_column, 0) + digit : -1;
    std::size_t after_blank = line;
    while (line < text_.size()) {
      const std::size_t end = text_.line_end(line);
      std::size_t first = line;
      while (text_.at(first) == ' ') ++first;
      const int column = static_cast<int>(first - line);
      if (first < end) {
        if (indent < 0) indent = column;
        const std::string_view head = text_.bytes().substr(line, 3);
        if (column < indent || indent <= parent_column || (column == 0 && (head == "---" || head == "..."))) break;
        node.end = end;
      }
      line = text_.after_break(end);
      after_blank = line;
      if (line == end) break;
    }
    if (keeps) node.full_end = after_blank;
    return {};
  }

  /// After a scalar only what ends it may follow; anything else means that readers do not agree.
  Result<void> require_boundary(const SourceNode& node, bool in_flow) const {
    const std::size_t at = text_.skip_blanks(node.end);
    const char next = text_.at(at);
    const bool comment = next == '#' && at > node.end;
    const bool flow = in_flow && (is_flow_indicator(next) || next == ':');
    if (at >= text_.size() || is_break(next) || comment || flow || next == ':') return {};
    return mismatch(node, "unexpected text follows a value on its line");
  }

  /// yaml-cpp lets `a:` and `{}` stand below each other at the margin; others do not.
  bool is_indented(const SourceNode& child, std::size_t colon_end, bool is_value, int parent_column) const {
    const bool is_item = !is_value && child.parent->kind == SourceNode::Kind::sequence;
    if (child.empty || (!is_value && !is_item)) return true;
    const std::string_view between =
        text_.bytes().substr(colon_end, child.start - std::min<std::size_t>(colon_end, child.start));
    if (is_value && between.find('\n') == std::string_view::npos) return true;
    const bool may_be_level = is_value && child.kind == SourceNode::Kind::sequence && !child.flow;
    return static_cast<int>(text_.column(child.start)) + (may_be_level ? 1 : 0) > parent_column;
  }

  Result<void> collection(SourceNode& node, bool in_flow) {
    const bool flow = in_flow || node.flow;
    // No block scalar stands inside a flow collection: its column is not needed, and lines may be long there.
    const int column = flow ? 0 : static_cast<int>(text_.column(node.content));
    std::size_t end = node.content + (node.flow ? 1 : 0);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      SourceNode& child = node.children[i];
      child.parent = &node;
      const bool is_value = node.kind == SourceNode::Kind::mapping && i % 2 == 1;
      if (is_value) {
        SB_TRY(end, behind_colon(node.children[i - 1], flow));
      }
      SB_CHECK(find(child, flow, column));
      if (!flow && !is_indented(child, is_value ? end : std::size_t{child.start}, is_value, column))
        return mismatch(child, "a value is not indented");
      if (child.empty && child.anchor == 0 && child.tag().empty() && is_value) {
        child.start = child.content = child.end = child.full_end = end;
      }
      // The parser's places run backwards in some broken files: nothing of them can be trusted then.
      if (child.start < end) return mismatch(node, "the places of values cannot be found");
      end = std::max<std::size_t>(end, child.end);
      node.full_end = child.full_end;
    }
    node.end = end;
    if (!node.flow) return {};
    const char closing = node.kind == SourceNode::Kind::mapping ? '}' : ']';
    std::size_t at = skip_space(end);
    while (text_.at(at) == ',' || text_.at(at) == ':' || text_.at(at) == '?') at = skip_space(at + 1);
    if (text_.at(at) != closing) return mismatch(node, fmt::format("the closing '{}' cannot be found", closing));
    node.end = node.full_end = at + 1;
    return {};
  }

  /// Behind the `:` of an entry. A flow key without one has an empty value right there.
  Result<std::size_t> behind_colon(const SourceNode& key, bool flow) const {
    for (const std::size_t at : {text_.skip_blanks(key.end), skip_space(key.end)}) {
      const char next = text_.at(at + 1);
      if (text_.at(at) == ':' && (flow || at + 1 >= text_.size() || is_blank(next) || is_break(next))) return at + 1;
    }
    if (flow || (key.start >= 2 && text_.at(text_.line_start(key.start) + text_.column(key.start) - 2) == '?'))
      return std::size_t{key.end};
    return mismatch(key, "a key has no ':'");
  }

  const SourceText& text_;
};

}  // namespace

Result<void> find_spans(const SourceText& text, SourceTree& tree) {
  Spans spans(text);
  for (SourceDocument& document : tree.documents) SB_CHECK(spans.find(document.root, false, -1));
  return {};
}

}  // namespace samebits::yaml
