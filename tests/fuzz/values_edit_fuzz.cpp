#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/values_file.hpp>

namespace {

using namespace samebits;

/// The edits stand in the lines before the first one that is `%`: `=image.tag=v1` sets, `+` inserts, `>` appends,
/// `-image.tag` deletes.
std::vector<ValuesEdit> edits_of(std::string_view lines) {
  std::vector<ValuesEdit> edits;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.empty()) continue;
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
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find("%\n");
  if (end == std::string_view::npos) return 0;
  const auto edits = edits_of(input.substr(0, end));
  const auto edited = edit_values(input.substr(end + 2), edits, {.max_bytes = std::size_t{1} << 20});
  if (edited) require_settled(edited->bytes, edits);
  return 0;
}
