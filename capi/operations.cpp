#include "guard.hpp"

using namespace samebits;
using samebits::capi::guard;
using samebits::capi::OneCall;
using samebits::capi::Outcome;

namespace {

template <class Document>
Result<Outcome> to_outcome(Result<Document>&& document) {
  if (!document) return std::move(document).error();
  return Outcome{.json = to_json(*document)};
}

Result<Outcome> without_secrets(const Client& client, Result<Outcome>&& outcome) {
  if (!outcome) return client.redacted(std::move(outcome).error());
  outcome->json = client.redacted_document(std::move(outcome->json));
  return std::move(outcome);
}

/// Runs one operation: the request is parsed and the client opened, then `act` has both.
template <class Request, class Act>
sb_code operate(sb_client* client, const char* request_json, sb_result** result,
                Result<Request> (*parse)(std::string_view), Act act) noexcept {
  return guard(result, [&]() -> Result<Outcome> {
    if (auto given = capi::require_client(client); !given) return std::move(given).error();
    const OneCall only(client);
    if (auto taken = only.check(); !taken) return std::move(taken).error();
    const Result<Request> request = parse(capi::request_text(request_json));
    if (!request) return request.error();
    if (!client->open) {
      auto opened = open_client(client->options);
      if (!opened) return std::move(opened).error();
      client->open = *std::move(opened);
    }
    client->open->promoter().watch(client->cancel);
    return without_secrets(*client->open, act(*client->open, *request));
  });
}

/// An operation of the promoter that writes, or gives its plan.
template <class Request>
sb_code write(sb_client* client, const char* request_json, sb_result** result,
              Result<Request> (*parse)(std::string_view), Result<Receipt> (Promoter::*act)(const Request&)) noexcept {
  return operate(client, request_json, result, parse, [act](Client& opened, const Request& request) {
    Promoter& promoter = opened.promoter();
    return request.dry_run ? to_outcome(promoter.plan(request)) : to_outcome((promoter.*act)(request));
  });
}

/// An operation of the promoter that reports.
template <class Request, class Report>
sb_code report(sb_client* client, const char* request_json, sb_result** result,
               Result<Request> (*parse)(std::string_view), Result<Report> (Promoter::*ask)(const Request&)) noexcept {
  return operate(client, request_json, result, parse, [ask](Client& opened, const Request& request) {
    return to_outcome((opened.promoter().*ask)(request));
  });
}

}  // namespace

sb_code sb_promote(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_promote_request, &Promoter::promote);
}

sb_code sb_preview_up(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_preview_up_request, &Promoter::preview_up);
}

sb_code sb_preview_down(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_preview_down_request, &Promoter::preview_down);
}

sb_code sb_preview_prune(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_preview_prune_request, &Promoter::preview_prune);
}

sb_code sb_doctor(sb_client* client, const char* request_json, sb_result** result) {
  return report(client, request_json, result, parse_doctor_request, &Promoter::doctor);
}

sb_code sb_gate_post(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_gate_post_request, &Promoter::gate_post);
}

sb_code sb_release(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_release_request, &Promoter::release);
}

sb_code sb_rollback(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_rollback_request, &Promoter::rollback);
}

sb_code sb_apply(sb_client* client, const char* request_json, sb_result** result) {
  return write(client, request_json, result, parse_apply_request, &Promoter::apply);
}

sb_code sb_preview_list(sb_client* client, const char* request_json, sb_result** result) {
  return report(client, request_json, result, parse_preview_list_request, &Promoter::preview_list);
}

sb_code sb_history(sb_client* client, const char* request_json, sb_result** result) {
  return report(client, request_json, result, parse_history_request, &Promoter::history);
}

sb_code sb_wait(sb_client* client, const char* request_json, sb_result** result) {
  return operate(client, request_json, result, parse_wait_request,
                 [](Client& opened, const WaitRequest& request) -> Result<Outcome> {
                   const auto rollout = opened.promoter().wait(request);
                   if (!rollout) return rollout.error();
                   return Outcome{.json = to_json(*rollout), .kind = outcome_of(*rollout)};
                 });
}

sb_code sb_trace(sb_client* client, const char* request_json, sb_result** result) {
  return report(client, request_json, result, parse_trace_request, &Promoter::trace);
}

sb_code sb_check(sb_client* client, const char* request_json, sb_result** result) {
  return operate(client, request_json, result, parse_check_request,
                 [](Client& opened, const CheckRequest& request) -> Result<Outcome> {
                   const auto found = opened.promoter().check(request);
                   if (!found) return found.error();
                   return Outcome{.json = to_json(*found), .kind = outcome_of(*found)};
                 });
}

sb_code sb_gate_show(sb_client* client, const char* request_json, sb_result** result) {
  return operate(client, request_json, result, parse_gate_show_request,
                 [](Client& opened, const GateShowRequest& request) -> Result<Outcome> {
                   const auto gates = opened.promoter().gate_show(request);
                   if (!gates) return gates.error();
                   return Outcome{.json = to_json(*gates), .kind = outcome_of(*gates, request)};
                 });
}

sb_code sb_status(sb_client* client, const char* request_json, sb_result** result) {
  return operate(client, request_json, result, parse_status_request,
                 [](Client& opened, const StatusRequest& request) -> Result<Outcome> {
                   const auto status = opened.promoter().status(request);
                   if (!status) return status.error();
                   return Outcome{.json = to_json(*status), .kind = outcome_of(*status, request)};
                 });
}

sb_code sb_image_show(sb_client* client, const char* request_json, sb_result** result) {
  return operate(
      client, request_json, result, parse_image_show_request,
      [](Client& opened, const ImageShowRequest& request) { return to_outcome(opened.image_show(request)); });
}

sb_code sb_image_tag(sb_client* client, const char* request_json, sb_result** result) {
  return operate(client, request_json, result, parse_image_tag_request,
                 [](Client& opened, const ImageTagRequest& request) {
                   return request.dry_run ? to_outcome(opened.plan(request)) : to_outcome(opened.image_tag(request));
                 });
}

sb_code sb_image_list(sb_client* client, const char* request_json, sb_result** result) {
  return operate(
      client, request_json, result, parse_image_list_request,
      [](Client& opened, const ImageListRequest& request) { return to_outcome(opened.image_list(request)); });
}
