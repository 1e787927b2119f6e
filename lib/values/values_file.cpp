#include <samebits/values_file.hpp>

#include "core/try.hpp"
#include "values/source_tree.hpp"

namespace samebits {

Result<ValuesFile> ValuesFile::parse(std::string bytes, EditOptions options) {
  const yaml::SourceText text(bytes, options.file);
  SB_CHECK(yaml::require_readable(text, options.max_bytes));
  SB_CHECK(yaml::parse_source(text));
  return ValuesFile(std::move(bytes), std::move(options));
}

Result<std::vector<ValueChange>> ValuesFile::edit(std::span<const ValuesEdit> edits) {
  SB_TRY(auto edited, edit_values(bytes_, edits, options_));
  bytes_ = std::move(edited.bytes);
  return std::move(edited.changes);
}

Result<std::optional<FoundValue>> ValuesFile::get(const ValuePath& path) const {
  SB_TRY(auto found, read_values(bytes_, std::span(&path, 1), options_));
  return std::move(found.front());
}

}  // namespace samebits
