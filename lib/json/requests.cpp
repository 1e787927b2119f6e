#include <array>
#include <charconv>

#include "json/request_reader.hpp"

namespace samebits {

Result<PromoteRequest> parse_promote_request(std::string_view json) {
  return read_request<PromoteRequest>(json, [](RequestReader& reader, PromoteRequest& request) {
    reader.text("environment", request.environment)
        .text("sha", request.sha)
        .texts("service", request.services)
        .flag("adopt", request.adopt)
        .flag("dryRun", request.dry_run)
        .flag("wait", request.wait)
        .timeout(request.timeout);
  });
}

Result<PreviewUpRequest> parse_preview_up_request(std::string_view json) {
  return read_request<PreviewUpRequest>(json, [](RequestReader& reader, PreviewUpRequest& request) {
    reader.number("pr", request.pr)
        .text("sha", request.sha)
        .text("service", request.service)
        .flag("adopt", request.adopt)
        .flag("dryRun", request.dry_run)
        .timeout(request.timeout);
  });
}

Result<PreviewDownRequest> parse_preview_down_request(std::string_view json) {
  return read_request<PreviewDownRequest>(json, [](RequestReader& reader, PreviewDownRequest& request) {
    reader.number("pr", request.pr)
        .text("service", request.service)
        .flag("dryRun", request.dry_run)
        .timeout(request.timeout);
  });
}

Result<PreviewPruneRequest> parse_preview_prune_request(std::string_view json) {
  return read_request<PreviewPruneRequest>(json, [](RequestReader& reader, PreviewPruneRequest& request) {
    reader.text("service", request.service).flag("dryRun", request.dry_run).timeout(request.timeout);
  });
}

Result<DoctorRequest> parse_doctor_request(std::string_view json) {
  return read_request<DoctorRequest>(json, [](RequestReader& reader, DoctorRequest& request) {
    reader.text("service", request.service).timeout(request.timeout);
  });
}

Result<ReleaseRequest> parse_release_request(std::string_view json) {
  return read_request<ReleaseRequest>(json, [](RequestReader& reader, ReleaseRequest& request) {
    reader.text("version", request.version)
        .text("sha", request.sha)
        .text("service", request.service)
        .flag("adopt", request.adopt)
        .flag("dryRun", request.dry_run)
        .flag("wait", request.wait)
        .timeout(request.timeout);
  });
}

Result<RollbackRequest> parse_rollback_request(std::string_view json) {
  return read_request<RollbackRequest>(json, [](RequestReader& reader, RollbackRequest& request) {
    reader.text("target", request.target)
        .text("to", request.to)
        .texts("service", request.services)
        .flag("dryRun", request.dry_run)
        .timeout(request.timeout);
  });
}

Result<GatePostRequest> parse_gate_post_request(std::string_view json) {
  return read_request<GatePostRequest>(json, [](RequestReader& reader, GatePostRequest& request) {
    reader.text("gate", request.gate)
        .text("sha", request.sha)
        .text("conclusion", request.conclusion)
        .text("digest", request.digest)
        .text("url", request.url)
        .text("summary", request.summary)
        .text("service", request.service)
        .flag("dryRun", request.dry_run)
        .timeout(request.timeout);
  });
}

Result<GateShowRequest> parse_gate_show_request(std::string_view json) {
  return read_request<GateShowRequest>(json, [](RequestReader& reader, GateShowRequest& request) {
    reader.text("sha", request.sha)
        .text("gate", request.gate)
        .text("service", request.service)
        .flag("exitZero", request.exit_zero)
        .timeout(request.timeout);
  });
}

Result<HistoryRequest> parse_history_request(std::string_view json) {
  return read_request<HistoryRequest>(json, [](RequestReader& reader, HistoryRequest& request) {
    reader.text("environment", request.environment)
        .text("service", request.service)
        .number("limit", request.limit)
        .timeout(request.timeout);
  });
}

Result<TraceRequest> parse_trace_request(std::string_view json) {
  return read_request<TraceRequest>(json, [](RequestReader& reader, TraceRequest& request) {
    reader.text("ref", request.ref).text("service", request.service).timeout(request.timeout);
  });
}

Result<CheckRequest> parse_check_request(std::string_view json) {
  return read_request<CheckRequest>(json, [](RequestReader& reader, CheckRequest& request) {
    reader.flag("all", request.all).text("service", request.service).timeout(request.timeout);
  });
}

Result<StatusRequest> parse_status_request(std::string_view json) {
  return read_request<StatusRequest>(json, [](RequestReader& reader, StatusRequest& request) {
    reader.flag("exitCode", request.exit_code).text("service", request.service).timeout(request.timeout);
  });
}

Result<PreviewListRequest> parse_preview_list_request(std::string_view json) {
  return read_request<PreviewListRequest>(json, [](RequestReader& reader, PreviewListRequest& request) {
    reader.text("service", request.service).timeout(request.timeout);
  });
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
