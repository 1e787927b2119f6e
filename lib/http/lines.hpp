#pragma once

#include <functional>

#include "http/http.hpp"

namespace samebits::http {

/// A sink that gives whole lines, without their line breaks. A last line without one is dropped: it was cut.
/// Errors of the request: bad_answer for a line of more than `max_line` bytes.
Sink by_lines(std::function<Result<Flow>(std::string_view line)> take, std::size_t max_line = std::size_t{4} << 20);

}  // namespace samebits::http
