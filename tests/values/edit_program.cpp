// Edits files for scripts, many in one process. A request is one line of JSON and then `size` bytes of YAML:
//   {"size": 12, "edits": [{"action": "set", "path": "image.tag", "value": "v1"}], "document"?, "throughAnchor"?}
// The answer is one line of JSON and then `size` bytes:
//   {"size": 12, "changes": 1}   or   {"size": 0, "error": {"code", "line", "column", "message", "hint"}}
#include <iostream>
#include <string>
#include <vector>

#include <samebits/values_file.hpp>

#include "core/try.hpp"
#include "json/json.hpp"

namespace {

using namespace samebits;

Result<ValuesEdit::Action> action_from(const std::string& name) {
  if (name == "set") return ValuesEdit::Action::set;
  if (name == "create") return ValuesEdit::Action::set_or_insert;
  if (name == "present") return ValuesEdit::Action::set_if_present;
  if (name == "delete") return ValuesEdit::Action::remove;
  if (name == "append") return ValuesEdit::Action::append;
  return Error{.code = ErrorCode::bad_request, .message = "no action is called '" + name + "'"};
}

Result<std::vector<ValuesEdit>> edits_of(const Json& request) {
  std::vector<ValuesEdit> edits;
  const Json* listed = request.find("edits");
  if (listed == nullptr || listed->array() == nullptr)
    return Error{.code = ErrorCode::bad_request, .message = "a request has no edits"};
  for (const Json& edit : *listed->array()) {
    SB_TRY(const auto action, action_from(edit.text("action")));
    SB_TRY(auto path, ValuePath::parse(edit.text("path")));
    const Json* value = edit.find("value");
    edits.push_back({.action = action,
                     .path = std::move(path),
                     .value = {.text = value == nullptr ? "null" : write_json(*value), .json = true}});
  }
  return edits;
}

Result<EditedValues> answer(const Json& request, const std::string& bytes) {
  SB_TRY(const auto edits, edits_of(request));
  const Json* through = request.find("throughAnchor");
  return edit_values(bytes, edits,
                     {.through_anchor = through != nullptr && through->boolean() != nullptr && *through->boolean(),
                      .document = request.text("document")});
}

Json error_json(const Error& error) {
  return Json::Object{{"code", std::string(to_string(error.code))},
                      {"line", error.where.line},
                      {"column", error.where.column},
                      {"message", error.message},
                      {"hint", error.hint}};
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = parse_json(line, "the request");
    const Json* size = request ? request->find("size") : nullptr;
    if (size == nullptr || size->integer() == nullptr) return 2;
    std::string bytes(static_cast<std::size_t>(*size->integer()), '\0');
    std::cin.read(bytes.data(), *size->integer());
    const auto edited = answer(*request, bytes);
    if (edited) {
      std::cout << write_json(Json::Object{{"size", static_cast<std::int64_t>(edited->bytes.size())},
                                           {"changes", static_cast<std::int64_t>(edited->changes.size())}})
                << '\n'
                << edited->bytes;
    } else {
      std::cout << write_json(Json::Object{{"size", 0}, {"error", error_json(edited.error())}}) << '\n';
    }
    std::cout.flush();
  }
  return 0;
}
