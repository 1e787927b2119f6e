#include "assemble/network.hpp"

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "forge/app_credentials.hpp"
#include "http/client.hpp"
#include "reconciler/argocd.hpp"
#include "registry/remote_registry.hpp"

namespace samebits {
namespace {

/// Ports of several threads share one, which knows nothing of threads. What is found is kept out of what is shown.
class SharedCredentials final : public Credentials {
 public:
  SharedCredentials(std::unique_ptr<Credentials> inner, KnownSecrets& secrets)
      : inner_(std::move(inner)), secrets_(secrets) {}
  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    const std::lock_guard lock(mutex_);
    auto found = inner_->find(context, request);
    if (found && *found) secrets_.learn(**found);
    return found;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Credentials> inner_;
  KnownSecrets& secrets_;
};

std::unique_ptr<Credentials> credentials_of(const NetworkOptions& options, KnownSecrets& secrets, http::Http& http) {
  std::vector<std::unique_ptr<Credentials>> chain;
  if (options.credential_callback) chain.push_back(credential_callback(options.credential_callback));
  if (!options.apps.empty()) chain.push_back(github::app_credentials(options.apps, http, system_clock()));
  chain.push_back(credential_list(options.credentials));
  if (options.git.credential_helpers) chain.push_back(git_credentials(options.git));
  for (const DockerConfig& config : options.docker) chain.push_back(docker_credentials(config));
  return std::make_unique<SharedCredentials>(credential_chain(std::move(chain)), secrets);
}

}  // namespace

Network::Body::Body(NetworkOptions given)
    : options(std::move(given)),
      secrets(options),
      http(http::open_http({.proxy = options.proxy,
                            .ca_file = options.ca_file,
                            .client_certificate = options.client_certificate,
                            .client_key = options.client_key,
                            .insecure = options.insecure},
                           system_clock())),
      credentials(credentials_of(options, secrets, *http)) {}

Network::Network(NetworkOptions options) : body_(std::make_unique<Body>(std::move(options))) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::unique_ptr<Registry> open_registry(const ImageRepo& repo, Network& network) {
  if (repo.is_layout()) return open_image_layout(repo.path());
  Network::Body& body = network.body();
  return open_remote_registry(repo, *body.http, *body.credentials, body.options.insecure);
}

Result<std::unique_ptr<Reconciler>> open_argocd_at(std::string_view url, Network::Body& network,
                                                   std::vector<std::string> insecure) {
  auto parsed = http::Url::parse(url);
  if (!parsed)
    return Error{.code = ErrorCode::bad_config,
                 .message = fmt::format("'{}' is no address of a reconciler", printable(url.substr(0, url.find('?')))),
                 .hint = "reconciler.url is like https://argocd.example.com",
                 .where = {.file = "samebits.yaml"}};
  return open_argocd_reconciler(*std::move(parsed), *network.http, *network.credentials, std::move(insecure));
}

Result<std::unique_ptr<Reconciler>> open_argocd(std::string_view url, Network& network) {
  return open_argocd_at(url, network.body(), network.body().options.insecure);
}

}  // namespace samebits
