#include "values/case_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/text.hpp"
#include "core/try.hpp"
#include "support/must.hpp"

namespace samebits::test {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Result<std::vector<ValuesEdit>> read_edits(const std::string& lines, EditOptions& options) {
  std::vector<ValuesEdit> edits;
  auto action = ValuesEdit::Action::set;
  for (const std::string_view line : split(lines, '\n')) {
    if (line.empty()) continue;
    if (line == "set") {
      action = ValuesEdit::Action::set;
    } else if (line == "--create") {
      action = ValuesEdit::Action::set_or_insert;
    } else if (line == "delete") {
      action = ValuesEdit::Action::remove;
    } else if (line == "append") {
      action = ValuesEdit::Action::append;
    } else if (line == "--through-anchor") {
      options.through_anchor = true;
    } else if (line.starts_with("--document=")) {
      options.document = line.substr(std::string_view("--document=").size());
    } else if (action == ValuesEdit::Action::remove) {
      SB_TRY(auto path, ValuePath::parse(line));
      edits.push_back({.action = action, .path = std::move(path)});
    } else {
      SB_TRY(auto edit, parse_assignment(line, action));
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

CaseFolder read_folder(const std::filesystem::path& folder) {
  CaseFolder read{.name = folder.filename().string(), .in = bytes_of(folder / "in.yaml")};
  read.options.file = "in.yaml";
  read.edits = read_edits(bytes_of(folder / "set.txt"), read.options);
  if (exists(folder / "out.yaml")) read.out = bytes_of(folder / "out.yaml");
  if (exists(folder / "error.json")) read.error = must(parse_json(bytes_of(folder / "error.json"), "error.json"));
  return read;
}

}  // namespace

std::vector<CaseFolder> case_folders(const std::filesystem::path& folder) {
  std::vector<CaseFolder> folders;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_directory()) folders.push_back(read_folder(entry.path()));
  std::sort(folders.begin(), folders.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return folders;
}

}  // namespace samebits::test
