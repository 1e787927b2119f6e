#include "core/diff.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace samebits {
namespace {

constexpr std::size_t context_lines = 3;
/// Above this many cells the middle is shown as replaced whole: an edit of a few keys never gets there.
constexpr std::size_t max_cells = std::size_t{4} << 20;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// One line of the result: ' ', '-' or '+', and its numbers on both sides (from 0).
struct DiffLine {
  char mark;
  std::string_view text;
  std::size_t left;
  std::size_t right;
};

using Lines = std::vector<std::string_view>;

/// Longest common subsequence of the parts between the common head and tail.
void diff_middle(const Lines& a, const Lines& b, std::size_t head, std::size_t a_end, std::size_t b_end,
                 std::vector<DiffLine>& out) {
  const std::size_t rows = a_end - head;
  const std::size_t columns = b_end - head;
  const bool small = rows * columns <= max_cells;
  std::vector<std::size_t> length(small ? (rows + 1) * (columns + 1) : 0, 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return length[i * (columns + 1) + j]; };
  for (std::size_t i = small ? rows : 0; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (small && i < rows && j < columns && a[head + i] == b[head + j]) {
      out.push_back({' ', a[head + i], head + i, head + j});
      ++i, ++j;
    } else if (i < rows && (!small || j == columns || at(i + 1, j) >= at(i, j + 1))) {
      out.push_back({'-', a[head + i], head + i, head + j});
      ++i;
    } else {
      out.push_back({'+', b[head + j], head + i, head + j});
      ++j;
    }
  }
}

std::vector<DiffLine> diff_lines(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::vector<DiffLine> lines;
  for (std::size_t i = head - std::min(head, context_lines); i < head; ++i) lines.push_back({' ', a[i], i, i});
  diff_middle(a, b, head, a.size() - tail, b.size() - tail, lines);
  for (std::size_t i = 0; i < std::min(tail, context_lines); ++i)
    lines.push_back({' ', a[a.size() - tail + i], a.size() - tail + i, b.size() - tail + i});
  return lines;
}

std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

void write_hunk(const DiffLine* begin, const DiffLine* end, std::string& out) {
  const auto left = static_cast<std::size_t>(std::count_if(begin, end, [](auto& line) { return line.mark != '+'; }));
  const auto right = static_cast<std::size_t>(std::count_if(begin, end, [](auto& line) { return line.mark != '-'; }));
  out += fmt::format("@@ -{} +{} @@\n", range(begin->left, left), range(begin->right, right));
  for (const DiffLine* line = begin; line != end; ++line) {
    out += line->mark;
    out += line->text;
    if (!line->text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(std::string_view file, std::string_view before, std::string_view after, bool before_exists,
                         bool after_exists) {
  if (before == after && before_exists == after_exists) return {};
  file.remove_prefix(std::min(file.find_first_not_of('/'), file.size()));
  std::string out = fmt::format("--- {}\n+++ {}\n", before_exists ? fmt::format("a/{}", file) : "/dev/null",
                                after_exists ? fmt::format("b/{}", file) : "/dev/null");
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<DiffLine> lines = diff_lines(a, b);
  const auto is_change = [](const DiffLine& line) { return line.mark != ' '; };
  std::size_t start = 0;
  while (start < lines.size()) {
    const auto first = static_cast<std::size_t>(
        std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(start), lines.end(), is_change) - lines.begin());
    if (first == lines.size()) break;
    std::size_t last = first;
    for (std::size_t i = first; i < lines.size() && i <= last + 2 * context_lines; ++i)
      if (is_change(lines[i])) last = i;
    const std::size_t from = std::max(start, first - std::min(first, context_lines));
    const std::size_t to = std::min(lines.size(), last + 1 + context_lines);
    write_hunk(lines.data() + from, lines.data() + to, out);
    start = to;
  }
  return out;
}

}  // namespace samebits
