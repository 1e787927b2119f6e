#pragma once

#include <memory>
#include <string>

#include <samebits/network.hpp>
#include <samebits/promoter.hpp>

namespace samebits {

/// How to reach a pipeline: the members of the client's configuration document.
struct ClientOptions {
  /// The GitOps repository: a folder, a bare folder or a `file://` URL.
  std::string gitops;
  /// Its branch; empty: the repository's HEAD branch.
  std::string branch = {};
  PromoterOptions promoter = {};
  /// How remote registries, repositories and forges are reached.
  NetworkOptions network = {};
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

/// Opens the registry that `repo` names: an image layout, or a registry over HTTP.
/// Thread: a registry is used by one thread at a time; several may share a network.
std::unique_ptr<Registry> open_registry(const ImageRepo& repo, Network& network);

}  // namespace samebits
