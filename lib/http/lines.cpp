#include "http/lines.hpp"

#include <memory>

#include "core/try.hpp"

namespace samebits::http {

Sink by_lines(std::function<Result<Flow>(std::string_view line)> take, std::size_t max_line) {
  // Shared, since a sink is copied with its request.
  auto pending = std::make_shared<std::string>();
  return [take = std::move(take), pending, max_line](std::string_view chunk) -> Result<Flow> {
    while (true) {
      const auto end = chunk.find('\n');
      pending->append(chunk.substr(0, end));
      if (pending->size() > max_line)
        return Error{.code = ErrorCode::bad_answer,
                     .message = fmt::format("a line of the answer is longer than {} bytes", max_line)};
      if (end == std::string_view::npos) return Flow::more;
      if (pending->ends_with('\r')) pending->pop_back();
      const std::string line = std::exchange(*pending, {});
      SB_TRY(const Flow flow, take(line));
      if (flow == Flow::stop) return Flow::stop;
      chunk.remove_prefix(end + 1);
    }
  };
}

}  // namespace samebits::http
