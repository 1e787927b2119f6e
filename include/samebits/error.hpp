#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace samebits {

/// What sort of failure: equals the exit status of the CLI and `sb_code` of the C ABI.
enum class ErrorKind : std::int32_t {
  none = 0,
  internal = 1,
  usage = 2,
  policy = 10,
  conflict = 11,
  pending = 12,
  cancelled = 13,
  auth = 20,
  not_found = 21,
  rate_limited = 22,
  transient = 23,
  protocol = 24,
};

/// What exactly failed. The list is closed; each code has one kind.
enum class ErrorCode {
  internal,
  out_of_memory,
  bad_request,
  bad_option,
  bad_config,
  bad_tag,
  bad_version,
  bad_commit_id,
  bad_path,
  overlapping_edits,
  invalid_yaml,
  duplicate_key,
  shared_anchor,
  not_editable,
  findings,
  gate_failed,
  gate_missing,
  gate_ambiguous,
  not_on_main,
  wrong_track,
  version_not_newer,
  would_move_backwards,
  diverged,
  unknown_current,
  superseded,
  held,
  branch_checked_out,
  refused_by_server,
  unverified,
  tag_exists,
  lost_race,
  plan_outdated,
  digest_mismatch,
  gate_pending,
  timed_out,
  not_rolled_out,
  cancelled,
  unauthenticated,
  permission_missing,
  image_missing,
  commit_missing,
  file_missing,
  key_missing,
  repository_missing,
  pull_request_missing,
  nothing_to_roll_back,
  rate_limited,
  unreachable,
  server_error,
  outcome_unknown,
  bad_answer,
  git_protocol_v2_needed,
  unsupported,
  application_missing,
};

/// The kind that `code` belongs to.
ErrorKind kind_of(ErrorCode code) noexcept;
/// The code as documents spell it: `gate_missing`.
std::string_view to_string(ErrorCode code) noexcept;
/// The kind as documents spell it: `policy`.
std::string_view to_string(ErrorKind kind) noexcept;
/// The code that documents spell `text`; nothing if there is none.
std::optional<ErrorCode> error_code_from(std::string_view text) noexcept;

/// A place in a file. Units: lines and columns count from 1, columns in bytes; 0 is "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const Place&) const = default;
};

/// Why an operation did not do what was asked. Holds no secret and no line break in `message`.
struct Error {
  ErrorCode code = ErrorCode::internal;
  /// One line: what is the case, and the value that is wrong.
  std::string message;
  /// What to do next; a command that can be run, where there is one.
  std::string hint = {};
  Place where = {};
  /// Host or location that was asked.
  std::string remote = {};
  /// What was asked of it.
  std::string operation = {};
  int http_status = 0;
  std::string request_id = {};
  std::optional<std::chrono::seconds> retry_after = {};
  /// A write may have happened: read back before trying again.
  bool outcome_unknown = false;

  ErrorKind kind() const noexcept { return kind_of(code); }
  bool operator==(const Error&) const = default;
};

/// `error: file:3:9: message (code)`, then the hint on a line of its own.
std::ostream& operator<<(std::ostream& out, const Error& error);

}  // namespace samebits
