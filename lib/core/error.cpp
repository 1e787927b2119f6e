#include <algorithm>
#include <array>
#include <ostream>

#include <samebits/error.hpp>

namespace samebits {
namespace {

struct CodeRow {
  ErrorCode code;
  ErrorKind kind;
  std::string_view text;
};

/// In the order of the enumeration, so that a code is its own index.
constexpr std::array code_rows = {
    CodeRow{ErrorCode::internal, ErrorKind::internal, "internal"},
    CodeRow{ErrorCode::out_of_memory, ErrorKind::internal, "out_of_memory"},
    CodeRow{ErrorCode::bad_request, ErrorKind::usage, "bad_request"},
    CodeRow{ErrorCode::bad_option, ErrorKind::usage, "bad_option"},
    CodeRow{ErrorCode::bad_config, ErrorKind::usage, "bad_config"},
    CodeRow{ErrorCode::bad_tag, ErrorKind::usage, "bad_tag"},
    CodeRow{ErrorCode::bad_version, ErrorKind::usage, "bad_version"},
    CodeRow{ErrorCode::bad_commit_id, ErrorKind::usage, "bad_commit_id"},
    CodeRow{ErrorCode::bad_path, ErrorKind::usage, "bad_path"},
    CodeRow{ErrorCode::overlapping_edits, ErrorKind::usage, "overlapping_edits"},
    CodeRow{ErrorCode::invalid_yaml, ErrorKind::usage, "invalid_yaml"},
    CodeRow{ErrorCode::duplicate_key, ErrorKind::usage, "duplicate_key"},
    CodeRow{ErrorCode::shared_anchor, ErrorKind::usage, "shared_anchor"},
    CodeRow{ErrorCode::not_editable, ErrorKind::usage, "not_editable"},
    CodeRow{ErrorCode::findings, ErrorKind::usage, "findings"},
    CodeRow{ErrorCode::gate_failed, ErrorKind::policy, "gate_failed"},
    CodeRow{ErrorCode::gate_missing, ErrorKind::policy, "gate_missing"},
    CodeRow{ErrorCode::gate_ambiguous, ErrorKind::policy, "gate_ambiguous"},
    CodeRow{ErrorCode::not_on_main, ErrorKind::policy, "not_on_main"},
    CodeRow{ErrorCode::wrong_track, ErrorKind::policy, "wrong_track"},
    CodeRow{ErrorCode::version_not_newer, ErrorKind::policy, "version_not_newer"},
    CodeRow{ErrorCode::would_move_backwards, ErrorKind::policy, "would_move_backwards"},
    CodeRow{ErrorCode::diverged, ErrorKind::policy, "diverged"},
    CodeRow{ErrorCode::unknown_current, ErrorKind::policy, "unknown_current"},
    CodeRow{ErrorCode::superseded, ErrorKind::policy, "superseded"},
    CodeRow{ErrorCode::held, ErrorKind::policy, "held"},
    CodeRow{ErrorCode::branch_checked_out, ErrorKind::policy, "branch_checked_out"},
    CodeRow{ErrorCode::refused_by_server, ErrorKind::policy, "refused_by_server"},
    CodeRow{ErrorCode::unverified, ErrorKind::policy, "unverified"},
    CodeRow{ErrorCode::tag_exists, ErrorKind::conflict, "tag_exists"},
    CodeRow{ErrorCode::lost_race, ErrorKind::conflict, "lost_race"},
    CodeRow{ErrorCode::plan_outdated, ErrorKind::conflict, "plan_outdated"},
    CodeRow{ErrorCode::digest_mismatch, ErrorKind::conflict, "digest_mismatch"},
    CodeRow{ErrorCode::gate_pending, ErrorKind::pending, "gate_pending"},
    CodeRow{ErrorCode::timed_out, ErrorKind::pending, "timed_out"},
    CodeRow{ErrorCode::not_rolled_out, ErrorKind::pending, "not_rolled_out"},
    CodeRow{ErrorCode::cancelled, ErrorKind::cancelled, "cancelled"},
    CodeRow{ErrorCode::unauthenticated, ErrorKind::auth, "unauthenticated"},
    CodeRow{ErrorCode::permission_missing, ErrorKind::auth, "permission_missing"},
    CodeRow{ErrorCode::image_missing, ErrorKind::not_found, "image_missing"},
    CodeRow{ErrorCode::commit_missing, ErrorKind::not_found, "commit_missing"},
    CodeRow{ErrorCode::file_missing, ErrorKind::not_found, "file_missing"},
    CodeRow{ErrorCode::key_missing, ErrorKind::not_found, "key_missing"},
    CodeRow{ErrorCode::repository_missing, ErrorKind::not_found, "repository_missing"},
    CodeRow{ErrorCode::pull_request_missing, ErrorKind::not_found, "pull_request_missing"},
    CodeRow{ErrorCode::nothing_to_roll_back, ErrorKind::not_found, "nothing_to_roll_back"},
    CodeRow{ErrorCode::rate_limited, ErrorKind::rate_limited, "rate_limited"},
    CodeRow{ErrorCode::unreachable, ErrorKind::transient, "unreachable"},
    CodeRow{ErrorCode::server_error, ErrorKind::transient, "server_error"},
    CodeRow{ErrorCode::outcome_unknown, ErrorKind::transient, "outcome_unknown"},
    CodeRow{ErrorCode::bad_answer, ErrorKind::protocol, "bad_answer"},
    CodeRow{ErrorCode::git_protocol_v2_needed, ErrorKind::protocol, "git_protocol_v2_needed"},
    CodeRow{ErrorCode::unsupported, ErrorKind::protocol, "unsupported"},
    CodeRow{ErrorCode::application_missing, ErrorKind::not_found, "application_missing"},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < code_rows.size(); ++i)
    if (static_cast<std::size_t>(code_rows[i].code) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

ErrorKind kind_of(ErrorCode code) noexcept { return code_rows[static_cast<std::size_t>(code)].kind; }

std::string_view to_string(ErrorCode code) noexcept { return code_rows[static_cast<std::size_t>(code)].text; }

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::none:
      return "none";
    case ErrorKind::internal:
      return "internal";
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::policy:
      return "policy";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::pending:
      return "pending";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::auth:
      return "auth";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::rate_limited:
      return "rate_limited";
    case ErrorKind::transient:
      return "transient";
    case ErrorKind::protocol:
      return "protocol";
  }
  return "internal";
}

std::optional<ErrorCode> error_code_from(std::string_view text) noexcept {
  const auto* const row = std::find_if(code_rows.begin(), code_rows.end(),
                                       [&](const CodeRow& candidate) { return candidate.text == text; });
  return row == code_rows.end() ? std::nullopt : std::optional(row->code);
}

std::ostream& operator<<(std::ostream& out, const Error& error) {
  out << "error: ";
  if (!error.where.file.empty()) {
    out << error.where.file << ':';
    if (error.where.line > 0) out << error.where.line << ':' << error.where.column << ':';
    out << ' ';
  }
  out << error.message << " (" << to_string(error.code) << ')';
  if (!error.remote.empty()) out << "\n  at: " << error.remote;
  if (!error.hint.empty()) out << "\n  hint: " << error.hint;
  return out;
}

}  // namespace samebits
