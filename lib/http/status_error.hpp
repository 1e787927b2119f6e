#pragma once

#include "http/http.hpp"

namespace samebits::http {

/// What an adapter knows and the table cannot.
struct StatusMeaning {
  /// Of 404.
  ErrorCode not_found = ErrorCode::repository_missing;
  /// Of 409, 412 and 422.
  ErrorCode conflict = ErrorCode::lost_race;
};

/// The error that an answer which is no success stands for: the one table.
/// ```
/// 401                                   unauthenticated
/// 403                                   permission_missing; rate_limited where a rate limit says so
/// 404                                   meaning.not_found
/// 409 412 422                           meaning.conflict
/// 429                                   rate_limited
/// 408 499 5xx (but 501, 505)            server_error; outcome_unknown is set for a write
/// 405 410 415 501 505                   unsupported
/// all others                            bad_answer
/// ```
/// The server's own words are in the message, stripped and shortened.
Error status_error(const Request& request, const Response& response, const StatusMeaning& meaning = {});

/// 429, or a 403 that a rate limit stands behind.
bool is_rate_limited(const Response& response);
/// A failure of the server's, which may pass: 408, 499, and 5xx but 501 and 505.
bool is_server_failure(int status) noexcept;
/// The server's own words: of JSON the members `message` or `errors[].message`, of plain text the first line; nothing
/// of HTML. Without control characters.
std::string server_words(const Response& response);

}  // namespace samebits::http
