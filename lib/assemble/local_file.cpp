#include <algorithm>
#include <filesystem>
#include <vector>

#include <samebits/local_file.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace samebits {
namespace {

/// The file that a symbolic link names in the end.
std::filesystem::path followed(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  return failure ? std::filesystem::path(path) : real;
}

Result<void> require_unchanged(const LocalFileChange& change) {
  SB_TRY(const auto now, read_file(change.path, std::max(change.before.size() + 1, std::size_t{1} << 20)));
  if (now == change.before) return {};
  return Error{.code = ErrorCode::lost_race,
               .message = fmt::format("the file '{}' was changed by somebody else meanwhile", printable(change.path)),
               .hint = "run it again",
               .where = {.file = change.path}};
}

/// Takes back what was done before `error` happened.
Error taken_back(Error error, std::span<const LocalFileChange> done) {
  for (const LocalFileChange& change : done)
    if (!write_local_file(change.path, change.before))
      error.message += fmt::format("; '{}' is changed and cannot be changed back", printable(change.path));
  return error;
}

}  // namespace

Result<void> write_local_file(const std::string& path, std::string_view bytes) {
  return replace_file(followed(path), bytes);
}

Result<void> replace_local_files(std::span<const LocalFileChange> changes) {
  std::vector<Replacement> replacements;
  for (const LocalFileChange& change : changes) {
    SB_CHECK(require_unchanged(change));
    SB_TRY(auto replacement, Replacement::prepare(followed(change.path), change.after));
    replacements.push_back(std::move(replacement));
  }
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (auto replaced = replacements[i].commit(); !replaced)
      return taken_back(std::move(replaced).error(), changes.first(i));
  return {};
}

}  // namespace samebits
