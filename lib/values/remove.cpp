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
  return {dash, std::max<std::size_t>(value.end, dash + 1), std::max<std::size_t>(value.full_end, dash + 1)};
}

/// `begin` to `end` among the children: entries that all go, with a neighbour that stays on one side at least.
struct Run {
  std::size_t begin;
  std::size_t end;
};

std::size_t width_of(const SourceNode& parent) { return parent.kind == SourceNode::Kind::mapping ? 2 : 1; }

/// Runs of entries of `parent` that go.
std::vector<Run> runs_of(const SourceNode& parent) {
  const std::size_t width = width_of(parent);
  std::vector<Run> runs;
  for (std::size_t i = 0; i < parent.children.size(); i += width) {
    if (!parent.children[i + width - 1].is_removed()) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + width;
  }
  return runs;
}

/// The last entries of `{...}` or `[...]` where they have lines of their own: with these lines go their comments, and
/// the comma before them. False where something else stands on the lines.
bool remove_last_lines_from_flow(EditJob& job, const SourceNode& parent, const Run& run) {
  const SourceText& text = job.text;
  const std::size_t comma = text.skip_blanks(entry_at(job, parent, run.begin - 1).end);
  const std::size_t begin = entry_at(job, parent, run.begin + width_of(parent) - 1).begin;
  const std::size_t line = text.line_start(begin);
  std::size_t behind = text.skip_blanks(entry_at(job, parent, run.end - 1).end);
  const bool keeps_comma = text.at(behind) == ',';
  if (keeps_comma) behind = text.skip_blanks(behind + 1);
  if (text.at(comma) != ',' || text.skip_blanks(line) != begin) return false;
  if (text.at(behind) != '#' && behind != text.line_end(behind)) return false;
  if (!keeps_comma) job.splices.push_back({comma, comma + 1, ""});
  job.splices.push_back({line, text.after_break(text.line_end(behind)), ""});
  return true;
}

void remove_from_flow(EditJob& job, const SourceNode& parent, const Run& run) {
  const std::size_t width = width_of(parent);
  const std::size_t last = run.end - 1;
  if (run.end < parent.children.size()) {
    const std::size_t begin = entry_at(job, parent, run.begin + width - 1).begin;
    job.splices.push_back({begin, entry_at(job, parent, last + width).begin, ""});
    return;
  }
  if (remove_last_lines_from_flow(job, parent, run)) return;
  const std::size_t kept_end = entry_at(job, parent, run.begin - 1).end;
  const std::size_t comma = job.text.skip_blanks(kept_end);
  const std::size_t begin = entry_at(job, parent, run.begin + width - 1).begin;
  const std::size_t end = entry_at(job, parent, last).end;
  const bool has_comment = job.text.bytes().substr(kept_end, begin - kept_end).find('#') != std::string_view::npos;
  if (has_comment && job.text.at(comma) == ',') {
    // The comment is about what stays.
    job.splices.push_back({comma, comma + 1, ""});
    job.splices.push_back({begin, end, ""});
  } else {
    job.splices.push_back({kept_end, end, ""});
  }
}

/// Whole lines, each entry for itself: comments between entries stay.
void remove_lines(EditJob& job, const SourceNode& parent, const Run& run) {
  const SourceText& text = job.text;
  const std::size_t width = width_of(parent);
  std::vector<Splice> lines;
  for (std::size_t i = run.begin; i < run.end; i += width) {
    const Entry entry = entry_at(job, parent, i + width - 1);
    const bool keeps = entry.full_end > entry.end;
    const std::size_t begin = text.line_start(entry.begin);
    const std::size_t end = keeps ? entry.full_end : text.after_break(text.line_end(entry.end));
    if (!lines.empty() && lines.back().end == begin) {
      lines.back().end = end;
    } else {
      lines.push_back({begin, end, ""});
    }
  }
  // Without a line break at the end the one before goes.
  Splice& last = lines.back();
  if (last.end >= text.size() && text.at(text.size() - 1) != '\n') last.begin = text.before_break(last.begin);
  for (Splice& splice : lines) job.splices.push_back(std::move(splice));
}

}  // namespace

Result<void> require_removable(const EditJob& job, const SourceNode& node) {
  return require_unshared_inside(job, node);
}

void empty_block(EditJob& job, const SourceNode& parent, const std::string& empty) {
  const SourceText& text = job.text;
  const Entry first = entry_at(job, parent, width_of(parent) - 1);
  const Entry last = entry_at(job, parent, parent.children.size() - 1);
  const SourceNode* above = parent.parent;
  const std::size_t line = text.line_start(first.begin);
  const bool own_line = text.skip_blanks(line) == first.begin;
  if (above == nullptr || !own_line || above->kind != SourceNode::Kind::mapping) {
    job.splices.push_back({first.begin, last.end, empty});
    return;
  }
  const auto& siblings = above->children;
  const auto self =
      std::find_if(siblings.begin(), siblings.end(), [&](const auto& child) { return &child == &parent; });
  const std::size_t colon_end = text.bytes().find(':', (self - 1)->end) + 1;
  job.splices.push_back({colon_end, colon_end, " " + empty});
  job.splices.push_back({text.before_break(line), text.line_end(last.end), ""});
}

void remove_entries(EditJob& job, const SourceNode& parent) {
  const SourceText& text = job.text;
  const std::size_t width = width_of(parent);
  const auto runs = runs_of(parent);
  if (runs.front().end - runs.front().begin == parent.children.size()) {
    if (parent.flow) {
      job.splices.push_back({parent.content + 1, parent.end - 1, ""});
    } else {
      empty_block(job, parent, parent.kind == SourceNode::Kind::mapping ? "{}" : "[]");
    }
    return;
  }
  for (const Run& run : runs) {
    const std::size_t begin = entry_at(job, parent, run.begin + width - 1).begin;
    const bool on_dash_line = text.skip_blanks(text.line_start(begin)) != begin;
    if (parent.flow) {
      remove_from_flow(job, parent, run);
    } else if (on_dash_line && run.end < parent.children.size()) {
      // The first keys on the line of a dash: the next one takes their place.
      job.splices.push_back({begin, entry_at(job, parent, run.end + width - 1).begin, ""});
    } else {
      remove_lines(job, parent, run);
    }
  }
}

}  // namespace samebits::yaml
