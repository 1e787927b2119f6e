#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/values_file.hpp>

#include "lines_and_file.hpp"

namespace {

using namespace samebits;

/// `=image.tag=v1` sets, `+` inserts, `>` appends, `-image.tag` deletes.
std::vector<ValuesEdit> edits_of(const std::vector<std::string_view>& lines) {
  std::vector<ValuesEdit> edits;
  for (const std::string_view line : lines) {
    if (line.front() == '-') {
      if (auto path = ValuePath::parse(line.substr(1)))
        edits.push_back({.action = ValuesEdit::Action::remove, .path = *std::move(path)});
      continue;
    }
    const auto action = line.front() == '+'   ? ValuesEdit::Action::set_or_insert
                        : line.front() == '>' ? ValuesEdit::Action::append
                                              : ValuesEdit::Action::set;
    if (auto edit = parse_assignment(line.substr(1), action)) edits.push_back(*std::move(edit));
  }
  return edits;
}

/// What was set is found again, and setting it again changes nothing.
void require_settled(const std::string& bytes, const std::vector<ValuesEdit>& edits) {
  std::vector<ValuesEdit> again;
  for (const ValuesEdit& edit : edits)
    if (edit.action == ValuesEdit::Action::set || edit.action == ValuesEdit::Action::set_or_insert)
      again.push_back(edit);
  if (again.size() != edits.size()) return;
  const auto second = edit_values(bytes, again);
  if (!second || second->bytes != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = lines_and_file(data, size);
  if (!input) return 0;
  const auto edits = edits_of(input->lines);
  const auto edited = edit_values(input->file, edits, {.max_bytes = std::size_t{1} << 20});
  if (edited) require_settled(edited->bytes, edits);
  return 0;
}
