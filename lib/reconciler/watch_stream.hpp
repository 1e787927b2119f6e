#pragma once

#include <functional>

#include "http/http.hpp"
#include "json/json.hpp"

namespace samebits::argocd {

/// Longest event: an object of Kubernetes has at most 1.5 MiB.
inline constexpr std::size_t max_event = std::size_t{4} << 20;

/// What is done with the object of one event: `{"type": "MODIFIED", "application": {...}}`; an error ends the stream.
using TakeEvent = std::function<Result<http::Flow>(const Json& result)>;
/// What an error inside the stream is.
using FailEvent = std::function<Error(const Json& error)>;

/// A sink for a stream of events, one a line: plain JSON, or `data:` of server-sent events. One event is kept at a
/// time. Errors of the request: bad_answer for an event that is too long or no JSON, and what `fail` makes of one.
http::Sink by_events(TakeEvent take, FailEvent fail);

}  // namespace samebits::argocd
