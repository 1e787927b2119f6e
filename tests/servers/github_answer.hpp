#pragma once

#include <string>

#include "json/json.hpp"
#include "servers/loopback_server.hpp"

namespace samebits::test {

/// Members whose names begin with `own_` are kept for the double's own sake and are in no answer.
Answer json_answer(int status, const Json& json);
/// As GitHub says that something is wrong.
Answer github_error(int status, const std::string& message);

}  // namespace samebits::test
