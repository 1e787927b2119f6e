#include "bridge/bridge.hpp"
#include "core/text.hpp"

namespace samebits {

std::vector<std::string_view> port_names() {
  return {"gitops", "source", "registry", "evidence", "changes", "releases", "reconciler", "clock", "credentials"};
}

Result<void> set_port(ClientOptions& options, std::string_view name, PortCall call) {
  PortFactories& ports = options.ports;
  if (name == "gitops") {
    ports.gitops = {};
    if (call)
      ports.gitops = [call, location = options.gitops.empty() ? "port:gitops" : options.gitops,
                      branch = options.branch] { return bridge::make_gitops(call, location, branch); };
  } else if (name == "source") {
    ports.source = {};
    if (call)
      ports.source = [call](const Service& service) {
        return bridge::make_source(call, service.name, service.source.url);
      };
  } else if (name == "registry") {
    ports.registry = {};
    if (call)
      ports.registry = [call](std::string_view service, const ImageRepo& repo) {
        return bridge::make_registry(call, std::string(service), repo.str());
      };
  } else if (name == "evidence") {
    ports.evidence = {};
    if (call)
      ports.evidence = [call](const Service& service) {
        return bridge::make_evidence(call, service.name, service.source.url);
      };
  } else if (name == "changes") {
    ports.changes = {};
    if (call)
      ports.changes = [call](const Service& service) {
        return bridge::make_changes(call, service.name, service.source.url);
      };
  } else if (name == "releases") {
    ports.releases = {};
    if (call)
      ports.releases = [call](const Service& service) {
        return bridge::make_releases(call, service.name, service.source.url);
      };
  } else if (name == "reconciler") {
    ports.reconciler = {};
    if (call)
      ports.reconciler = [call](std::string_view url) { return bridge::make_reconciler(call, std::string(url)); };
  } else if (name == "clock") {
    ports.clock = {};
    if (call) ports.clock = [call] { return bridge::make_clock(call); };
  } else if (name == "credentials") {
    options.network.credential_callback = call ? bridge::make_credentials(call) : CredentialCallback();
  } else {
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("there is no port '{}'", printable(name)),
                 .hint = fmt::format("the ports are {}", fmt::join(port_names(), ", "))};
  }
  return {};
}

}  // namespace samebits
