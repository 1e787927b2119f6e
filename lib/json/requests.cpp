#include <array>
#include <charconv>

#include "json/request_reader.hpp"

namespace samebits {
Result<PromoteRequest> parse_promote_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PromoteRequest request;
  SB_CHECK(reader.text("environment", request.environment)
               .text("sha", request.sha)
               .texts("service", request.services)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .flag("wait", request.wait)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<PreviewUpRequest> parse_preview_up_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewUpRequest request;
  SB_CHECK(reader.number("pr", request.pr)
               .text("sha", request.sha)
               .text("service", request.service)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<PreviewDownRequest> parse_preview_down_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewDownRequest request;
  SB_CHECK(reader.number("pr", request.pr)
               .text("service", request.service)
               .flag("dryRun", request.dry_run)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<PreviewPruneRequest> parse_preview_prune_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewPruneRequest request;
  SB_CHECK(reader.text("service", request.service).flag("dryRun", request.dry_run).timeout(request.timeout).finish());
  return request;
}

Result<DoctorRequest> parse_doctor_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  DoctorRequest request;
  SB_CHECK(reader.timeout(request.timeout).finish());
  return request;
}

Result<ReleaseRequest> parse_release_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ReleaseRequest request;
  SB_CHECK(reader.text("version", request.version)
               .text("sha", request.sha)
               .text("service", request.service)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .flag("wait", request.wait)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<RollbackRequest> parse_rollback_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  RollbackRequest request;
  SB_CHECK(reader.text("target", request.target)
               .text("to", request.to)
               .texts("service", request.services)
               .flag("dryRun", request.dry_run)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<GatePostRequest> parse_gate_post_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  GatePostRequest request;
  SB_CHECK(reader.text("gate", request.gate)
               .text("sha", request.sha)
               .text("conclusion", request.conclusion)
               .text("digest", request.digest)
               .text("url", request.url)
               .text("summary", request.summary)
               .text("service", request.service)
               .flag("dryRun", request.dry_run)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<GateShowRequest> parse_gate_show_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  GateShowRequest request;
  SB_CHECK(reader.text("sha", request.sha)
               .text("gate", request.gate)
               .text("service", request.service)
               .flag("exitZero", request.exit_zero)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<HistoryRequest> parse_history_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  HistoryRequest request;
  SB_CHECK(reader.text("environment", request.environment)
               .text("service", request.service)
               .number("limit", request.limit)
               .timeout(request.timeout)
               .finish());
  return request;
}

Result<TraceRequest> parse_trace_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  TraceRequest request;
  SB_CHECK(reader.text("ref", request.ref).text("service", request.service).timeout(request.timeout).finish());
  return request;
}

Result<CheckRequest> parse_check_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  CheckRequest request;
  SB_CHECK(reader.flag("all", request.all).timeout(request.timeout).finish());
  return request;
}

Result<StatusRequest> parse_status_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  StatusRequest request;
  SB_CHECK(reader.flag("exitCode", request.exit_code).timeout(request.timeout).finish());
  return request;
}

Result<PreviewListRequest> parse_preview_list_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewListRequest request;
  SB_CHECK(reader.timeout(request.timeout).finish());
  return request;
}

Result<ApplyRequest> parse_apply_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ApplyRequest request;
  const Json* plan = nullptr;
  SB_CHECK(reader.any("plan", plan).flag("dryRun", request.dry_run).timeout(request.timeout).finish());
  if (plan == nullptr || plan->object() == nullptr)
    return Error{.code = ErrorCode::bad_request,
                 .message = "the request lacks 'plan', the document that a dry run gave",
                 .hint = "give it: {\"plan\": {\"kind\": \"Plan\", ...}}"};
  request.plan = write_json(*plan);
  return request;
}

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level : {LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug, LogLevel::trace})
    if (to_string(level) == text) return level;
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' is no log level", printable(text)),
               .hint = "error, warn, info, debug or trace"};
}

std::string_view to_string(LogLevel level) noexcept {
  constexpr std::array<std::string_view, 5> names{"error", "warn", "info", "debug", "trace"};
  return names.at(static_cast<std::size_t>(level));
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error bad{.code = ErrorCode::bad_option,
                  .message = fmt::format("'{}' is no duration", printable(text)),
                  .hint = "write 90s, 5m or 1h30m"};
  std::int64_t seconds = 0;
  std::string_view rest = text;
  std::int64_t largest = 1000000;
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    const auto used = static_cast<std::size_t>(end - rest.data());
    if (failure != std::errc() || count < 0 || count > 1000000 || used == rest.size()) return bad;
    const std::int64_t unit = rest[used] == 'h' ? 3600 : rest[used] == 'm' ? 60 : rest[used] == 's' ? 1 : 0;
    if (unit == 0 || unit >= largest) return bad;
    largest = unit;
    seconds += count * unit;
    rest.remove_prefix(used + 1);
  }
  if (seconds == 0) return bad;
  return std::chrono::milliseconds(seconds * 1000);
}

}  // namespace samebits
