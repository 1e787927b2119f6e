#include "assemble/network.hpp"

#include <samebits/adapters.hpp>

#include "http/client.hpp"
#include "registry/remote_registry.hpp"

namespace samebits {
namespace {

/// Ports of several threads share one, which knows nothing of threads.
class SharedCredentials final : public Credentials {
 public:
  explicit SharedCredentials(std::unique_ptr<Credentials> inner) : inner_(std::move(inner)) {}
  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    const std::lock_guard lock(mutex_);
    return inner_->find(context, request);
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Credentials> inner_;
};

std::unique_ptr<Credentials> credentials_of(const NetworkOptions& options) {
  std::vector<std::unique_ptr<Credentials>> chain;
  if (options.credential_callback) chain.push_back(credential_callback(options.credential_callback));
  chain.push_back(credential_list(options.credentials));
  if (options.git.credential_helpers) chain.push_back(git_credentials(options.git));
  for (const DockerConfig& config : options.docker) chain.push_back(docker_credentials(config));
  return std::make_unique<SharedCredentials>(credential_chain(std::move(chain)));
}

}  // namespace

Network::Body::Body(NetworkOptions given)
    : options(std::move(given)),
      credentials(credentials_of(options)),
      http(http::open_http({.proxy = options.proxy,
                            .ca_file = options.ca_file,
                            .client_certificate = options.client_certificate,
                            .client_key = options.client_key,
                            .insecure = options.insecure},
                           system_clock())) {}

Network::Network(NetworkOptions options) : body_(std::make_unique<Body>(std::move(options))) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::unique_ptr<Registry> open_registry(const ImageRepo& repo, Network& network) {
  if (repo.is_layout()) return open_image_layout(repo.path());
  Network::Body& body = network.body();
  return open_remote_registry(repo, *body.http, *body.credentials, body.options.insecure);
}

}  // namespace samebits
