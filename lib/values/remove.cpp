#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

Result<void> require_unshared_inside(const EditJob& job, const SourceNode& node) {
  if (job.tree.is_shared(node))
    return job.text.error(ErrorCode::shared_anchor, node.start, "an alias uses an anchor in what would be removed",
                          "write the value out where the alias is, then remove this");
  for (const SourceNode& child : node.children) SB_CHECK(require_unshared_inside(job, child));
  return {};
}

/// One entry of a collection: an item, or a key with its value.
struct Entry {
  std::size_t begin;
  std::size_t end;
  std::size_t full_end;
};

Entry entry_at(const EditJob& job, const SourceNode& parent, std::size_t index) {
  const SourceNode& value = parent.children[index];
  if (parent.kind == SourceNode::Kind::mapping) {
    const SourceNode& key = parent.children[index - 1];
    return {key.start, std::max(value.end, key.end), std::max(value.full_end, key.end)};
  }
  if (parent.flow) return {value.start, value.end, value.full_end};
  // A block item begins at its dash.
  std::size_t dash = job.text.bytes().rfind('-', value.start == 0 ? 0 : value.start - (value.empty ? 0 : 1));
  if (dash == std::string_view::npos) dash = value.start;
  return {dash, std::max(value.end, dash + 1), std::max(value.full_end, dash + 1)};
}

void remove_from_flow(EditJob& job, const SourceNode& parent, std::size_t index, std::size_t width) {
  const Entry entry = entry_at(job, parent, index);
  const bool first = index < width;
  const bool last = index + 1 == parent.children.size();
  if (first && last) {
    job.splices.push_back({parent.content + 1, parent.end - 1, ""});
  } else if (last) {
    job.splices.push_back({entry_at(job, parent, index - width).end, entry.end, ""});
  } else {
    job.splices.push_back({entry.begin, entry_at(job, parent, index + width).begin, ""});
  }
}

/// The only entry of a block collection: what is left is `{}` or `[]` behind the key above, or at the root.
void remove_last_left(EditJob& job, const SourceNode& parent, const Entry& entry) {
  const SourceText& text = job.text;
  const std::string empty = parent.kind == SourceNode::Kind::mapping ? "{}" : "[]";
  const SourceNode* above = parent.parent;
  const std::size_t line = text.line_start(entry.begin);
  const bool own_line = text.skip_blanks(line) == entry.begin;
  if (above == nullptr || !own_line || above->kind != SourceNode::Kind::mapping) {
    job.splices.push_back({entry.begin, entry.end, empty});
    return;
  }
  const auto& siblings = above->children;
  const auto self =
      std::find_if(siblings.begin(), siblings.end(), [&](const auto& child) { return &child == &parent; });
  const std::size_t colon_end = text.bytes().find(':', (self - 1)->end) + 1;
  job.splices.push_back({colon_end, colon_end, " " + empty});
  const std::size_t before = line >= 2 && text.at(line - 2) == '\r' ? line - 2 : line - std::min<std::size_t>(line, 1);
  job.splices.push_back({before, text.line_end(entry.end), ""});
}

}  // namespace

Result<void> remove_entry(EditJob& job, SourceNode& parent, std::size_t index) {
  const SourceText& text = job.text;
  const std::size_t width = parent.kind == SourceNode::Kind::mapping ? 2 : 1;
  SourceNode& value = parent.children[index];
  SB_CHECK(require_unshared_inside(job, value));
  job.wish(value).removed = true;
  if (parent.flow) {
    remove_from_flow(job, parent, index, width);
    return {};
  }
  const Entry entry = entry_at(job, parent, index);
  if (parent.children.size() == width) {
    remove_last_left(job, parent, entry);
    return {};
  }
  const std::size_t line = text.line_start(entry.begin);
  if (text.skip_blanks(line) != entry.begin && index + 1 < parent.children.size()) {
    // The first key on the line of a dash: the next one takes its place.
    job.splices.push_back({entry.begin, entry_at(job, parent, index + width).begin, ""});
    return {};
  }
  const std::size_t last_line = entry.full_end > entry.end ? entry.full_end : text.line_end(entry.end);
  const std::size_t end = entry.full_end > entry.end ? entry.full_end : text.after_break(last_line);
  const bool at_end = end >= text.size() && text.at(text.size() - 1) != '\n' && line > 0;
  if (at_end) {
    const std::size_t before = line >= 2 && text.at(line - 2) == '\r' ? line - 2 : line - 1;
    job.splices.push_back({before, text.size(), ""});
  } else {
    job.splices.push_back({line, end, ""});
  }
  return {};
}

}  // namespace samebits::yaml
