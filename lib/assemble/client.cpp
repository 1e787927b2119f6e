#include <filesystem>
#include <map>

#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "assemble/git_places.hpp"
#include "assemble/network.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "registry/remote_registry.hpp"

namespace samebits {
namespace {

constexpr std::string_view ledger_branch = "samebits/gates";
constexpr std::string_view file_scheme = "file://";

/// The folder that relative locations in `samebits.yaml` are relative to.
std::string folder_of(std::string location) {
  if (location.starts_with(file_scheme)) location = location.substr(file_scheme.size());
  return location;
}

/// Relative locations are relative to the GitOps repository's folder, where it has one.
Result<std::string> resolve_location(const std::string& base, const std::string& location) {
  if (location.starts_with('/') || is_remote_git(location) || location.starts_with(file_scheme)) return location;
  if (!is_remote_git(base)) return (std::filesystem::path(base) / location).lexically_normal().string();
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("'{}' is relative to the GitOps repository, which is remote", location),
               .hint = "write the whole location",
               .where = {.file = "samebits.yaml"}};
}

/// Makes the ports of each service once.
class ConfiguredPorts final : public ServicePorts {
 public:
  ConfiguredPorts(std::string base, Clock& clock, Person author, Network::Body& network)
      : base_(std::move(base)), clock_(clock), author_(std::move(author)), network_(network) {}

  Result<Source*> source(const Service& service) override {
    auto& port = sources_[service.name];
    if (!port) {
      SB_TRY(const std::string location, resolve_location(base_, service.source.url));
      SB_TRY(port, open_source(location, network_));
    }
    return port.get();
  }

  Result<Registry*> registry(const Service& service) override {
    auto& port = registries_[service.name];
    if (port) return port.get();
    if (service.image.is_layout()) {
      SB_TRY(const std::string folder, resolve_location(base_, service.image.path()));
      port = open_image_layout(folder);
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
      SB_TRY(const std::string location, resolve_location(base_, service.source.url));
      SB_TRY(port.branch, open_gitops(location, ledger_branch, network_));
      port.ledger = open_ledger(*port.branch, clock_, service.name, author_);
    }
    return port.ledger.get();
  }

 private:
  struct LedgerPorts {
    std::unique_ptr<GitOps> branch;
    std::unique_ptr<Evidence> ledger;
  };

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

std::unique_ptr<GitOps> open_main(const ClientOptions& options, Network::Body& network) {
  auto opened = open_gitops(options.gitops, options.branch, network);
  if (opened) return *std::move(opened);
  return std::make_unique<NoGitOps>(std::move(opened).error());
}

}  // namespace

struct Client::Body {
  explicit Body(const ClientOptions& options)
      : network(options.network),
        gitops(open_main(options, network)),
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
