#pragma once

#include <samebits/client.hpp>

#include "http/http.hpp"

namespace samebits {

/// By its word, or by a host that is known.
bool has_forge(const SourceLocation& location);
/// The ports of a forge over a client that is borrowed.
Result<ForgePorts> open_forge(const SourceLocation& location, http::Http& http, Credentials& credentials);

}  // namespace samebits
