#include <algorithm>
#include <map>

#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

/// Counts what a file does, so that an insertion does the same.
struct Counts {
  std::map<std::size_t, std::size_t> steps;
  std::map<std::size_t, std::size_t> list_steps;
  std::size_t single_quoted = 0;
  std::size_t double_quoted = 0;
};

void count(const SourceText& text, const SourceNode& node, Counts& counts) {
  if (node.kind == SourceNode::Kind::scalar && text.at(node.content) == '\'') ++counts.single_quoted;
  if (node.kind == SourceNode::Kind::scalar && text.at(node.content) == '"') ++counts.double_quoted;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const SourceNode& child = node.children[i];
    if (node.kind == SourceNode::Kind::mapping && !node.flow && i % 2 == 1 && child.is_collection() && !child.flow) {
      const std::size_t from = text.column(node.content);
      const std::size_t to = text.column(child.content);
      if (child.kind == SourceNode::Kind::mapping && to > from) ++counts.steps[to - from];
      if (child.kind == SourceNode::Kind::sequence && to >= from) ++counts.list_steps[to - from];
    }
    count(text, child, counts);
  }
}

std::size_t most_frequent(const std::map<std::size_t, std::size_t>& counts, std::size_t fallback) {
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? fallback : most->first;
}

}  // namespace

Habits habits_of(const SourceText& text, const SourceTree& tree) {
  Counts counts;
  for (const SourceDocument& document : tree.documents) count(text, document.root, counts);
  Habits habits;
  habits.quote = counts.single_quoted > counts.double_quoted ? Quote::single_quoted : Quote::double_quoted;
  habits.step = most_frequent(counts.steps, 2);
  habits.list_step = most_frequent(counts.list_steps, habits.step);
  return habits;
}

bool is_json(const SourceText& text, const SourceNode& collection) {
  for (const SourceNode* node = &collection; node != nullptr && node->flow; node = node->parent) {
    if (node->kind != SourceNode::Kind::mapping || node->children.empty()) continue;
    for (std::size_t i = 0; i < node->children.size(); i += 2)
      if (text.at(node->children[i].content) != '"') return false;
    return true;
  }
  return false;
}

std::string block_lines(const EditJob& job, const Json& value, std::size_t indent, std::string_view line_break) {
  std::string out;
  const std::string margin = std::string(line_break) + std::string(indent, ' ');
  if (const auto* members = value.object()) {
    for (const auto& [key, member] : *members) out += margin + block_entry(job, key, member, indent, line_break);
  } else if (const auto* items = value.array()) {
    for (const Json& item : *items) {
      const auto* object = item.object();
      if (object != nullptr && !object->empty()) {
        // The first entry stands on the line of the dash.
        out += margin + "- " + block_lines(job, item, indent + 2, line_break).substr(margin.size() + 2);
      } else {
        out += margin + "- " + flow_of(item, job.habits.quote);
      }
    }
  }
  return out;
}

std::string block_entry(const EditJob& job, std::string_view key, const Json& value, std::size_t indent,
                        std::string_view line_break) {
  const std::string out = quote_scalar(key, Quote::plain, job.habits.quote, false) + ":";
  const bool lines =
      (value.object() != nullptr && !value.object()->empty()) || (value.array() != nullptr && !value.array()->empty());
  if (!lines) {
    const bool collection = value.object() != nullptr || value.array() != nullptr;
    return out + " " + (collection ? flow_of(value, job.habits.quote) : scalar_of(value, job.habits.quote, false));
  }
  return out + block_lines(job, value, indent + (value.array() != nullptr ? job.habits.list_step : job.habits.step),
                           line_break);
}

}  // namespace samebits::yaml
