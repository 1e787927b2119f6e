#include <algorithm>
#include <filesystem>
#include <map>

#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "assemble/forges.hpp"
#include "assemble/git_places.hpp"
#include "assemble/kinds.hpp"
#include "assemble/network.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "git/local_folder.hpp"
#include "reconciler/argocd.hpp"
#include "registry/remote_registry.hpp"
#include "system/files.hpp"

namespace samebits {
namespace {

constexpr std::string_view ledger_branch = "samebits/gates";
constexpr std::string_view file_scheme = "file://";

/// The folder that relative locations in `samebits.yaml` are relative to: of a clone the work tree, not its `.git`.
std::string folder_of(const std::string& location) {
  const auto folder = git::local_folder(location);
  // Who opens the repository says what is wrong.
  if (!folder || is_remote_git(location)) return location;
  const auto path = (std::filesystem::path(*folder) / "").parent_path();
  if (path.filename() != ".git") return *folder;
  return path.has_parent_path() ? path.parent_path().string() : ".";
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
  ConfiguredPorts(const ClientOptions& options, Clock& clock, Network::Body& network)
      : base_(folder_of(options.gitops)),
        clock_(clock),
        author_(options.promoter.author),
        signing_(options.signing),
        given_(options.ports),
        network_(network) {}

  Result<Source*> source(const Service& service) override {
    if (given_.source) {
      auto& port = given_sources_[service.name];
      if (!port) port = given_.source(service);
      if (port) return port.get();
    }
    if (has_forge(service.source)) {
      SB_TRY(ForgePorts * forge, forge_of(service));
      return forge->source.get();
    }
    SB_TRY(const std::string location, resolve_location(base_, service.source.url));
    auto& port = sources_[location];
    if (!port) {
      SB_TRY(port, open_source(location, network_, signing_));
    }
    return port.get();
  }

  Result<Registry*> registry(const Service& service) override {
    auto& port = registries_[service.name];
    if (!port) {
      SB_TRY(const ImageRepo image, located(service.image));
      SB_TRY(port, open(service.name, image, service.insecure));
    }
    return port.get();
  }

  Result<Evidence*> evidence(const Service& service) override {
    auto& port = ledgers_[service.name];
    if (!port.ledger && given_.evidence) port.ledger = given_.evidence(service);
    if (!port.ledger && has_forge(service.source)) {
      SB_TRY(ForgePorts * forge, forge_of(service));
      return forge->evidence.get();
    }
    if (!port.ledger) {
      SB_TRY(const std::string location, resolve_location(base_, service.source.url));
      SB_TRY(port.branch, open_gitops(location, ledger_branch, network_, signing_));
      port.ledger = open_ledger(*port.branch, clock_, service.name, author_);
    }
    return port.ledger.get();
  }

  Result<Changes*> changes(const Service& service) override {
    auto& port = changes_[service.name];
    if (!port && given_.changes) port = given_.changes(service);
    if (port || !has_forge(service.source)) return port.get();
    SB_TRY(ForgePorts * forge, forge_of(service));
    return forge->changes.get();
  }

  Result<Releases*> releases(const Service& service) override {
    auto& port = releases_[service.name];
    if (!port && given_.releases) port = given_.releases(service);
    if (port || !has_forge(service.source)) return port.get();
    SB_TRY(ForgePorts * forge, forge_of(service));
    return forge->releases.get();
  }

  Result<Rules*> rules(const Pipeline& pipeline, const std::string& location) override {
    const auto known = rules_.find(location);
    if (known != rules_.end()) return known->second.get();
    const auto place = forge_location(location, pipeline);
    if (!place) return nullptr;
    SB_TRY(auto forge, open_forge(*place, *network_.http, *network_.credentials));
    return rules_.emplace(location, std::move(forge.rules)).first->second.get();
  }

  /// An environment may name another address, or `none`.
  Result<Reconciler*> reconciler(const Pipeline& pipeline, const Environment& environment) override {
    const ReconcilerRule& rule = pipeline.reconciler;
    const std::string& own = environment.reconciler;
    if (rule.kind.empty() || own == "none") return nullptr;
    const std::string& url = own.find("://") == std::string::npos ? rule.url : own;
    auto& port = reconcilers_[url];
    if (!port && given_.reconciler) port = given_.reconciler(url);
    if (!port) {
      SB_TRY(port, open_reconciler(rule.kind, url, pipeline.insecure));
    }
    return port.get();
  }

  /// The registry of a repository that a service or nobody names.
  Result<std::unique_ptr<Registry>> open(std::string_view service, const ImageRepo& repo,
                                         std::vector<std::string> insecure) const {
    if (given_.registry) return given_.registry(service, repo);
    if (repo.is_layout()) return open_image_layout(repo.path());
    insecure.insert(insecure.end(), network_.options.insecure.begin(), network_.options.insecure.end());
    return open_remote_registry(repo, *network_.http, *network_.credentials, std::move(insecure));
  }

 private:
  struct LedgerPorts {
    std::unique_ptr<GitOps> branch;
    std::unique_ptr<Evidence> ledger;
  };

  Result<ForgePorts*> forge_of(const Service& service) {
    const auto known = forges_.find(service.name);
    if (known != forges_.end()) return &known->second;
    SB_TRY(auto forge, open_forge(service.source, *network_.http, *network_.credentials));
    return &forges_.emplace(service.name, std::move(forge)).first->second;
  }

  Result<std::unique_ptr<Reconciler>> open_reconciler(const std::string& kind, const std::string& url,
                                                      std::vector<std::string> insecure) const {
    if (std::find(reconciler_kinds.begin(), reconciler_kinds.end(), kind) == reconciler_kinds.end())
      return Error{.code = ErrorCode::unsupported,
                   .message = fmt::format("this version does not speak to '{}'", printable(kind)),
                   .hint = fmt::format("kind: {}", fmt::join(reconciler_kinds, "|"))};
    insecure.insert(insecure.end(), network_.options.insecure.begin(), network_.options.insecure.end());
    return open_argocd_at(url, network_, std::move(insecure));
  }

  /// With the whole path, where it is a layout.
  Result<ImageRepo> located(const ImageRepo& image) const {
    if (!image.is_layout() || image.path().starts_with('/')) return image;
    SB_CHECK(resolve_location(base_, image.path()));
    return image.relative_to(base_);
  }

  std::string base_;
  Clock& clock_;
  Person author_;
  SigningOptions signing_;
  PortFactories given_;
  Network::Body& network_;
  std::map<std::string, std::unique_ptr<Source>> given_sources_;
  /// By location: services that share a source share what is known of it.
  std::map<std::string, std::unique_ptr<Source>> sources_;
  std::map<std::string, ForgePorts> forges_;
  /// By location.
  std::map<std::string, std::unique_ptr<Rules>> rules_;
  std::map<std::string, std::unique_ptr<Changes>> changes_;
  std::map<std::string, std::unique_ptr<Releases>> releases_;
  std::map<std::string, std::unique_ptr<Registry>> registries_;
  std::map<std::string, LedgerPorts> ledgers_;
  /// By address.
  std::map<std::string, std::unique_ptr<Reconciler>> reconcilers_;
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
  if (options.ports.gitops) return options.ports.gitops();
  if (options.gitops.empty())
    return std::make_unique<NoGitOps>(Error{.code = ErrorCode::repository_missing,
                                            .message = "the configuration names no GitOps repository",
                                            .hint = "give {\"gitops\": \"LOCATION\"}"});
  auto opened = open_gitops(options.gitops, options.branch, network, options.signing);
  if (opened) return *std::move(opened);
  return std::make_unique<NoGitOps>(std::move(opened).error());
}

/// Passes on the lines that are wanted, each without secrets and safe for a terminal.
PromoterOptions with_wanted_log(const ClientOptions& options, const KnownSecrets& secrets) {
  PromoterOptions wanted = options.promoter;
  if (!wanted.log) return wanted;
  wanted.log = [log = options.promoter.log, most = options.log_level, &secrets](LogLevel level, std::string_view line) {
    if (level > most) return;
    const std::string clean = secrets.redacted(line);
    log(level, printable(clean, clean.size()));
  };
  return wanted;
}

}  // namespace

struct Client::Body {
  explicit Body(const ClientOptions& options)
      : network(options.network),
        own_clock(options.ports.clock ? options.ports.clock() : nullptr),
        gitops(open_main(options, network)),
        services(options, clock(), network),
        promoter(Ports{.gitops = *gitops, .services = services, .clock = clock()},
                 with_wanted_log(options, network.secrets)) {
    network.secrets.learn_url(options.gitops);
  }

  Clock& clock() const { return own_clock ? *own_clock : system_clock(); }

  /// Lets `act` have the registry of an image that is named by itself.
  template <class Answer, class Act>
  Result<Answer> with_registry(const ImageRepo& repo, const Timeout& timeout, Act act) const {
    SB_TRY(const auto registry, services.open("", repo, {}));
    Context context = promoter.context(timeout);
    return act(context, *registry);
  }

  // Before those who use it.
  Network::Body network;
  std::unique_ptr<Clock> own_clock;
  std::unique_ptr<GitOps> gitops;
  ConfiguredPorts services;
  Promoter promoter;
};

Client::Client(const ClientOptions& options) : body_(std::make_unique<Body>(options)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Promoter& Client::promoter() noexcept { return body_->promoter; }

Error Client::redacted(Error error) const {
  body_->network.secrets.redact(error);
  return error;
}

std::string Client::redacted_document(std::string json) const {
  return body_->network.secrets.redacted_document(std::move(json));
}

Result<ImageReport> Client::image_show(const ImageShowRequest& request) {
  SB_TRY(const auto ref, ImageRef::parse(request.ref));
  return body_->with_registry<ImageReport>(ref.repo(), request.timeout, [&](Context& context, Registry& registry) {
    return show_image(context, registry, ref);
  });
}

Result<Receipt> Client::image_tag(const ImageTagRequest& request) {
  SB_TRY(const auto source, ImageRef::parse(request.source));
  return body_->with_registry<Receipt>(source.repo(), request.timeout, [&](Context& context, Registry& registry) {
    return tag_image(context, registry, source, request.tag);
  });
}

Result<Plan> Client::plan(const ImageTagRequest& request) {
  SB_TRY(const auto source, ImageRef::parse(request.source));
  return body_->with_registry<Plan>(source.repo(), request.timeout, [&](Context& context, Registry& registry) {
    return plan_tag_image(context, registry, source, request.tag);
  });
}

Result<ImagesReport> Client::image_list(const ImageListRequest& request) {
  SB_TRY(const auto repo, ImageRepo::parse(request.repository));
  return body_->with_registry<ImagesReport>(repo, request.timeout, [&](Context& context, Registry& registry) {
    return list_images(context, registry, repo, request.track);
  });
}

Result<Client> open_client(ClientOptions options) {
  if (!options.config_file.empty()) {
    SB_TRY(auto bytes, read_file(options.config_file));
    if (!bytes)
      return Error{.code = ErrorCode::file_missing,
                   .message = fmt::format("there is no file '{}'", printable(options.config_file)),
                   .hint = "check the path of the pipeline definition",
                   .where = {.file = options.config_file}};
    options.promoter.config = *std::move(bytes);
    options.promoter.config_name = options.config_file;
  }
  return Client(options);
}

}  // namespace samebits
