#include "assemble/git_places.hpp"

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/remote.hpp"

namespace samebits {
namespace {

Result<std::unique_ptr<git::Transport>> transport_to(std::string_view location, Network::Body& network) {
  if (location.starts_with("https://") || location.starts_with("http://"))
    return git::open_http_transport(location, *network.http, *network.credentials);
  const auto scheme = location.find("://");
  const std::string_view name = location.substr(0, scheme == std::string_view::npos ? 0 : scheme);
  if (name.empty() || name == "ssh" || name == "git+ssh" || name == "ssh+git")
    return git::open_ssh_transport(location, network.options.git);
  return Error{.code = ErrorCode::unsupported,
               .message = fmt::format("Git is reached by https, by ssh and in folders, not by '{}'", printable(name)),
               .hint = "give an https:// or ssh:// URL, user@host:path, a folder or a file:// URL"};
}

}  // namespace

bool is_remote_git(std::string_view location) {
  if (location.starts_with("file://")) return false;
  if (location.find("://") != std::string_view::npos) return true;
  const auto colon = location.find(':');
  const auto slash = location.find('/');
  return colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash);
}

Result<std::unique_ptr<GitOps>> open_gitops(const std::string& location, std::string_view branch,
                                            Network::Body& network, const SigningOptions& signing) {
  if (!is_remote_git(location)) return open_local_gitops(location, branch, signing);
  SB_TRY(auto transport, transport_to(location, network));
  return open_remote_gitops(std::move(transport), branch, {.cache = network.options.cache, .signing = signing});
}

Result<std::unique_ptr<Source>> open_source(const std::string& location, Network::Body& network,
                                            const SigningOptions& signing) {
  if (!is_remote_git(location)) return open_local_source(location, signing);
  SB_TRY(auto transport, transport_to(location, network));
  return open_remote_source(std::move(transport), {.cache = network.options.cache, .signing = signing});
}

}  // namespace samebits
