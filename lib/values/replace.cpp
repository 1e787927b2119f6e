#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Quote quote_at(const SourceText& text, const SourceNode& node) {
  if (node.kind != SourceNode::Kind::scalar) return Quote::plain;
  if (text.at(node.content) == '"') return Quote::double_quoted;
  if (text.at(node.content) == '\'') return Quote::single_quoted;
  return Quote::plain;
}

bool is_block_scalar(const SourceText& text, const SourceNode& node) {
  return node.kind == SourceNode::Kind::scalar && !node.plain &&
         (text.at(node.content) == '|' || text.at(node.content) == '>');
}

bool in_flow(const SourceNode& node) {
  for (const SourceNode* parent = node.parent; parent != nullptr; parent = parent->parent)
    if (parent->flow) return true;
  return false;
}

/// The lines of a literal block that can carry `value` under the header that is there; nothing if it cannot.
std::optional<std::string> literal_lines(const EditJob& job, const SourceNode& node, const std::string& value) {
  const SourceText& text = job.text;
  const std::size_t header_end = text.line_end(node.content);
  std::size_t at = node.content + 1;
  const bool strips = text.at(at) == '-';
  if (strips) ++at;
  const bool plain_header = text.skip_blanks(at) == header_end || text.at(text.skip_blanks(at)) == '#';
  const bool ends_in_break = value.ends_with('\n') && !value.ends_with("\n\n");
  const std::string_view body = std::string_view(value).substr(0, value.size() - (ends_in_break ? 1 : 0));
  if (!plain_header || strips == ends_in_break || body.empty() || body.front() == ' ' || body.front() == '\n')
    return std::nullopt;
  if (text.at(node.content) == '>' && body.find('\n') != std::string_view::npos) return std::nullopt;
  if (!can_stand_in_block(body)) return std::nullopt;
  const std::size_t first = text.after_break(header_end);
  std::size_t indent_end = first;
  while (text.at(indent_end) == ' ') ++indent_end;
  if (first >= node.end || indent_end == first) return std::nullopt;
  const std::string indent(indent_end - first, ' ');
  const std::string_view line_break = text.line_break(node.content);
  std::string out;
  for (const std::string_view line : split(body, '\n')) {
    if (!out.empty()) out += line_break;
    out += line.empty() ? "" : indent + std::string(line);
  }
  return out;
}

/// Behind the `|+2` of a block scalar; the header's comment follows.
std::size_t indicator_end(const SourceText& text, const SourceNode& node) {
  std::size_t end = node.content + 1;
  while (text.at(end) == '+' || text.at(end) == '-' || (text.at(end) >= '0' && text.at(end) <= '9')) ++end;
  return end;
}

/// Behind the last line of a block scalar, with the blank lines that a `|+` or `>+` takes for its own.
std::size_t block_end(const SourceText& text, const SourceNode& node) {
  const bool whole_lines = node.full_end > node.end && text.at(node.full_end - 1) == '\n';
  return std::max<std::size_t>(node.end, whole_lines ? text.before_break(node.full_end) : std::size_t{node.full_end});
}

void replace_block(EditJob& job, const SourceNode& node, const Json& value) {
  const SourceText& text = job.text;
  const std::size_t header_end = text.line_end(node.content);
  const std::size_t first = text.after_break(header_end);
  if (value.string() != nullptr) {
    if (const auto lines = literal_lines(job, node, *value.string())) {
      job.splices.push_back({first, node.end, *lines});
      return;
    }
  }
  const std::string* const string = value.string();
  // What was a block was no number: quotes say the same of a text that could stand without them.
  const std::string inline_text = string != nullptr ? quote_scalar(*string, job.habits.quote, job.habits.quote, false)
                                                    : flow_of(value, job.habits.quote);
  job.splices.push_back({node.content, indicator_end(text, node), inline_text});
  const std::size_t end = block_end(text, node);
  if (end > header_end) job.splices.push_back({header_end, end, ""});
}

/// Some readers refuse a `:` in plain text inside `{}` and `[]`; where one stands already they do not matter.
bool may_hold_colons(const SourceNode& node, std::string_view text) {
  if (!node.plain || node.value.find(':') == std::string::npos) return false;
  if (text.find_first_of(",[]{}") != std::string_view::npos) return false;
  for (auto at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1))
    if (at + 1 == text.size() || !is_letter_or_digit(text[at + 1])) return false;
  return true;
}

/// A scalar, or a collection on one line, in the place of what is there.
void replace_inline(EditJob& job, const SourceNode& node, const Json& value, bool flow) {
  const bool as_json = node.parent != nullptr && is_json(job.text, *node.parent);
  std::string text;
  if (const std::string* string = value.string()) {
    text = quote_scalar(*string, as_json ? Quote::double_quoted : quote_at(job.text, node), job.habits.quote,
                        flow && !may_hold_colons(node, *string));
  } else {
    text = flow_of(value, job.habits.quote, as_json);
  }
  if (node.empty) {
    const char before = node.end > 0 ? job.text.at(node.end - 1) : '\n';
    if (before != ' ' && before != '\n') text = " " + text;
    const char after = job.text.at(node.end);
    if (after != '\0' && after != ' ' && after != '\n' && after != '\r' && after != ',' && after != '}' && after != ']')
      text += " ";
  }
  job.splices.push_back({node.empty ? node.end : node.content, node.end, text});
}

bool is_large(const Json& value) {
  return (value.object() != nullptr && !value.object()->empty()) ||
         (value.array() != nullptr && !value.array()->empty());
}

/// A collection in block style on the lines below the key; comments on the key's line stay.
void replace_by_lines(EditJob& job, const SourceNode& node, const SourceNode& key, const Json& value) {
  const SourceText& text = job.text;
  const std::size_t indent =
      text.column(node.parent->content) + (value.array() != nullptr ? job.habits.list_step : job.habits.step);
  const std::string lines = block_lines(job, value, indent, text.line_break(key.end));
  // An anchor or tag stays where it is.
  const std::size_t colon_end = text.bytes().find(':', key.end) + 1;
  const bool has_properties = node.content > node.start && text.at(node.start) != '#';
  std::size_t begin = has_properties ? std::size_t{node.content} : colon_end;
  while (has_properties && begin > node.start && is_blank(text.at(begin - 1))) --begin;
  if (is_block_scalar(text, node)) {
    const std::size_t header_end = text.line_end(node.content);
    job.splices.push_back({begin, indicator_end(text, node), ""});
    job.splices.push_back({header_end, std::max(header_end, block_end(text, node)), lines});
    return;
  }
  if (node.end > begin) job.splices.push_back({begin, node.end, ""});
  const std::size_t line_end = text.line_end(node.end);
  job.splices.push_back({line_end, line_end, lines});
}

}  // namespace

Result<void> replace_value(EditJob& job, SourceNode& node, std::size_t index, const Json& value) {
  const SourceText& text = job.text;
  if (node.kind == SourceNode::Kind::alias)
    return text.error(ErrorCode::not_editable, node.start, "the value is an alias of another place",
                      "edit the place that the anchor marks, or write the value out by hand first");
  if (!node.tag().empty() && !(node.tag() == string_tag && value.string() != nullptr))
    return text.error(ErrorCode::not_editable, node.start,
                      fmt::format("the value has the tag '{}'", printable(node.tag())),
                      "remove the tag first, if readers of the file do not need it");
  if (node.is_collection() && !node.flow) return replace_collection(job, node, value);
  job.wish(node).wanted = value;
  const bool flow = in_flow(node);
  const bool block_place =
      node.parent != nullptr && node.parent->kind == SourceNode::Kind::mapping && !flow && !node.is_collection();
  if (is_large(value) && block_place) {
    replace_by_lines(job, node, node.parent->children[index - 1], value);
  } else if (is_block_scalar(text, node)) {
    replace_block(job, node, value);
  } else {
    replace_inline(job, node, value, flow);
  }
  return {};
}

}  // namespace samebits::yaml
