#include <samebits/documents.hpp>
#include <samebits/local_file.hpp>
#include <samebits/values_requests.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "system/files.hpp"
#include "values/require_values.hpp"

namespace samebits {
namespace {

Result<std::string> read_values_file(const std::string& file) {
  if (file.empty())
    return Error{.code = ErrorCode::bad_request, .message = "the request lacks 'file'", .hint = "name the YAML file"};
  SB_TRY(auto bytes, read_file(file));
  if (bytes) return *std::move(bytes);
  return Error{.code = ErrorCode::file_missing,
               .message = fmt::format("there is no file '{}'", printable(file)),
               .hint = "check the path",
               .where = {.file = file}};
}

}  // namespace

Result<ValuesFileEdit> edit_values(std::string_view bytes, const ValuesEditRequest& request) {
  SB_TRY(auto edited,
         edit_values(bytes, request.edits,
                     {.file = request.file, .through_anchor = request.through_anchor, .document = request.document}));
  std::string diff = diff_of(request.file, bytes, edited.bytes);
  return ValuesFileEdit{.file = request.file, .edited = std::move(edited), .diff = std::move(diff)};
}

Result<ValuesFileEdit> edit_values_file(const ValuesEditRequest& request) {
  SB_TRY(const auto bytes, read_values_file(request.file));
  SB_TRY(auto edit, edit_values(bytes, request));
  if (!request.dry_run && edit.edited.bytes != bytes) {
    const LocalFileChange change{.path = request.file, .before = bytes, .after = edit.edited.bytes};
    SB_CHECK(replace_local_files({&change, 1}));
  }
  return edit;
}

Result<std::vector<FoundValue>> get_values(std::string_view bytes, const ValuesGetRequest& request) {
  return require_values(bytes, request.paths, {.file = request.file, .document = request.document});
}

Result<std::vector<FoundValue>> get_values_file(const ValuesGetRequest& request) {
  SB_TRY(const auto bytes, read_values_file(request.file));
  return get_values(bytes, request);
}

}  // namespace samebits
