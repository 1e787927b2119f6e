#include "forge/address.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::forge {
namespace {

constexpr std::string_view github_host = "github.com";

Error bad_location(std::string_view url) {
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("'{}' names no repository of a forge", printable(url)),
               .hint = "write https://HOST/OWNER/REPOSITORY"};
}

}  // namespace

std::string Address::path() const {
  return "/repos/" + http::percent_encode(owner) + "/" + http::percent_encode(repository);
}

bool names_forge(const SourceLocation& location) {
  if (!location.forge.empty()) return location.forge != "none";
  const auto url = http::Url::parse(location.url);
  return url && url->host() == github_host;
}

Result<Address> address_of(const SourceLocation& location) {
  auto web = http::Url::parse(location.url);
  if (!web) return bad_location(location.url);
  std::string_view path = web->path();
  path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const auto slash = path.find_last_of('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) return bad_location(location.url);
  // A forge may live below a path of its host: HOST/git/OWNER/REPOSITORY.
  const auto before = path.find_last_of('/', slash - 1);
  const std::string_view below = before == std::string_view::npos ? std::string_view() : path.substr(0, before);
  Address address{.kind = location.forge == "gitea" ? Kind::gitea : Kind::github,
                  .api = *web,
                  .owner = std::string(path.substr(before == std::string_view::npos ? 0 : before + 1,
                                                   slash - (before == std::string_view::npos ? 0 : before + 1))),
                  .repository = std::string(path.substr(slash + 1)),
                  .web = web->with_target("/" + std::string(path)),
                  .branch = location.branch};
  if (address.owner.empty()) return bad_location(location.url);
  if (web->host() == github_host) {
    SB_TRY(address.api, http::Url::parse("https://api.github.com"));
    return address;
  }
  const std::string root = below.empty() ? "" : "/" + std::string(below);
  address.api = web->with_target(root + (address.kind == Kind::gitea ? "/api/v1" : "/api/v3"));
  return address;
}

bool is_ref_name(std::string_view name) {
  if (name.empty() || name == "@" || name.starts_with('-') || name.ends_with('/') || name.ends_with('.')) return false;
  for (const std::string_view bad : {"..", "@{", "//"})
    if (name.find(bad) != std::string_view::npos) return false;
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  };
  if (std::any_of(name.begin(), name.end(), is_bad)) return false;
  const auto parts = split(name, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.empty() || part.starts_with('.') || part.ends_with(".lock");
  });
}

}  // namespace samebits::forge
