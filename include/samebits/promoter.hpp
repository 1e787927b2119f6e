#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <samebits/branch_rules.hpp>
#include <samebits/changes.hpp>
#include <samebits/clock.hpp>
#include <samebits/evidence.hpp>
#include <samebits/gitops.hpp>
#include <samebits/pipeline.hpp>
#include <samebits/plan.hpp>
#include <samebits/reconciler.hpp>
#include <samebits/registry.hpp>
#include <samebits/releases.hpp>
#include <samebits/reports.hpp>
#include <samebits/requests.hpp>
#include <samebits/rollout.hpp>
#include <samebits/source.hpp>

namespace samebits {

/// Gives the ports of a service. Ports are made once and live as long as this object.
class ServicePorts {
 public:
  virtual ~ServicePorts() = default;
  virtual Result<Source*> source(const Service& service) = 0;
  virtual Result<Registry*> registry(const Service& service) = 0;
  virtual Result<Evidence*> evidence(const Service& service) = 0;
  /// Null where the source has no forge.
  virtual Result<Changes*> changes(const Service& service);
  /// Null where the source has no forge, or one without releases.
  virtual Result<Releases*> releases(const Service& service);
  /// Of the repository at `location`, as Git is given it. Null where it is at no forge that is known.
  virtual Result<Rules*> rules(const Pipeline&, const std::string& location) {
    (void)location;
    return nullptr;
  }
  /// Null where the pipeline has none.
  virtual Result<Reconciler*> reconciler(const Pipeline&, const Environment&) { return nullptr; }
};

/// Everything that a promoter works on; borrowed, owned by the caller.
struct Ports {
  GitOps& gitops;
  ServicePorts& services;
  Clock& clock;
};

struct PromoterOptions {
  /// Author of commits and tags, and the actor of records.
  Person author = {};
  /// Instead of the message template's title; trailers are always added.
  std::string message = {};
  /// Of each operation.
  std::chrono::milliseconds timeout = std::chrono::minutes(5);
  /// Borrowed; may be null.
  const CancelToken* cancel = nullptr;
  std::function<void(LogLevel, std::string_view)> log = {};
  /// Of a wait; called by the thread that waits.
  RolloutProgress progress = {};
  /// A pipeline definition instead of the one in the repository; refused by `release` and `rollback` where the
  /// repository has its own.
  std::optional<std::string> config = {};
  std::string config_name = "samebits.yaml";
};

/// The engine: needs, observe, plan, apply, verify. Every operation can be run again with the same request: it
/// completes what is missing, or changes nothing, or says why not. Errors: of every operation, the codes of INTERFACES;
/// of a refusal, nothing was written. Thread: one operation at a time; any number of promoters, in any number of
/// processes, at the same time.
class Promoter {
 public:
  Promoter(Ports ports, PromoterOptions options);
  ~Promoter();
  Promoter(Promoter&&) noexcept;
  Promoter& operator=(Promoter&&) noexcept;

  Result<Receipt> promote(const PromoteRequest& request);
  Result<Receipt> preview_up(const PreviewUpRequest& request);
  Result<Receipt> preview_down(const PreviewDownRequest& request);
  /// Errors: unsupported where a source has no forge to ask.
  Result<Receipt> preview_prune(const PreviewPruneRequest& request);
  Result<Receipt> release(const ReleaseRequest& request);
  Result<Receipt> rollback(const RollbackRequest& request);
  Result<Receipt> gate_post(const GatePostRequest& request);
  /// Carries out a plan if the world still gives the same one. Errors: plan_outdated.
  Result<Receipt> apply(const ApplyRequest& request);

  /// What the operation would do, with nothing written; `dry_run` of the request is ignored.
  Result<Plan> plan(const PromoteRequest& request);
  Result<Plan> plan(const PreviewUpRequest& request);
  Result<Plan> plan(const PreviewDownRequest& request);
  Result<Plan> plan(const PreviewPruneRequest& request);
  Result<Plan> plan(const ReleaseRequest& request);
  Result<Plan> plan(const RollbackRequest& request);
  Result<Plan> plan(const GatePostRequest& request);
  /// The plan as it is made now. Errors: plan_outdated if it is another one.
  Result<Plan> plan(const ApplyRequest& request);

  Result<GateReport> gate_show(const GateShowRequest& request);
  Result<Environments> preview_list(const PreviewListRequest& request = {});
  /// Until the reconciler has commit, value and image of the environment, healthy and holding.
  /// How it ended otherwise is part of the result. Errors: where it could not be waited for at all.
  Result<Rollout> wait(const WaitRequest& request);
  Result<Status> status(const StatusRequest& request = {});
  Result<History> history(const HistoryRequest& request);
  Result<Trace> trace(const TraceRequest& request);
  Result<Report> check(const CheckRequest& request = {});
  /// What is wrong with a service of the pipeline is a finding, and so is one that cannot be reached.
  Result<Report> doctor(const DoctorRequest& request = {});

  /// The context that an operation which begins now is given.
  Context context(const Timeout& timeout = {}) const;
  /// Tells of waits from the next operation on.
  void tell(RolloutProgress progress);
  /// Watches `cancel` from the next operation on; borrowed, may be null.
  void watch(const CancelToken* cancel) noexcept;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace samebits
