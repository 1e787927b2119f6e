#pragma once

#include <optional>
#include <string>

#include <samebits/client.hpp>

#include "http/http.hpp"

namespace samebits {

/// By its word, or by a host that is known.
bool has_forge(const SourceLocation& location);
/// Where the repository at `location` is at a forge: at a host that is known, or at the one that a service's source
/// says the forge of, however Git reaches it (`https://...`, `ssh://...`, `user@host:path`). Nothing where nobody says.
std::optional<SourceLocation> forge_location(const std::string& location, const Pipeline& pipeline);
/// The ports of a forge over a client that is borrowed.
Result<ForgePorts> open_forge(const SourceLocation& location, http::Http& http, Credentials& credentials);

}  // namespace samebits
