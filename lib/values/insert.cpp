#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "values/edit_job.hpp"

namespace samebits::yaml {
namespace {

/// The last child that stays; null where none does.
const SourceNode* last_kept(const SourceNode& parent) {
  const auto found = std::find_if(parent.children.rbegin(), parent.children.rend(), [&](const SourceNode& child) {
    const auto index = &child - parent.children.data();
    const bool is_value = parent.kind != SourceNode::Kind::mapping || index % 2 == 1;
    return is_value && !child.is_removed();
  });
  return found == parent.children.rend() ? nullptr : &*found;
}

Error nothing_kept(const EditJob& job, const SourceNode& parent) {
  return job.text.error(ErrorCode::overlapping_edits, parent.start,
                        "the same call removes all that is there and adds to it", "set the whole value instead");
}

/// Behind the last line of a node, where new lines go: before the line break, or after the blank lines of a `|+`.
void splice_lines(EditJob& job, const SourceNode& last, std::string lines, std::string_view line_break) {
  const SourceText& text = job.text;
  if (last.full_end > last.end && last.full_end > text.line_end(last.end)) {
    // The lines come with their breaks in front; behind blank lines that count they need them at the end.
    job.splices.push_back({last.full_end, last.full_end, lines.substr(line_break.size()) + std::string(line_break)});
    return;
  }
  const std::size_t end = text.line_end(last.end);
  job.splices.push_back({end, end, std::move(lines)});
}

std::string flow_entries(const EditJob& job, const SourceNode& parent, const Json::Object& entries) {
  const bool as_json = is_json(job.text, parent);
  const std::string all = flow_of(Json(entries), job.habits.quote, as_json);
  return all.substr(1, all.size() - 2);
}

/// Into `{...}` or `[...]`, behind the last child and a comma that may follow it.
void splice_flow(EditJob& job, const SourceNode& parent, const std::string& inner) {
  if (parent.children.empty()) {
    job.splices.push_back({parent.content + 1, parent.end - 1, inner});
    return;
  }
  const std::size_t end = last_kept(parent)->end;
  const std::size_t next = job.text.skip_blanks(end);
  if (job.text.at(next) == ',') {
    job.splices.push_back({next + 1, next + 1, " " + inner});
  } else {
    job.splices.push_back({end, end, ", " + inner});
  }
}

/// A file or document with nothing in it yet.
void splice_root(EditJob& job, const SourceNode& root, std::string lines, std::string_view line_break) {
  const SourceText& text = job.text;
  const SourceDocument& document = job.document_of(root);
  if (document.explicit_start) {
    const std::size_t end = text.line_end(document.start);
    // Comments below the marker stay above what is added only at the end of the file.
    const bool last = &document == &job.tree.documents.back();
    if (!last || text.bytes().substr(end).find_first_not_of(" \t\r\n") == std::string_view::npos) {
      job.splices.push_back({end, end, std::move(lines)});
      return;
    }
  }
  std::size_t at = text.size();
  if (const auto marker = text.bytes().rfind("\n..."); marker != std::string_view::npos) at = marker + 1;
  const bool fresh_line = at == text.bom() || text.at(at - 1) == '\n';
  if (!fresh_line) {
    job.splices.push_back({at, at, std::move(lines)});
  } else {
    job.splices.push_back({at, at, lines.substr(line_break.size()) + std::string(line_break)});
  }
}

Result<void> below_empty(EditJob& job, SourceNode& parent, const Json& value, std::size_t step) {
  const SourceText& text = job.text;
  const std::string_view line_break = text.line_break(parent.end);
  if (parent.parent == nullptr) {
    splice_root(job, parent, block_lines(job, value, 0, line_break), line_break);
    return {};
  }
  const SourceNode& above = *parent.parent;
  if (!parent.empty || above.kind != SourceNode::Kind::mapping)
    return text.error(ErrorCode::not_editable, parent.start, "an explicit null or an empty list item stands there",
                      "in Helm a null deletes the default: replace it by hand if keys are to go there");
  if (above.flow) {
    job.splices.push_back({parent.end, parent.end, " " + flow_of(value, job.habits.quote, is_json(text, above))});
    return {};
  }
  const std::size_t end = text.line_end(parent.end);
  job.splices.push_back({end, end, block_lines(job, value, text.column(above.content) + step, line_break)});
  return {};
}

}  // namespace

Result<void> insert_entries(EditJob& job, SourceNode& parent, const Json& entries) {
  const SourceNode* last = last_kept(parent);
  if (last == nullptr && !parent.children.empty()) return nothing_kept(job, parent);
  auto& added = job.wish(parent).added;
  for (const auto& [key, value] : *entries.object()) added.emplace_back(key, value);
  if (parent.kind == SourceNode::Kind::null) return below_empty(job, parent, entries, job.habits.step);
  if (parent.flow) {
    splice_flow(job, parent, flow_entries(job, parent, *entries.object()));
    return {};
  }
  const std::string_view line_break = job.text.line_break(job.text.line_start(last->end));
  splice_lines(job, *last, block_lines(job, entries, job.text.column(parent.content), line_break), line_break);
  return {};
}

Result<void> append_items(EditJob& job, SourceNode& list, const Json::Array& items) {
  const SourceNode* last = last_kept(list);
  if (last == nullptr && !list.children.empty()) return nothing_kept(job, list);
  auto& added = job.wish(list).added;
  for (const Json& item : items) added.emplace_back("", item);
  if (list.kind == SourceNode::Kind::null) return below_empty(job, list, Json(items), job.habits.list_step);
  if (list.flow) {
    const std::string all = flow_of(Json(items), job.habits.quote, is_json(job.text, list));
    splice_flow(job, list, all.substr(1, all.size() - 2));
    return {};
  }
  const std::string_view line_break = job.text.line_break(job.text.line_start(last->end));
  splice_lines(job, *last, block_lines(job, Json(items), job.text.column(list.content), line_break), line_break);
  return {};
}

}  // namespace samebits::yaml
