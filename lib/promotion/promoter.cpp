#include <samebits/documents.hpp>
#include <samebits/promoter.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/apply.hpp"
#include "promotion/execute.hpp"
#include "promotion/gate_post.hpp"
#include "promotion/intents.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"
#include "promotion/receipts.hpp"

namespace samebits {

struct Promoter::Body {
  Ports ports;
  PromoterOptions options;

  Context context() const {
    return {.deadline = Context::Clock::now() + options.timeout, .cancel = options.cancel, .log = options.log};
  }

  template <class Request>
  Result<Receipt> run(const Request& request, const SavedPlan* saved = nullptr) const {
    SB_TRY(const auto intent, to_intent(request));
    Context context = this->context();
    return execute(context, ports, options, intent, saved);
  }

  template <class Request>
  Result<Plan> plan(const Request& request) const {
    SB_TRY(const auto intent, to_intent(request));
    Context context = this->context();
    SB_TRY(const auto session, Session::open(context, ports, options));
    SB_CHECK(require_own_policy(*session, intent.operation));
    Facts facts;
    SB_TRY(const auto decision, decide(*session, intent, facts));
    SB_TRY(auto planned, to_plan(*session, decision, facts));
    planned.request = to_json(request);
    return planned;
  }

  template <class Answer, class Query>
  Result<Answer> ask(Query query) const {
    Context context = this->context();
    SB_TRY(const auto session, Session::open(context, ports, options));
    return query(*session);
  }
};

Promoter::Promoter(Ports ports, PromoterOptions options)
    : body_(new Body{.ports = ports, .options = std::move(options)}) {}
Promoter::~Promoter() = default;
Promoter::Promoter(Promoter&&) noexcept = default;
Promoter& Promoter::operator=(Promoter&&) noexcept = default;

Result<Receipt> Promoter::promote(const PromoteRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::preview_up(const PreviewUpRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::preview_down(const PreviewDownRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::release(const ReleaseRequest& request) { return body_->run(request); }
Result<Receipt> Promoter::rollback(const RollbackRequest& request) { return body_->run(request); }

Result<Receipt> Promoter::gate_post(const GatePostRequest& request) {
  SB_TRY(const auto intent, to_intent(request));
  return body_->ask<Receipt>([&](Session& session) { return post_gate(session, intent, request); });
}

Result<Plan> Promoter::plan(const PromoteRequest& request) { return body_->plan(request); }
Result<Plan> Promoter::plan(const PreviewUpRequest& request) { return body_->plan(request); }
Result<Plan> Promoter::plan(const PreviewDownRequest& request) { return body_->plan(request); }
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

Result<Receipt> Promoter::apply(std::string_view plan_json) {
  SB_TRY(const auto saved, read_plan(plan_json));
  const std::string& text = saved.request;
  const auto run = [&](const auto& request) -> Result<Receipt> {
    if (!request) return request.error();
    return body_->run(*request, &saved);
  };
  if (saved.operation == "promote") return run(parse_promote_request(text));
  if (saved.operation == "preview-up") return run(parse_preview_up_request(text));
  if (saved.operation == "preview-down") return run(parse_preview_down_request(text));
  if (saved.operation == "release") return run(parse_release_request(text));
  if (saved.operation == "rollback") return run(parse_rollback_request(text));
  if (saved.operation == "gate-post") {
    SB_TRY(const auto request, parse_gate_post_request(text));
    SB_TRY(const auto now, plan(request));
    SB_CHECK(require_same_plan(saved, now));
    return gate_post(request);
  }
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("a plan of '{}' cannot be applied", printable(saved.operation)),
               .hint = "plans of promote, preview, release, rollback and gate post can"};
}

Result<GateReport> Promoter::gate_show(const GateShowRequest& request) {
  return body_->ask<GateReport>([&](Session& session) { return show_gates(session, request); });
}
Result<Environments> Promoter::preview_list() {
  return body_->ask<Environments>([](Session& session) { return list_previews(session); });
}
Result<Status> Promoter::status() {
  return body_->ask<Status>([](Session& session) { return read_status(session); });
}
Result<History> Promoter::history(const HistoryRequest& request) {
  return body_->ask<History>([&](Session& session) { return read_history(session, request); });
}
Result<Trace> Promoter::trace(const TraceRequest& request) {
  return body_->ask<Trace>([&](Session& session) { return trace_reference(session, request); });
}

Result<Report> Promoter::check(const CheckRequest& request) {
  Context context = body_->context();
  auto session = Session::open(context, body_->ports, body_->options);
  if (session) return check_pipeline(**session, request);
  if (session.error().code != ErrorCode::bad_config) return std::move(session).error();
  return config_findings(context, body_->ports, body_->options);
}

}  // namespace samebits
