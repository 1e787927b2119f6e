#include <samebits/documents.hpp>
#include <samebits/promoter.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/apply.hpp"
#include "promotion/execute.hpp"
#include "promotion/gate_post.hpp"
#include "promotion/intents.hpp"
#include "promotion/observe.hpp"
#include "promotion/prune.hpp"
#include "promotion/queries.hpp"
#include "promotion/receipts.hpp"
#include "promotion/rollouts.hpp"

namespace samebits {

Result<Changes*> ServicePorts::changes(const Service&) { return static_cast<Changes*>(nullptr); }
Result<Releases*> ServicePorts::releases(const Service&) { return static_cast<Releases*>(nullptr); }

struct Promoter::Body {
  Setup setup;

  Context context(const Timeout& timeout) const {
    return {.deadline = Context::Clock::now() + timeout.value_or(setup.options.timeout),
            .cancel = setup.options.cancel,
            .log = setup.options.log};
  }

  template <class Request>
  static bool wants_wait(const Request& request) {
    if constexpr (requires { request.wait; }) return request.wait;
    return false;
  }

  template <class Request>
  Result<Receipt> run(const Request& request, const SavedPlan* saved = nullptr) {
    SB_TRY(const auto intent, to_intent(request));
    Context context = this->context(request.timeout);
    bool reconciled = false;
    SB_TRY(auto receipt, execute(context, setup, intent, saved, &reconciled));
    const bool wait = wants_wait(request);
    if (!wait && (!reconciled || intent.operation != Operation::release)) return receipt;
    SB_TRY(const auto session, Session::open(context, setup));
    SB_CHECK(finish_with_rollouts(*session, intent, wait, receipt));
    return receipt;
  }

  /// What `found` names is removed, each in a commit of its own.
  Result<Receipt> run(const PreviewPruneRequest& request, const SavedPlan* saved = nullptr) {
    Context context = this->context(request.timeout);
    SB_TRY(const auto session, Session::open(context, setup));
    SB_TRY(auto found, find_prunable(*session, request));
    if (saved != nullptr) {
      SB_TRY(const Plan now, plan(request, *session, found));
      SB_CHECK(require_same_plan(*saved, now));
    }
    Receipt all{.operation = "preview-prune",
                .actor = setup.options.author.str(),
                .policy = session->policy(),
                .warnings = std::move(found.kept)};
    for (const PreviewDownRequest& preview : found.previews) {
      SB_TRY(const auto intent, to_intent(preview));
      SB_TRY(auto removed, execute(context, setup, intent));
      add_removed(all, preview, std::move(removed));
    }
    return all;
  }

  Result<Plan> plan(const PreviewPruneRequest& request, Session& session, const Prunable& found) {
    Plan all;
    all.operation = "preview-prune";
    all.request = to_json(request);
    all.basis.gitops.repository = setup.ports.gitops.location();
    all.basis.gitops.branch = setup.ports.gitops.branch();
    all.basis.gitops.commit = session.tip();
    all.basis.policy = session.policy();
    all.warnings = found.kept;
    for (const PreviewDownRequest& preview : found.previews) {
      SB_TRY(auto planned, plan(preview));
      add_planned(all, std::move(planned));
    }
    return all;
  }

  template <class Request>
  Result<Plan> plan(const Request& request) {
    SB_TRY(const auto intent, to_intent(request));
    Context context = this->context(request.timeout);
    SB_TRY(const auto session, Session::open(context, setup));
    SB_CHECK(require_own_policy(*session, intent.operation));
    Facts facts;
    SB_TRY(const auto decision, decide(*session, intent, facts));
    SB_TRY(auto planned, to_plan(*session, decision, facts));
    planned.request = to_json(request);
    return planned;
  }

  template <class Answer, class Request, class Query>
  Result<Answer> ask(const Request& request, Query query) {
    Context context = this->context(request.timeout);
    SB_TRY(const auto session, Session::open(context, setup));
    return query(*session);
  }
};

Promoter::Promoter(Ports ports, PromoterOptions options)
    : body_(new Body{.setup = {.ports = ports, .options = std::move(options)}}) {}
Promoter::~Promoter() = default;
Promoter::Promoter(Promoter&&) noexcept = default;
Promoter& Promoter::operator=(Promoter&&) noexcept = default;

Result<Receipt> Promoter::promote(const PromoteRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::preview_up(const PreviewUpRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::preview_down(const PreviewDownRequest& request) { return body_->run(request); }

Result<Receipt> Promoter::preview_prune(const PreviewPruneRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::release(const ReleaseRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::rollback(const RollbackRequest& request) { return body_->run(request); }

Result<Receipt> Promoter::gate_post(const GatePostRequest& request) {
  SB_TRY(const auto intent, to_intent(request));
  return body_->ask<Receipt>(request, [&](Session& session) { return post_gate(session, intent, request); });
}

Result<Plan> Promoter::plan(const PromoteRequest& request) { return body_->plan(request); }
Result<Plan> Promoter::plan(const PreviewUpRequest& request) { return body_->plan(request); }
Result<Plan> Promoter::plan(const PreviewDownRequest& request) { return body_->plan(request); }

Result<Plan> Promoter::plan(const PreviewPruneRequest& request) {
  Context context = body_->context(request.timeout);
  SB_TRY(const auto session, Session::open(context, body_->setup));
  SB_TRY(const auto found, find_prunable(*session, request));
  return body_->plan(request, *session, found);
}

Result<Plan> Promoter::plan(const ReleaseRequest& request) { return body_->plan(request); }
Result<Plan> Promoter::plan(const RollbackRequest& request) { return body_->plan(request); }

Result<Plan> Promoter::plan(const GatePostRequest& request) {
  SB_TRY(auto planned, body_->plan(request));
  planned.promotion_id.clear();
  planned.steps = {{.name = "evidence",
                    .action = fmt::format("record {} of gate {}", request.conclusion, request.gate),
                    .reason = planned.images.front().digest.str()}};
  return planned;
}

namespace {

/// Reads the request that a plan keeps, and lets `act` have both.
template <class Answer, class Act>
Result<Answer> with_saved(const ApplyRequest& apply, Act act) {
  SB_TRY(const auto saved, read_plan(apply.plan));
  const auto with = [&](auto request) -> Result<Answer> {
    if (!request) return std::move(request).error();
    request->timeout = apply.timeout;
    return act(saved, *request);
  };
  const std::string& text = saved.request;
  if (saved.operation == "promote") return with(parse_promote_request(text));
  if (saved.operation == "preview-up") return with(parse_preview_up_request(text));
  if (saved.operation == "preview-down") return with(parse_preview_down_request(text));
  if (saved.operation == "preview-prune") return with(parse_preview_prune_request(text));
  if (saved.operation == "release") return with(parse_release_request(text));
  if (saved.operation == "rollback") return with(parse_rollback_request(text));
  if (saved.operation == "gate-post") return with(parse_gate_post_request(text));
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("a plan of '{}' cannot be applied", printable(saved.operation)),
               .hint = "plans of promote, preview, release, rollback and gate post can"};
}

template <class Request>
Result<Plan> same_plan(Promoter& promoter, const SavedPlan& saved, const Request& request) {
  SB_TRY(auto now, promoter.plan(request));
  SB_CHECK(require_same_plan(saved, now));
  return now;
}

}  // namespace

Result<Receipt> Promoter::apply(const ApplyRequest& request) {
  return with_saved<Receipt>(request, [this](const SavedPlan& saved, const auto& kept) -> Result<Receipt> {
    if constexpr (std::is_same_v<std::decay_t<decltype(kept)>, GatePostRequest>) {
      SB_CHECK(same_plan(*this, saved, kept));
      return gate_post(kept);
    } else {
      return body_->run(kept, &saved);
    }
  });
}

Result<Plan> Promoter::plan(const ApplyRequest& request) {
  return with_saved<Plan>(request,
                          [this](const SavedPlan& saved, const auto& kept) { return same_plan(*this, saved, kept); });
}

Context Promoter::context(const Timeout& timeout) const { return body_->context(timeout); }
void Promoter::tell(RolloutProgress progress) { body_->setup.options.progress = std::move(progress); }
void Promoter::watch(const CancelToken* cancel) noexcept { body_->setup.options.cancel = cancel; }

Result<GateReport> Promoter::gate_show(const GateShowRequest& request) {
  return body_->ask<GateReport>(request, [&](Session& session) { return show_gates(session, request); });
}
Result<Environments> Promoter::preview_list(const PreviewListRequest& request) {
  return body_->ask<Environments>(request, [&](Session& session) { return list_previews(session, request); });
}
Result<Rollout> Promoter::wait(const WaitRequest& request) {
  return body_->ask<Rollout>(request, [&](Session& session) { return wait_for_request(session, request); });
}
Result<Status> Promoter::status(const StatusRequest& request) {
  return body_->ask<Status>(request, [&](Session& session) { return read_status(session, request); });
}
Result<History> Promoter::history(const HistoryRequest& request) {
  return body_->ask<History>(request, [&](Session& session) { return read_history(session, request); });
}
Result<Trace> Promoter::trace(const TraceRequest& request) {
  return body_->ask<Trace>(request, [&](Session& session) { return trace_reference(session, request); });
}

Result<Report> Promoter::doctor(const DoctorRequest& request) {
  return body_->ask<Report>(request, [&](Session& session) { return examine_pipeline(session, request); });
}

Result<Report> Promoter::check(const CheckRequest& request) {
  Context context = body_->context(request.timeout);
  auto session = Session::open(context, body_->setup);
  if (session) return check_pipeline(**session, request);
  if (session.error().code != ErrorCode::bad_config) return std::move(session).error();
  return config_findings(context, body_->setup);
}

}  // namespace samebits
