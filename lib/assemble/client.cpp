#include <filesystem>
#include <map>

#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "assemble/network.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "registry/remote_registry.hpp"

namespace samebits {
namespace {

constexpr std::string_view ledger_branch = "samebits/gates";
constexpr std::string_view file_scheme = "file://";

bool is_remote(std::string_view location) {
  if (location.starts_with(file_scheme)) return false;
  if (location.find("://") != std::string_view::npos) return true;
  const auto colon = location.find(':');
  const auto slash = location.find('/');
  return colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash);
}

Result<void> require_local(std::string_view location, std::string_view what) {
  if (!is_remote(location)) return {};
  return Error{.code = ErrorCode::unsupported,
               .message = fmt::format("{} is remote, and this version works on local repositories", what),
               .hint = "give a folder, a bare folder or a file:// URL (git clone --bare makes one)",
               .remote = std::string(location.substr(0, location.find('?')))};
}

/// The folder that relative locations in `samebits.yaml` are relative to.
std::string folder_of(std::string location) {
  if (location.starts_with(file_scheme)) location = location.substr(file_scheme.size());
  return location;
}

std::string resolve_location(const std::string& base, const std::string& location) {
  if (location.starts_with('/') || location.starts_with(file_scheme)) return location;
  return (std::filesystem::path(base) / location).lexically_normal().string();
}

/// Makes the ports of each service once.
class ConfiguredPorts final : public ServicePorts {
 public:
  ConfiguredPorts(std::string base, Clock& clock, Person author, Network::Body& network)
      : base_(std::move(base)), clock_(clock), author_(std::move(author)), network_(network) {}

  Result<Source*> source(const Service& service) override {
    auto& port = sources_[service.name];
    if (!port) {
      SB_CHECK(require_local(service.source.url, fmt::format("the source of '{}'", service.name)));
      port = open_local_source(resolve_location(base_, service.source.url));
    }
    return port.get();
  }

  Result<Registry*> registry(const Service& service) override {
    auto& port = registries_[service.name];
    if (port) return port.get();
    if (service.image.is_layout()) {
      port = open_image_layout(layout_of(service.image).path());
    } else {
      std::vector<std::string> insecure = network_.options.insecure;
      insecure.insert(insecure.end(), service.insecure.begin(), service.insecure.end());
      port = open_remote_registry(service.image, *network_.http, *network_.credentials, std::move(insecure));
    }
    return port.get();
  }

  Result<Evidence*> evidence(const Service& service) override {
    auto& port = ledgers_[service.name];
    if (!port.ledger) {
      SB_CHECK(require_local(service.source.url, fmt::format("the source of '{}'", service.name)));
      port.branch = open_local_gitops(resolve_location(base_, service.source.url), ledger_branch);
      port.ledger = open_ledger(*port.branch, clock_, service.name, author_);
    }
    return port.ledger.get();
  }

 private:
  struct LedgerPorts {
    std::unique_ptr<GitOps> branch;
    std::unique_ptr<Evidence> ledger;
  };

  ImageRepo layout_of(const ImageRepo& image) const {
    if (image.path().starts_with('/')) return image;
    return image.relative_to(base_);
  }

  std::string base_;
  Clock& clock_;
  Person author_;
  Network::Body& network_;
  std::map<std::string, std::unique_ptr<Source>> sources_;
  std::map<std::string, std::unique_ptr<Registry>> registries_;
  std::map<std::string, LedgerPorts> ledgers_;
};

/// Stands in for a location that cannot be opened, so that making a client does no work and an operation says why.
class NoGitOps final : public GitOps {
 public:
  explicit NoGitOps(Error reason) : reason_(std::move(reason)) {}
  std::string location() const override { return reason_.remote; }
  std::string branch() const override { return {}; }
  Result<std::optional<CommitId>> tip(Context&) override { return reason_; }
  Result<std::optional<RepoFile>> read(Context&, const CommitId&, const RepoPath&) override { return reason_; }
  Result<std::optional<std::string>> read_blob(Context&, const BlobId&) override { return reason_; }
  Result<std::vector<RepoEntry>> list(Context&, const CommitId&, const RepoPath&) override { return reason_; }
  Result<std::optional<CommitFacts>> commit_facts(Context&, const CommitId&) override { return reason_; }
  Result<CommitId> commit(Context&, const NewCommit&) override { return reason_; }

 private:
  Error reason_;
};

std::unique_ptr<GitOps> open_gitops(const ClientOptions& options) {
  if (auto local = require_local(options.gitops, "the GitOps repository"); !local)
    return std::make_unique<NoGitOps>(std::move(local).error());
  return open_local_gitops(options.gitops, options.branch);
}

}  // namespace

struct Client::Body {
  explicit Body(const ClientOptions& options)
      : network(options.network),
        gitops(open_gitops(options)),
        services(folder_of(options.gitops), system_clock(), options.promoter.author, network),
        promoter(Ports{.gitops = *gitops, .services = services, .clock = system_clock()}, options.promoter) {}

  Network::Body network;
  std::unique_ptr<GitOps> gitops;
  ConfiguredPorts services;
  Promoter promoter;
};

Client::Client(const ClientOptions& options) : body_(std::make_unique<Body>(options)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Promoter& Client::promoter() noexcept { return body_->promoter; }

}  // namespace samebits
