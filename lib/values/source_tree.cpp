#include "values/source_tree.hpp"

#include <algorithm>
#include <istream>
#include <iterator>
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
  TreeBuilder(const SourceText& text, SourceTree& tree) : text_(text), tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    const std::size_t at = offset(mark);
    // yaml-cpp never ends on `,`: it gives empty documents at the same place for ever.
    if (!tree_.documents.empty() && at <= tree_.documents.back().start) refuse(at, "a ',' stands where no value is");
    const bool is_explicit = text_.bytes().substr(std::min(at, text_.size()), 3) == "---";
    if (!tree_.documents.empty() && !is_explicit && !after_document_end(at))
      refuse(at, "there is content after the end of the document");
    tree_.documents.push_back({.root = {}, .start = at, .explicit_start = is_explicit});
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
    finish(add(SourceNode::Kind::null, mark, "", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    SourceNode& node = add(SourceNode::Kind::alias, mark, "", anchor);
    node.properties.reset();
    tree_.aliases.emplace_back(anchor, node.start);
    if (tree_.used_anchors.size() <= anchor) tree_.used_anchors.resize(anchor + 1);
    tree_.used_anchors[anchor] = true;
    finish(node);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    SourceNode& node = add(SourceNode::Kind::scalar, mark, tag, anchor);
    node.plain = tag == "?";
    node.value = value;
    finish(node);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    start(SourceNode::Kind::sequence, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    start(SourceNode::Kind::mapping, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

  void end_of_document() {
    if (last_ != nullptr) last_->next = text_.size();
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
  /// Where a node goes that is complete.
  SourceNode& slot() {
    if (open_.empty()) return tree_.documents.back().root;
    return collected_[open_.size() - 1].emplace_back();
  }
  /// The innermost collection gets its children, in a vector that is no larger than they are: files have many.
  void close() {
    std::vector<SourceNode>& children = collected_[open_.size() - 1];
    SourceNode node = std::move(open_.back());
    open_.pop_back();
    const bool is_last = !children.empty() && last_ == &children.back();
    node.children.assign(std::make_move_iterator(children.begin()), std::make_move_iterator(children.end()));
    children.clear();
    if (is_last) last_ = &node.children.back();
    slot() = std::move(node);
  }
  /// Before anything moves it.
  void end_last(const YAML::Mark& mark) {
    if (last_ != nullptr) last_->next = offset(mark);
    last_ = nullptr;
  }
  void fill(SourceNode& node, SourceNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (++nodes_ > max_nodes) refuse(offset(mark), "the file has too many values", "split it", ErrorCode::not_editable);
    node.kind = kind;
    node.start = offset(mark);
    node.anchor = anchor;
    const bool tagged = !tag.empty() && tag != "?" && tag != "!";
    if (tagged || !anchor_name_.empty())
      node.properties = std::make_unique<SourceNode::Properties>(
          SourceNode::Properties{.tag = tagged ? tag : "", .anchor_name = std::exchange(anchor_name_, {})});
  }
  SourceNode& add(SourceNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    end_last(mark);
    SourceNode& node = slot();
    fill(node, kind, mark, tag, anchor);
    return node;
  }
  void finish(SourceNode& node) { last_ = &node; }
  void start(SourceNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    end_last(mark);
    SourceNode& node = open_.emplace_back();
    if (collected_.size() < open_.size()) collected_.emplace_back();
    fill(node, kind, mark, tag, anchor);
    node.flow = style == YAML::EmitterStyle::Flow;
    if (node.flow && text_.at(node.start) == '{' && text_.at(node.start + 1) == '{')
      refuse(node.start, "an unquoted template expression '{{' stands where a value is",
             "values files are edited, templates are not: quote it or name another file", ErrorCode::not_editable);
  }

  const SourceText& text_;
  SourceTree& tree_;
  /// Collections that have not ended yet, and by their depth the children so far.
  std::vector<SourceNode> open_;
  std::vector<std::vector<SourceNode>> collected_;
  /// The scalar, alias or null that came last, if nothing has begun since.
  SourceNode* last_ = nullptr;
  std::string anchor_name_;
  std::size_t nodes_ = 0;
};

std::string template_hint(const SourceText& text) {
  return text.bytes().find("{{") == std::string_view::npos ? "correct the file by hand first"
                                                           : "the file contains '{{': is it a template?";
}

}  // namespace

Result<SourceTree> parse_source(const SourceText& text) {
  SourceTree tree;
  // The builder holds pointers to documents' roots while they are open.
  tree.documents.reserve(1024);
  TreeBuilder builder(text, tree);
  ViewBuffer buffer(text.bytes());
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      builder.end_of_document();
      if (tree.documents.size() == 1024)
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
