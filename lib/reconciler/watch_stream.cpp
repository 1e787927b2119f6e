#include "reconciler/watch_stream.hpp"

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/lines.hpp"

namespace samebits::argocd {

using http::Flow;

http::Sink by_events(TakeEvent take, FailEvent fail) {
  return http::by_lines(
      [take = std::move(take), fail = std::move(fail)](std::string_view line) -> Result<Flow> {
        if (line.starts_with("data:")) line.remove_prefix(5);
        while (!line.empty() && (line.front() == ' ' || line.front() == '\r')) line.remove_prefix(1);
        // A comment keeps the connection open; other fields of server-sent events say nothing here.
        if (line.empty() || line.front() == ':' || line.starts_with("event:") || line.starts_with("id:") ||
            line.starts_with("retry:"))
          return Flow::more;
        auto json = parse_json(line, "an event", max_event);
        if (!json)
          return Error{.code = ErrorCode::bad_answer,
                       .message = fmt::format("the reconciler's stream has an event that is none: {}",
                                              printable(json.error().message)),
                       .hint = "check that reconciler.url is the address of Argo CD"};
        if (const Json* error = json->find("error")) return fail(*error);
        const Json* result = json->find("result");
        return result == nullptr ? Result<Flow>(Flow::more) : take(*result);
      },
      max_event);
}

}  // namespace samebits::argocd
