#include "bridge/bridge.hpp"
#include "core/text.hpp"

namespace samebits {

std::vector<std::string_view> port_names() {
  return {"gitops", "source", "registry", "evidence", "changes", "releases", "reconciler", "clock", "credentials"};
}

namespace {

/// The embedder's factory, or our own again where there is no `call`.
template <class Factory, class Made>
void set(Factory& factory, const PortCall& call, Made made) {
  factory = nullptr;
  if (call) factory = std::move(made);
}

}  // namespace

Result<void> set_port(ClientOptions& options, std::string_view name, const PortCall& call) {
  PortFactories& ports = options.ports;
  if (name == "gitops") {
    set(ports.gitops, call,
        [call, location = options.gitops.empty() ? "port:gitops" : options.gitops, branch = options.branch] {
          return bridge::make_gitops(call, location, branch);
        });
  } else if (name == "source") {
    set(ports.source, call,
        [call](const Service& service) { return bridge::make_source(call, service.name, service.source.url); });
  } else if (name == "registry") {
    set(ports.registry, call, [call](std::string_view service, const ImageRepo& repo) {
      return bridge::make_registry(call, std::string(service), repo.str());
    });
  } else if (name == "evidence") {
    set(ports.evidence, call,
        [call](const Service& service) { return bridge::make_evidence(call, service.name, service.source.url); });
  } else if (name == "changes") {
    set(ports.changes, call,
        [call](const Service& service) { return bridge::make_changes(call, service.name, service.source.url); });
  } else if (name == "releases") {
    set(ports.releases, call,
        [call](const Service& service) { return bridge::make_releases(call, service.name, service.source.url); });
  } else if (name == "reconciler") {
    set(ports.reconciler, call,
        [call](std::string_view url) { return bridge::make_reconciler(call, std::string(url)); });
  } else if (name == "clock") {
    set(ports.clock, call, [call] { return bridge::make_clock(call); });
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
