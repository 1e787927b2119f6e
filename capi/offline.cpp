// Operations that need no client.
#include "guard.hpp"

using namespace samebits;
using samebits::capi::guard;
using samebits::capi::Outcome;

namespace {

template <class Document>
Result<Outcome> to_outcome(const Result<Document>& document) {
  if (!document) return document.error();
  return Outcome{.json = to_json(*document)};
}
Result<Outcome> to_outcome(Result<Outcome> outcome) { return outcome; }

/// Runs an operation that needs no client: the request is parsed, then `act` has it.
template <class Request, class Act>
sb_code operate(const char* request_json, sb_result** result, Result<Request> (*parse)(std::string_view),
                Act act) noexcept {
  return guard(result, [&]() -> Result<Outcome> {
    const Result<Request> request = parse(capi::request_text(request_json));
    if (!request) return request.error();
    return to_outcome(act(*request));
  });
}

Result<std::string_view> bytes_of(const void* bytes, std::size_t size) {
  if (bytes != nullptr) return std::string_view(static_cast<const char*>(bytes), size);
  if (size == 0) return std::string_view();
  return Error{.code = ErrorCode::bad_request,
               .message = "the bytes are NULL and their size is not 0",
               .hint = "give the address of the file's bytes"};
}

}  // namespace

sb_code sb_init(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_init_request, [](const InitFolderRequest& request) -> Result<Outcome> {
    const auto& [folder, init] = request;
    return init.dry_run ? to_outcome(plan_init_folder(folder, init)) : to_outcome(init_folder(folder, init));
  });
}

sb_code sb_tag_parse(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_tag_parse_request, parse_tag);
}

sb_code sb_tag_format(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_tag_format_request, format_tag);
}

sb_code sb_tag_sort(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_tag_sort_request, sort_tags);
}

sb_code sb_values_set(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_values_set_request, edit_values_file);
}

sb_code sb_values_delete(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_values_delete_request, edit_values_file);
}

sb_code sb_values_append(sb_client*, const char* request_json, sb_result** result) {
  return operate(request_json, result, parse_values_append_request, edit_values_file);
}

sb_code sb_values_get(sb_client*, const char* request_json, sb_result** result) {
  return guard(result, [&]() -> Result<Outcome> {
    const auto request = parse_values_get_request(capi::request_text(request_json));
    if (!request) return request.error();
    const auto values = get_values_file(*request);
    if (!values) return values.error();
    return Outcome{.json = to_json(*values, request->file)};
  });
}

sb_code sb_values_read(const void* bytes, size_t size, const char* request_json, sb_result** result) {
  return guard(result, [&]() -> Result<Outcome> {
    const auto request = parse_values_get_request(capi::request_text(request_json));
    if (!request) return request.error();
    const auto text = bytes_of(bytes, size);
    if (!text) return text.error();
    const auto values = get_values(*text, *request);
    if (!values) return values.error();
    return Outcome{.json = to_json(*values, request->file)};
  });
}

sb_code sb_values_edit(const void* bytes, size_t size, const char* request_json, sb_result** result) {
  return guard(result, [&]() -> Result<Outcome> {
    const auto request = parse_values_edit_request(capi::request_text(request_json));
    if (!request) return request.error();
    const auto text = bytes_of(bytes, size);
    if (!text) return text.error();
    auto edit = edit_values(*text, *request);
    if (!edit) return std::move(edit).error();
    std::string json = to_json(*edit);
    return Outcome{.json = std::move(json), .bytes = std::move(edit->edited.bytes)};
  });
}
