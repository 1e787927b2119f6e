#include "http/status_error.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace samebits::http {
namespace {

struct Row {
  int status;
  ErrorCode code;
  std::string_view hint;
};

constexpr std::string_view credentials_hint = "give credentials for that host, or renew them";
constexpr std::string_view permission_hint = "the credentials are good but may not do this: check their permissions";
constexpr std::string_view certificate_hint = "give a client certificate that it knows, and its key (PEM)";
constexpr std::string_view version_hint = "this server does not offer what is needed here: check its kind and version";

constexpr std::array<Row, 9> rows = {{
    {401, ErrorCode::unauthenticated, credentials_hint},
    {403, ErrorCode::permission_missing, permission_hint},
    {407, ErrorCode::unauthenticated, "the proxy wants credentials: put them into the proxy's URL"},
    {405, ErrorCode::unsupported, version_hint},
    {410, ErrorCode::unsupported, version_hint},
    {415, ErrorCode::unsupported, version_hint},
    {501, ErrorCode::unsupported, version_hint},
    {505, ErrorCode::unsupported, version_hint},
    {429, ErrorCode::rate_limited, "wait and run it again"},
}};

/// nginx and those made of it answer so, as HTML.
bool wants_certificate(const Response& response) {
  return response.status == 400 && response.body.find("SSL certificate") != std::string::npos;
}

Row row_of(const Response& response, const StatusMeaning& meaning) {
  const int status = response.status;
  if (is_rate_limited(response)) return {status, ErrorCode::rate_limited, "wait and run it again"};
  if (wants_certificate(response)) return {status, ErrorCode::unauthenticated, certificate_hint};
  if (status == 404)
    return {status, meaning.not_found, "check the name; servers also say so to those who may not see it"};
  if (status == 409 || status == 412 || status == 422) return {status, meaning.conflict, ""};
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.status == status; });
  if (row != rows.end()) return *row;
  if (is_server_failure(status)) return {status, ErrorCode::server_error, "run it again later"};
  return {status, ErrorCode::bad_answer, ""};
}

/// The text of the first string member called `name`, without a JSON parser: the words are for people only.
std::string json_member(std::string_view body, std::string_view name) {
  const auto key = body.find(fmt::format("\"{}\"", name));
  if (key == std::string_view::npos) return {};
  auto at = body.find_first_not_of(" \t\r\n:", key + name.size() + 2);
  if (at == std::string_view::npos || body[at] != '"') return {};
  std::string text;
  for (++at; at < body.size() && body[at] != '"'; ++at) {
    if (body[at] == '\\' && ++at == body.size()) break;
    text += body[at];
  }
  return text;
}

}  // namespace

bool is_rate_limited(const Response& response) {
  if (response.status == 429) return true;
  if (response.status != 403) return false;
  return response.headers.get("x-ratelimit-remaining") == "0" || response.headers.has("retry-after") ||
         response.body.find("secondary rate limit") != std::string::npos;
}

bool is_server_failure(int status) noexcept {
  return status == 408 || status == 499 || (status >= 500 && status != 501 && status != 505);
}

std::string server_words(const Response& response) {
  if (wants_certificate(response)) return "it wants a client certificate";
  const std::string_view body = trimmed(response.body);
  if (body.empty() || body.front() == '<') return {};
  if (body.front() != '{' && body.front() != '[') return printable(body.substr(0, body.find_first_of("\r\n")));
  for (const std::string_view name : {"message", "error_description", "error", "details", "code"})
    if (const std::string text = json_member(body, name); !text.empty()) return printable(text);
  return {};
}

Error status_error(const Request& request, const Response& response, const StatusMeaning& meaning) {
  const Row row = row_of(response, meaning);
  const std::string words = server_words(response);
  return Error{.code = row.code,
               .message = fmt::format("{} answers {}{}{}", request.url.authority(), response.status,
                                      words.empty() ? "" : ": ", words),
               .hint = std::string(row.hint),
               .remote = request.url.authority(),
               .operation = request.shown(),
               .http_status = response.status,
               .request_id = response.request_id(),
               .retry_after = response.retry_after,
               .outcome_unknown = request.is_write() && is_server_failure(response.status)};
}

}  // namespace samebits::http
