#pragma once

#include <functional>
#include <memory>
#include <string>

#include <samebits/images.hpp>
#include <samebits/network.hpp>
#include <samebits/promoter.hpp>
#include <samebits/signing.hpp>

namespace samebits {

/// Ports in place of those that the configuration asks for. An empty function: the configured one. Each is called at
/// most once for a service and the port lives as long as the client.
struct PortFactories {
  std::function<std::unique_ptr<GitOps>()> gitops = {};
  std::function<std::unique_ptr<Source>(const Service&)> source = {};
  std::function<std::unique_ptr<Evidence>(const Service&)> evidence = {};
  std::function<std::unique_ptr<Changes>(const Service&)> changes = {};
  std::function<std::unique_ptr<Releases>(const Service&)> releases = {};
  /// `service` is empty where an image is named by itself.
  std::function<std::unique_ptr<Registry>(std::string_view service, const ImageRepo&)> registry = {};
  /// `url` is that of `reconciler:`.
  std::function<std::unique_ptr<Reconciler>(std::string_view url)> reconciler = {};
  std::function<std::unique_ptr<Clock>()> clock = {};
};

/// How to reach a pipeline: the members of the client's configuration document.
struct ClientOptions {
  /// The GitOps repository: a folder, a bare folder, a URL (`file`, `https`, `ssh`) or `user@host:path`.
  /// Operations that need none may go without.
  std::string gitops = {};
  /// Its branch; empty: the repository's HEAD branch.
  std::string branch = {};
  PromoterOptions promoter = {};
  /// File with a pipeline definition, instead of the one in the repository; read by `open_client`.
  std::string config_file = {};
  /// Log lines beyond this level are left out.
  LogLevel log_level = LogLevel::trace;
  PortFactories ports = {};
  /// How remote registries, repositories and forges are reached.
  NetworkOptions network = {};
  /// Of commits in the repositories that the configuration names.
  SigningOptions signing = {};
};

/// A promoter with the ports that its configuration asks for. Does no input or output until an operation runs.
/// Thread: one operation at a time.
class Client {
 public:
  explicit Client(const ClientOptions& options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  Promoter& promoter() noexcept;
  Promoter* operator->() noexcept { return &promoter(); }

  // Errors: unsupported, bad_request, image_missing.
  Result<ImageReport> image_show(const ImageShowRequest& request);
  /// Never moves a tag. Errors: also bad_tag, tag_exists.
  Result<Receipt> image_tag(const ImageTagRequest& request);
  Result<Plan> plan(const ImageTagRequest& request);
  /// The tags of a repository by their text.
  Result<ImagesReport> image_list(const ImageListRequest& request);

  /// For what is shown to people or kept: an error or a document with `***` for each secret that the options hold or
  /// that was found by a Docker configuration or a callback. Log lines are so already. In a document secrets of less
  /// than eight bytes stay, which may be words.
  Error redacted(Error error) const;
  std::string redacted_document(std::string json) const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// One client for all that is remote: its connections and credentials are shared by the ports that are opened over it,
/// which it must outlive. Does nothing until one of them is used.
/// Thread: safe; a `credential_callback` and credential helpers are asked by one thread at a time.
class Network {
 public:
  explicit Network(NetworkOptions options = {});
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  struct Body;
  Body& body() noexcept { return *body_; }

 private:
  std::unique_ptr<Body> body_;
};

/// Makes a client after reading the file that `config_file` names, where it names one. Errors: file_missing.
Result<Client> open_client(ClientOptions options);

/// The ports of one forge. Thread: one at a time, all of them together.
struct ForgePorts {
  std::unique_ptr<Source> source;
  std::unique_ptr<Evidence> evidence;
  std::unique_ptr<Changes> changes;
  std::unique_ptr<Releases> releases;
  std::unique_ptr<Rules> rules;
};

/// Opens the forge that `location` names: by `forge`, or by a host that is known (github.com). Does nothing until one
/// of the ports is used. Errors: bad_config for a URL that names no repository of a forge; unsupported.
/// Source: GitHub's REST API, 2022-11-28; Gitea's API, 1.23.
Result<ForgePorts> open_forge(const SourceLocation& location, Network& network);

/// Opens the registry that `repo` names: an image layout, or a registry over HTTP.
/// Thread: a registry is used by one thread at a time; several may share a network.
std::unique_ptr<Registry> open_registry(const ImageRepo& repo, Network& network);

/// Argo CD's API at `url`. Opens on first use. Errors: bad_config for what is no URL.
/// Thread: a reconciler is used by one thread at a time; several may share a network.
Result<std::unique_ptr<Reconciler>> open_argocd(std::string_view url, Network& network);

}  // namespace samebits
