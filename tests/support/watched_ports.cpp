#include "support/watched_ports.hpp"

#include <map>

#include <fmt/format.h>

namespace samebits::test {
namespace {

template <class Call>
auto watched(const Watch& watch, Context& context, std::string_view name, Call call) -> decltype(call()) {
  if (auto stopped = watch.before(context, name); !stopped) return std::move(stopped).error();
  auto answer = call();
  if (auto lost = watch.after(context, name); !lost) return std::move(lost).error();
  return answer;
}

class WatchedGitOps final : public GitOps {
 public:
  WatchedGitOps(std::unique_ptr<GitOps> real, const Watch& watch) : real_(std::move(real)), watch_(watch) {}
  std::string location() const override { return real_->location(); }
  std::string branch() const override { return real_->branch(); }
  Result<std::optional<CommitId>> tip(Context& context) override {
    return watched(watch_, context, "gitops.tip", [&] { return real_->tip(context); });
  }
  Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) override {
    return watched(watch_, context, "gitops.read", [&] { return real_->read(context, at, path); });
  }
  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) override {
    return watched(watch_, context, "gitops.read_blob", [&] { return real_->read_blob(context, blob); });
  }
  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) override {
    return watched(watch_, context, "gitops.list", [&] { return real_->list(context, at, folder); });
  }
  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) override {
    return watched(watch_, context, "gitops.commit_facts", [&] { return real_->commit_facts(context, id); });
  }
  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    return watched(watch_, context, "gitops.commit", [&] { return real_->commit(context, commit); });
  }

 private:
  std::unique_ptr<GitOps> real_;
  const Watch& watch_;
};

class WatchedSource final : public Source {
 public:
  WatchedSource(std::unique_ptr<Source> real, const Watch& watch) : real_(std::move(real)), watch_(watch) {}
  std::string location() const override { return real_->location(); }
  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    return watched(watch_, context, "source.branch_tip", [&] { return real_->branch_tip(context, branch); });
  }
  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    return watched(watch_, context, "source.ancestry", [&] { return real_->ancestry(context, left, right); });
  }
  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    return watched(watch_, context, "source.find_tag", [&] { return real_->find_tag(context, name); });
  }
  Result<std::vector<GitTag>> list_tags(Context& context) override {
    return watched(watch_, context, "source.list_tags", [&] { return real_->list_tags(context); });
  }
  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    return watched(watch_, context, "source.create_tag", [&] { return real_->create_tag(context, tag); });
  }

 private:
  std::unique_ptr<Source> real_;
  const Watch& watch_;
};

class WatchedRegistry final : public Registry {
 public:
  WatchedRegistry(std::unique_ptr<Registry> real, const Watch& watch) : real_(std::move(real)), watch_(watch) {}
  std::string location() const override { return real_->location(); }
  Result<std::optional<Digest>> resolve(Context& context, std::string_view tag) override {
    return watched(watch_, context, "registry.resolve", [&] { return real_->resolve(context, tag); });
  }
  Result<std::optional<Manifest>> manifest(Context& context, const Digest& digest) override {
    return watched(watch_, context, "registry.manifest", [&] { return real_->manifest(context, digest); });
  }
  Result<TagCreated> create_tag(Context& context, std::string_view tag, const Digest& digest) override {
    return watched(watch_, context, "registry.create_tag", [&] { return real_->create_tag(context, tag, digest); });
  }
  Result<std::vector<std::string>> list(Context& context) override {
    return watched(watch_, context, "registry.list", [&] { return real_->list(context); });
  }

 private:
  std::unique_ptr<Registry> real_;
  const Watch& watch_;
};

class WatchedEvidence final : public Evidence {
 public:
  WatchedEvidence(std::unique_ptr<Evidence> real, const Watch& watch) : real_(std::move(real)), watch_(watch) {}
  std::string location() const override { return real_->location(); }
  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    return watched(watch_, context, "evidence.list", [&] { return real_->list(context, commit); });
  }
  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    return watched(watch_, context, "evidence.post", [&] { return real_->post(context, commit, evidence); });
  }

 private:
  std::unique_ptr<Evidence> real_;
  const Watch& watch_;
};

class WatchedServices final : public ServicePorts {
 public:
  WatchedServices(const PipelineWorld& world, const Watch& watch) : world_(world), watch_(watch) {}
  Result<Source*> source(const Service&) override { return &source_; }
  Result<Registry*> registry(const Service& service) override {
    auto& port = registries_[service.name];
    if (!port)
      port = std::make_unique<WatchedRegistry>(open_image_layout(world_.layout(service.name).string()), watch_);
    return port.get();
  }
  Result<Evidence*> evidence(const Service& service) override {
    auto& port = ledgers_[service.name];
    if (!port)
      port = std::make_unique<WatchedEvidence>(
          open_ledger(gates_, system_clock(), service.name, world_.options().promoter.author), watch_);
    return port.get();
  }

 private:
  const PipelineWorld& world_;
  const Watch& watch_;
  WatchedSource source_{open_local_source(world_.source().location()), watch_};
  WatchedGitOps gates_{open_local_gitops(world_.source().location(), "samebits/gates"), watch_};
  std::map<std::string, std::unique_ptr<Registry>> registries_;
  std::map<std::string, std::unique_ptr<Evidence>> ledgers_;
};

/// The time of the system, and no waiting.
class InstantClock final : public Clock {
 public:
  Time now() override { return system_clock().now(); }
  Result<void> pause(Context& context, std::chrono::milliseconds) override { return context.check(); }
};

PromoterOptions options_of(const PipelineWorld& world, const CancelToken* cancel) {
  PromoterOptions options = world.options().promoter;
  options.cancel = cancel;
  return options;
}

}  // namespace

struct WatchedPromoter::Body {
  Body(const PipelineWorld& world, Watch given, const CancelToken* cancel)
      : watch(std::move(given)),
        gitops(open_local_gitops(world.gitops().location(), "main"), watch),
        services(world, watch),
        promoter({.gitops = gitops, .services = services, .clock = clock}, options_of(world, cancel)) {}

  Watch watch;
  InstantClock clock;
  WatchedGitOps gitops;
  WatchedServices services;
  Promoter promoter;
};

WatchedPromoter::WatchedPromoter(const PipelineWorld& world, Watch watch, const CancelToken* cancel)
    : body_(std::make_unique<Body>(world, std::move(watch), cancel)) {}
WatchedPromoter::~WatchedPromoter() = default;
Promoter* WatchedPromoter::operator->() noexcept { return &body_->promoter; }

}  // namespace samebits::test
