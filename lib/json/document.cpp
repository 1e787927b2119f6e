#include <samebits/document.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {

Result<Document> Document::parse(std::string_view json) {
  SB_TRY(auto parsed, parse_json(json, "the document", std::string_view::npos));
  return Document(std::make_shared<const Json>(std::move(parsed)));
}

std::optional<std::string> Document::get(std::string_view pointer) const {
  const Json* found = json_->at_pointer(pointer);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (const std::string* text = found->string()) return *text;
  return write_json(*found);
}

Error parse_error(std::string_view json) {
  const auto parsed = parse_json(json, "the error");
  const Json* part = parsed ? parsed->find("error") : nullptr;
  const auto code = part != nullptr ? error_code_from(part->text("code")) : std::nullopt;
  if (!code)
    return {.code = ErrorCode::bad_answer,
            .message = "a failure without a known code in /error/code",
            .hint = R"(give {"error": {"code": "unreachable", "message": "..."}})"};
  constexpr std::size_t longest = 4096;
  Error error{.code = *code,
              .message = printable(part->text("message"), longest),
              .hint = printable(part->text("hint"), longest),
              .remote = printable(part->text("remote"), longest),
              .operation = printable(part->text("operation"), longest),
              .request_id = printable(part->text("requestId"), longest)};
  if (const Json* status = part->find("httpStatus"); status != nullptr && status->integer() != nullptr)
    error.http_status = static_cast<int>(*status->integer());
  if (const Json* after = part->find("retryAfterSeconds"); after != nullptr && after->integer() != nullptr)
    error.retry_after = std::chrono::seconds(*after->integer());
  if (const Json* unknown = part->find("outcomeUnknown"); unknown != nullptr && unknown->boolean() != nullptr)
    error.outcome_unknown = *unknown->boolean();
  return error;
}

}  // namespace samebits
