#include "assemble/forges.hpp"

#include <samebits/client.hpp>

#include "assemble/network.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/address.hpp"
#include "forge/gitea.hpp"
#include "forge/github.hpp"

namespace samebits {

Result<ForgePorts> open_forge(const SourceLocation& location, http::Http& http, Credentials& credentials) {
  if (!forge::names_forge(location))
    return Error{.code = ErrorCode::unsupported,
                 .message = fmt::format("'{}' is at no forge that is known", printable(location.url)),
                 .hint = "say which: source: {url: ..., forge: github|gitea}"};
  SB_TRY(auto address, forge::address_of(location));
  const auto kind = address.kind;
  const auto api = std::make_shared<forge::Api>(std::move(address), http, credentials);
  if (kind == forge::Kind::gitea)
    return ForgePorts{.source = gitea::open_source(api),
                      .evidence = gitea::open_evidence(api),
                      .changes = gitea::open_changes(api),
                      .releases = gitea::open_releases(api)};
  return ForgePorts{.source = github::open_source(api),
                    .evidence = github::open_evidence(api),
                    .changes = github::open_changes(api),
                    .releases = github::open_releases(api)};
}

bool has_forge(const SourceLocation& location) { return forge::names_forge(location); }

Result<ForgePorts> open_forge(const SourceLocation& location, Network& network) {
  return open_forge(location, *network.body().http, *network.body().credentials);
}

}  // namespace samebits
