#include "assemble/forges.hpp"

#include <samebits/client.hpp>

#include "assemble/network.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/address.hpp"
#include "forge/gitea.hpp"
#include "forge/github.hpp"

namespace samebits {

namespace {

/// A repository as Git is given it.
struct GitPlace {
  /// `http://` or `https://`, and where; nothing for ssh.
  std::optional<http::Url> web;
  std::string host;
  /// Without a slash at its beginning.
  std::string path;
};

std::optional<GitPlace> git_place(const std::string& location) {
  if (auto web = http::Url::parse(location)) {
    GitPlace place{.web = *web, .host = web->host(), .path = std::string(web->path().substr(1))};
    return place;
  }
  constexpr std::string_view scheme = "ssh://";
  std::string_view rest = location;
  const bool is_url = rest.starts_with(scheme);
  if (is_url) rest.remove_prefix(scheme.size());
  const auto end = rest.find(is_url ? '/' : ':');
  if (end == std::string_view::npos || (!is_url && rest.find('/') < end)) return std::nullopt;
  std::string_view host = rest.substr(0, end);
  host.remove_prefix(host.rfind('@') + 1);
  std::string_view path = rest.substr(end + 1);
  while (path.starts_with('/')) path.remove_prefix(1);
  return GitPlace{.web = {}, .host = std::string(host.substr(0, host.rfind(':'))), .path = std::string(path)};
}

}  // namespace

std::optional<SourceLocation> forge_location(const std::string& location, const Pipeline& pipeline) {
  const auto place = git_place(location);
  if (!place) return std::nullopt;
  for (const Service& service : pipeline.services) {
    const auto source = http::Url::parse(service.source.url);
    if (!source || !forge::names_forge(service.source)) continue;
    if (place->web ? place->web->origin() != source->origin() : place->host != source->host()) continue;
    return SourceLocation{.url = source->origin() + "/" + place->path, .forge = service.source.forge};
  }
  SourceLocation known{.url = "https://" + place->host + "/" + place->path};
  return forge::names_forge(known) ? std::optional(std::move(known)) : std::nullopt;
}

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
                      .releases = gitea::open_releases(api),
                      .rules = gitea::open_rules(api)};
  return ForgePorts{.source = github::open_source(api),
                    .evidence = github::open_evidence(api),
                    .changes = github::open_changes(api),
                    .releases = github::open_releases(api),
                    .rules = github::open_rules(api)};
}

bool has_forge(const SourceLocation& location) { return forge::names_forge(location); }

Result<ForgePorts> open_forge(const SourceLocation& location, Network& network) {
  return open_forge(location, *network.body().http, *network.body().credentials);
}

}  // namespace samebits
