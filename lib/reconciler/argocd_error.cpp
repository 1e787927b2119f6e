#include "reconciler/argocd_error.hpp"

#include "core/text.hpp"
#include "http/status_error.hpp"

namespace samebits::argocd {
namespace {

/// Codes of gRPC, as grpc-gateway passes them on.
enum class GrpcCode {
  unknown = 2,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  internal = 13,
  unavailable = 14,
  unauthenticated = 16,
};

ErrorCode code_of(GrpcCode code) {
  switch (code) {
    case GrpcCode::not_found:
      return ErrorCode::application_missing;
    case GrpcCode::already_exists:
    case GrpcCode::aborted:
      return ErrorCode::lost_race;
    case GrpcCode::permission_denied:
      return ErrorCode::permission_missing;
    case GrpcCode::resource_exhausted:
      return ErrorCode::rate_limited;
    case GrpcCode::failed_precondition:
      return ErrorCode::refused_by_server;
    case GrpcCode::unauthenticated:
      return ErrorCode::unauthenticated;
    case GrpcCode::unknown:
    case GrpcCode::deadline_exceeded:
    case GrpcCode::internal:
    case GrpcCode::unavailable:
      return ErrorCode::server_error;
  }
  return ErrorCode::bad_answer;
}

/// The hint by code: what a person can do about it.
std::string hint_of(ErrorCode code, const http::Url& url, std::string_view right, std::string_view application) {
  switch (code) {
    case ErrorCode::unauthenticated:
      return fmt::format("give a token for {} (a project role's or an account's with apiKey), or renew it",
                         url.authority());
    case ErrorCode::permission_missing:
      return fmt::format("the token needs the right '{}' on '{}'; or there is no such application", right,
                         printable(application));
    case ErrorCode::application_missing:
      return "check reconciler.application of samebits.yaml, or make the application";
    case ErrorCode::lost_race:
      return "wait for the operation that runs, then try again";
    case ErrorCode::refused_by_server:
      return "the reconciler's own rules do not allow this now";
    default:
      return "look at the reconciler's log";
  }
}

/// Refusals that share their status and code with other things are told by their words.
ErrorCode by_words(ErrorCode code, const std::string& words) {
  if (words.find("another operation is already in progress") != std::string::npos) return ErrorCode::lost_race;
  if (words.find("sync window") != std::string::npos) return ErrorCode::refused_by_server;
  return code;
}

}  // namespace

Error answer_error(const http::Request& request, const http::Response& response, std::string_view right,
                   std::string_view application) {
  Error error = http::status_error(request, response, {.not_found = ErrorCode::application_missing});
  if (response.status >= 300 && response.status < 400) {
    error.code = ErrorCode::unauthenticated;
    error.message = fmt::format("{} redirects to a login instead of answering", request.url.authority());
  }
  const auto json = parse_json(response.body, "the answer");
  const Json* grpc = json ? json->find("code") : nullptr;
  const bool is_precondition = grpc != nullptr && grpc->integer() != nullptr && response.status == 400 &&
                               *grpc->integer() == static_cast<int>(GrpcCode::failed_precondition);
  if (is_precondition) error.code = ErrorCode::refused_by_server;
  error.code = by_words(error.code, http::server_words(response));
  error.hint = hint_of(error.code, request.url, right, application);
  return error;
}

Error stream_error(const http::Request& request, const Json& error, std::string_view right,
                   std::string_view application) {
  const Json* grpc = error.find("grpc_code");
  const Json* status = error.find("http_code");
  const auto number = [](const Json* json) {
    return json != nullptr && json->integer() != nullptr ? *json->integer() : 0;
  };
  const auto code = code_of(static_cast<GrpcCode>(number(grpc)));
  return {
      .code = code,
      .message = fmt::format("the stream of {} ends: {}", request.url.authority(), printable(error.text("message"))),
      .hint = hint_of(code, request.url, right, application),
      .remote = request.url.authority(),
      .operation = request.shown(),
      .http_status = number(status) >= 100 && number(status) < 600 ? static_cast<int>(number(status)) : 0};
}

}  // namespace samebits::argocd
