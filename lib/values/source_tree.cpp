#include "values/source_tree.hpp"

#include <algorithm>
#include <istream>
#include <limits>
#include <streambuf>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::yaml {
namespace {

constexpr std::size_t max_nodes = 4'000'000;
constexpr std::size_t max_documents = 1000;

/// Thrown through the parser, caught in `parse_source`.
struct Refusal {
  std::size_t offset;
  ErrorCode code;
  std::string message;
  std::string hint;
};

/// Reads the caller's bytes without a copy.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // a get area is never written to
    setg(begin, begin, begin + bytes.size());
  }
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& text, SourceTree& tree) : text_(text), tree_(tree), memory_(tree.memory.get()) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    const std::size_t at = offset(mark);
    // yaml-cpp never ends on `,`: it gives empty documents at the same place for ever.
    if (!tree_.documents.empty() && at <= tree_.documents.back().start) refuse(at, "a ',' stands where no value is");
    const bool is_explicit = text_.bytes().substr(std::min(at, text_.size()), 3) == "---";
    // Behind a `...` too: not every reader begins a document there.
    if (!tree_.documents.empty() && !is_explicit)
      refuse(at, after_document_end(at) ? "a further document begins without '---'"
                                        : "there is content after the end of the document");
    tree_.documents.push_back({.root = {}, .start = at, .explicit_start = is_explicit});
    anchors_before_ = anchors_;
    last_ = nullptr;
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    const auto legal = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    };
    // YAML 1.1 and 1.2 readers split `&a:b` differently.
    if (!std::all_of(name.begin(), name.end(), legal)) refuse(offset(mark), "an anchor's name has unusual characters");
    anchor_name_ = name;
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    last_ = &add(SourceNode::Kind::null, mark, "", anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    SourceNode& node = add(SourceNode::Kind::alias, mark, "", anchor);
    node.properties = nullptr;
    tree_.aliases.emplace_back(node.anchor, node.start);
    if (tree_.used_anchors.size() <= node.anchor) tree_.used_anchors.resize(node.anchor + 1);
    tree_.used_anchors[node.anchor] = true;
    last_ = &node;
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    SourceNode& node = add(SourceNode::Kind::scalar, mark, tag, anchor);
    node.plain = tag == "?";
    node.value = node.properties == nullptr && stands_at(node.start, value)
                     ? text_.bytes().substr(node.start + (node.plain ? 0 : 1), value.size())
                     : kept(value);
    last_ = &node;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(SourceNode::Kind::sequence, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(SourceNode::Kind::mapping, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

  void end_of_document() {
    if (last_ != nullptr) last_->next = text_.size();
    last_ = nullptr;
    if (!nodes_.empty()) tree_.documents.back().root = nodes_.front();
    nodes_.clear();
  }

 private:
  [[noreturn]] static void refuse(std::size_t at, std::string message,
                                  std::string hint = "correct the file by hand first",
                                  ErrorCode code = ErrorCode::invalid_yaml) {
    throw Refusal{at, code, std::move(message), std::move(hint)};
  }
  std::size_t offset(const YAML::Mark& mark) const {
    return static_cast<std::size_t>(std::max(mark.pos, 0)) + text_.bom();
  }
  bool after_document_end(std::size_t at) const {
    std::size_t line = text_.line_start(std::min(at, text_.size()));
    while (line > 0) {
      line = text_.line_start(line - 1);
      const std::string_view rest = text_.bytes().substr(line, text_.line_end(line) - line);
      if (rest.starts_with("...")) return true;
      if (!rest.empty() && rest.front() != '#' && rest.find_first_not_of(" \t") != std::string_view::npos) return false;
    }
    return false;
  }
  /// The value's characters stand at `at` as they are, behind a quote where there is one, and the value ends there.
  bool stands_at(std::size_t at, std::string_view value) const {
    const char quote = text_.at(at);
    if (quote != '"' && quote != '\'') return text_.has_at(at, value);
    return text_.has_at(at + 1, value) && text_.at(at + 1 + value.size()) == quote &&
           value.find_first_of("\\\"'") == std::string_view::npos;
  }
  std::string_view kept(std::string_view text) {
    char* copy = memory_.allocate_object<char>(text.size());
    text.copy(copy, text.size());
    return {copy, text.size()};
  }
  /// Before anything moves it.
  void end_last(const YAML::Mark& mark) {
    if (last_ != nullptr) last_->next = offset(mark);
    last_ = nullptr;
  }
  SourceNode& add(SourceNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    end_last(mark);
    if (++count_ > max_nodes) refuse(offset(mark), "the file has too many values", "split it", ErrorCode::not_editable);
    SourceNode& node = nodes_.emplace_back();
    node.kind = kind;
    node.start = offset(mark);
    // The parser counts anew in each document.
    if (anchor != 0) node.anchor = anchors_before_ + static_cast<std::uint32_t>(anchor);
    anchors_ = std::max(anchors_, node.anchor);
    const bool tagged = !tag.empty() && tag != "?" && tag != "!";
    if (tagged || !anchor_name_.empty())
      node.properties = memory_.new_object<SourceNode::Properties>(
          SourceNode::Properties{.tag = tagged ? kept(tag) : "", .anchor_name = kept(anchor_name_)});
    anchor_name_.clear();
    return node;
  }
  void open(SourceNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    SourceNode& node = add(kind, mark, tag, anchor);
    open_.push_back(nodes_.size());
    node.flow = style == YAML::EmitterStyle::Flow;
    if (node.flow && text_.at(node.start) == '{' && text_.at(node.start + 1) == '{')
      refuse(node.start, "an unquoted template expression '{{' stands where a value is",
             "values files are edited, templates are not: quote it or name another file", ErrorCode::not_editable);
  }
  /// The innermost collection has all its children: they go where they stay.
  void close() {
    const std::size_t first = open_.back();
    open_.pop_back();
    const std::size_t size = nodes_.size() - first;
    SourceNode* children = memory_.allocate_object<SourceNode>(size);
    std::uninitialized_copy_n(nodes_.data() + first, size, children);
    if (size > 0 && last_ == &nodes_.back()) last_ = children + size - 1;
    nodes_.resize(first);
    nodes_.back().children = {children, size};
  }

  const SourceText& text_;
  SourceTree& tree_;
  std::pmr::polymorphic_allocator<> memory_;
  /// Open collections, each with its children so far behind it.
  std::vector<SourceNode> nodes_;
  /// Where the children of each open collection begin.
  std::vector<std::size_t> open_;
  /// The scalar, alias or null that came last, if nothing has begun since.
  SourceNode* last_ = nullptr;
  std::string anchor_name_;
  std::size_t count_ = 0;
  /// The highest number of an anchor so far, and before this document.
  std::uint32_t anchors_ = 0;
  std::uint32_t anchors_before_ = 0;
};

std::string template_hint(const SourceText& text) {
  return text.bytes().find("{{") == std::string_view::npos ? "correct the file by hand first"
                                                           : "the file contains '{{': is it a template?";
}

}  // namespace

Result<SourceTree> parse_source(const SourceText& text) {
  SourceTree tree;
  TreeBuilder builder(text, tree);
  if (text.size() > std::numeric_limits<std::uint32_t>::max() / 2)
    return text.error(ErrorCode::not_editable, 0, "the file is larger than 2 GiB", "split it");
  ViewBuffer buffer(text.bytes());
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      builder.end_of_document();
      if (tree.documents.size() > max_documents)
        return text.error(ErrorCode::not_editable, tree.documents.back().start, "the file has more than 1000 documents",
                          "split it");
    }
  } catch (const Refusal& refusal) {
    return text.error(refusal.code, refusal.offset, refusal.message, refusal.hint);
  } catch (const YAML::Exception& exception) {
    const auto at = static_cast<std::size_t>(std::max(exception.mark.pos, 0)) + text.bom();
    return text.error(ErrorCode::invalid_yaml, at,
                      fmt::format("the file is not valid YAML: {}", printable(exception.msg)), template_hint(text));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& exception) {
    return text.error(ErrorCode::invalid_yaml, 0,
                      fmt::format("the file cannot be read: {}", printable(exception.what())), template_hint(text));
  }
  SB_CHECK(find_spans(text, tree));
  return tree;
}

}  // namespace samebits::yaml
