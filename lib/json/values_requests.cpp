#include "json/request_reader.hpp"

namespace samebits {
namespace {

Result<ValuesEdit> removal(std::string_view path) {
  SB_TRY(auto parsed, ValuePath::parse(path));
  return ValuesEdit{.action = ValuesEdit::Action::remove, .path = std::move(parsed)};
}

/// An assignment: `PATH=TEXT` or `PATH:=JSON` as on the command line, or {"path": PATH, "value": any}.
Result<ValuesEdit> assignment(const Json& item, std::string_view member, ValuesEdit::Action action) {
  if (const std::string* text = item.string()) return parse_assignment(*text, action);
  const Json* path = item.find("path");
  const Json* value = item.find("value");
  if (path == nullptr || path->string() == nullptr || value == nullptr || item.object()->size() != 2)
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("an item of '{}' is no assignment", member),
                 .hint = R"(write "PATH=TEXT", "PATH:=JSON" or {"path": PATH, "value": ANY})"};
  SB_TRY(auto parsed, ValuePath::parse(*path->string()));
  const std::string* text = value->string();
  return ValuesEdit{.action = action,
                    .path = std::move(parsed),
                    .value = {.text = text != nullptr ? *text : write_json(*value), .json = text == nullptr}};
}

Result<void> add_assignments(const Json* items, std::string_view member, ValuesEdit::Action action,
                             std::vector<ValuesEdit>& edits) {
  if (items == nullptr) return {};
  const Json::Array one{*items};
  for (const Json& item : items->array() != nullptr ? *items->array() : one) {
    SB_TRY(auto edit, assignment(item, member, action));
    edits.push_back(std::move(edit));
  }
  return {};
}

Result<void> add_removals(const std::vector<std::string>& paths, std::vector<ValuesEdit>& edits) {
  for (const std::string& path : paths) {
    SB_TRY(auto edit, removal(path));
    edits.push_back(std::move(edit));
  }
  return {};
}

Result<void> require_edits(const std::vector<ValuesEdit>& edits, std::string_view member) {
  if (!edits.empty()) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("the request lacks '{}'", member),
               .hint = "say at least one"};
}

/// The members that every edit has.
RequestReader& common(RequestReader& reader, ValuesEditRequest& request) {
  return reader.text("document", request.document).flag("throughAnchor", request.through_anchor);
}

ValuesEdit::Action set_action(bool create) {
  return create ? ValuesEdit::Action::set_or_insert : ValuesEdit::Action::set;
}

}  // namespace

Result<ValuesGetRequest> parse_values_get_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ValuesGetRequest request;
  std::vector<std::string> paths;
  SB_CHECK(reader.text("file", request.file).texts("paths", paths).text("document", request.document).finish());
  for (const std::string& text : paths) {
    SB_TRY(auto path, ValuePath::parse(text));
    request.paths.push_back(std::move(path));
  }
  return request;
}

Result<ValuesEditRequest> parse_values_set_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ValuesEditRequest request;
  const Json* assignments = nullptr;
  bool create = false;
  SB_CHECK(common(reader, request)
               .required("file", request.file)
               .any("assignments", assignments)
               .flag("create", create)
               .flag("dryRun", request.dry_run)
               .finish());
  SB_CHECK(add_assignments(assignments, "assignments", set_action(create), request.edits));
  SB_CHECK(require_edits(request.edits, "assignments"));
  return request;
}

Result<ValuesEditRequest> parse_values_delete_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ValuesEditRequest request;
  std::vector<std::string> paths;
  SB_CHECK(common(reader, request)
               .required("file", request.file)
               .texts("paths", paths)
               .flag("dryRun", request.dry_run)
               .finish());
  SB_CHECK(add_removals(paths, request.edits));
  SB_CHECK(require_edits(request.edits, "paths"));
  return request;
}

Result<ValuesEditRequest> parse_values_append_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ValuesEditRequest request;
  const Json* assignments = nullptr;
  SB_CHECK(common(reader, request)
               .required("file", request.file)
               .any("assignments", assignments)
               .flag("dryRun", request.dry_run)
               .finish());
  SB_CHECK(add_assignments(assignments, "assignments", ValuesEdit::Action::append, request.edits));
  SB_CHECK(require_edits(request.edits, "assignments"));
  return request;
}

Result<ValuesEditRequest> parse_values_edit_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ValuesEditRequest request{.file = "values.yaml", .edits = {}};
  const Json* set = nullptr;
  const Json* append = nullptr;
  std::vector<std::string> removed;
  bool create = false;
  SB_CHECK(common(reader, request)
               .text("file", request.file)
               .any("set", set)
               .texts("delete", removed)
               .any("append", append)
               .flag("create", create)
               .finish());
  SB_CHECK(add_assignments(set, "set", set_action(create), request.edits));
  SB_CHECK(add_removals(removed, request.edits));
  SB_CHECK(add_assignments(append, "append", ValuesEdit::Action::append, request.edits));
  return request;
}

}  // namespace samebits
