#pragma once

#include <string>
#include <string_view>

#include <samebits/client.hpp>
#include <samebits/init.hpp>
#include <samebits/plan.hpp>
#include <samebits/receipt.hpp>
#include <samebits/reports.hpp>
#include <samebits/requests.hpp>
#include <samebits/tag_requests.hpp>
#include <samebits/values_file.hpp>
#include <samebits/values_requests.hpp>

namespace samebits {

/// The version of the library, `0.1.0`.
std::string_view version() noexcept;

// Documents: one JSON object on one line, with apiVersion and kind.
std::string to_json(const Error& error);
std::string to_json(const Receipt& receipt);
std::string to_json(const Plan& plan);
std::string to_json(const GateReport& report);
std::string to_json(const Status& status);
std::string to_json(const Environments& environments);
std::string to_json(const History& history);
std::string to_json(const Trace& trace);
std::string to_json(const ImageReport& image);
std::string to_json(const ImagesReport& images);
std::string to_json(const Report& report);
std::string to_json(const Rollout& rollout);
/// One event of a wait.
std::string to_json(const ApplicationRollout& rollout, std::chrono::seconds waited);
std::string to_json(const ImageTag& tag);
std::string to_json(const std::vector<ImageTag>& tags);
/// `diff` is the unified diff of the file.
std::string to_json(const EditedValues& edited, std::string_view file, std::string_view diff);
std::string to_json(const ValuesFileEdit& edit);
/// The values that were found, in order.
std::string to_json(const std::vector<FoundValue>& values, std::string_view file);

// Requests: unknown and duplicate members, and members of another type, are refused.
// Errors: bad_request, naming the member.
Result<PromoteRequest> parse_promote_request(std::string_view json);
Result<PreviewUpRequest> parse_preview_up_request(std::string_view json);
Result<PreviewDownRequest> parse_preview_down_request(std::string_view json);
Result<PreviewPruneRequest> parse_preview_prune_request(std::string_view json);
Result<ReleaseRequest> parse_release_request(std::string_view json);
Result<RollbackRequest> parse_rollback_request(std::string_view json);
Result<GatePostRequest> parse_gate_post_request(std::string_view json);
Result<GateShowRequest> parse_gate_show_request(std::string_view json);
Result<HistoryRequest> parse_history_request(std::string_view json);
Result<TraceRequest> parse_trace_request(std::string_view json);
Result<CheckRequest> parse_check_request(std::string_view json);
Result<DoctorRequest> parse_doctor_request(std::string_view json);
Result<StatusRequest> parse_status_request(std::string_view json);
Result<PreviewListRequest> parse_preview_list_request(std::string_view json);
Result<WaitRequest> parse_wait_request(std::string_view json);
Result<ApplyRequest> parse_apply_request(std::string_view json);
Result<InitFolderRequest> parse_init_request(std::string_view json);
Result<ImageShowRequest> parse_image_show_request(std::string_view json);
Result<ImageTagRequest> parse_image_tag_request(std::string_view json);
Result<ImageListRequest> parse_image_list_request(std::string_view json);
Result<TagParseRequest> parse_tag_parse_request(std::string_view json);
Result<TagFormatRequest> parse_tag_format_request(std::string_view json);
Result<TagSortRequest> parse_tag_sort_request(std::string_view json);
// Errors: also bad_path, of a path or an assignment.
Result<ValuesGetRequest> parse_values_get_request(std::string_view json);
Result<ValuesEditRequest> parse_values_set_request(std::string_view json);
Result<ValuesEditRequest> parse_values_delete_request(std::string_view json);
Result<ValuesEditRequest> parse_values_append_request(std::string_view json);
/// Of bytes: `set`, `delete` and `append` together.
Result<ValuesEditRequest> parse_values_edit_request(std::string_view json);
/// The configuration of a client. Errors: bad_request, bad_option.
Result<ClientOptions> parse_client_options(std::string_view json);

// The requests as JSON: what a plan keeps.
std::string to_json(const PromoteRequest& request);
std::string to_json(const PreviewUpRequest& request);
std::string to_json(const PreviewDownRequest& request);
std::string to_json(const PreviewPruneRequest& request);
std::string to_json(const ReleaseRequest& request);
std::string to_json(const RollbackRequest& request);
std::string to_json(const GatePostRequest& request);

/// `90s`, `5m`, `1h30m`. Errors: bad_option.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The same, or `0s`.
Result<std::chrono::milliseconds> parse_hold(std::string_view text);

/// `error`, `warn`, `info`, `debug`, `trace`. Errors: bad_option.
Result<LogLevel> parse_log_level(std::string_view text);
std::string_view to_string(LogLevel level) noexcept;

/// Unified diff of two versions of a file; empty where they are equal.
std::string diff_of(std::string_view file, std::string_view before, std::string_view after);

}  // namespace samebits
