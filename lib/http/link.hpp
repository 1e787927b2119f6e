#pragma once

#include <optional>

#include "http/http.hpp"

namespace samebits::http {

/// The page that follows, by `Link: <...>; rel="next"`; nothing where there is none.
/// Errors: bad_answer for one that leaves the origin of the answer: its requests carry credentials.
/// Source: RFC 8288.
Result<std::optional<Url>> next_page(const Response& response);

/// The target of the first link in a `Link` header that has the relation; nothing where there is none.
std::optional<std::string> find_link(std::string_view header, std::string_view relation);

}  // namespace samebits::http
