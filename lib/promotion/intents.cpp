#include "promotion/intents.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

std::vector<std::string> list_of(const std::string& service) {
  return service.empty() ? std::vector<std::string>() : std::vector{service};
}

Result<void> require_text(std::string_view text, std::string_view member) {
  if (!text.empty()) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("the request has no {}", member),
               .hint = fmt::format("give {}", member)};
}

Result<void> require_pull_request(std::uint64_t number) {
  if (number > 0) return {};
  return Error{
      .code = ErrorCode::bad_request, .message = "the request has no pull request", .hint = "give pr, a number from 1"};
}

/// One line without control characters: it goes into a commit, a terminal and a log.
Result<void> require_line(std::string_view text, std::string_view member, std::size_t max_bytes) {
  if (text.size() <= max_bytes && is_printable(text)) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("{} is no single line of at most {} bytes of UTF-8", member, max_bytes),
               .hint = "shorten it, and leave line breaks and control characters out"};
}

constexpr std::array<std::string_view, 12> conclusions = {"success", "failure",   "cancelled",   "skipped",
                                                          "neutral", "timed_out", "stale",       "error",
                                                          "pending", "queued",    "in_progress", "action_required"};

Result<void> require_conclusion(std::string_view conclusion) {
  if (std::find(conclusions.begin(), conclusions.end(), conclusion) != conclusions.end()) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' is no conclusion", printable(conclusion)),
               .hint = fmt::format("one of: {}", fmt::join(conclusions, ", "))};
}

}  // namespace

Result<Intent> to_intent(const PromoteRequest& request) {
  SB_CHECK(require_text(request.environment, "environment"));
  SB_TRY(auto commit, CommitId::parse(request.sha));
  return Intent{.operation = Operation::promote,
                .services = request.services,
                .environment = request.environment,
                .commit = std::move(commit),
                .adopt = request.adopt};
}

Result<Intent> to_intent(const PreviewUpRequest& request) {
  SB_CHECK(require_pull_request(request.pr));
  SB_TRY(auto commit, CommitId::parse(request.sha));
  return Intent{.operation = Operation::preview_up,
                .services = list_of(request.service),
                .commit = std::move(commit),
                .number = request.pr,
                .adopt = request.adopt};
}

Result<Intent> to_intent(const PreviewDownRequest& request) {
  SB_CHECK(require_pull_request(request.pr));
  return Intent{.operation = Operation::preview_down, .services = list_of(request.service), .number = request.pr};
}

Result<Intent> to_intent(const ReleaseRequest& request) {
  SB_TRY(auto version, Version::parse(request.version));
  Intent intent{.operation = Operation::release,
                .services = list_of(request.service),
                .main_tip = request.sha == "main",
                .version = std::move(version),
                .adopt = request.adopt};
  if (request.sha.empty() || intent.main_tip) return intent;
  SB_TRY(intent.commit, CommitId::parse(request.sha));
  return intent;
}

Result<Intent> to_intent(const RollbackRequest& request) {
  SB_CHECK(require_text(request.target, "target"));
  SB_CHECK(require_text(request.to, "to"));
  return Intent{
      .operation = Operation::rollback, .services = request.services, .environment = request.target, .to = request.to};
}

Result<Intent> to_intent(const GatePostRequest& request) {
  SB_CHECK(require_text(request.gate, "gate"));
  SB_TRY(auto commit, CommitId::parse(request.sha));
  SB_CHECK(require_conclusion(request.conclusion));
  SB_CHECK(require_line(request.url, "url", 2000));
  SB_CHECK(require_line(request.summary, "summary", 2000));
  Intent intent{.operation = Operation::gate_post,
                .services = list_of(request.service),
                .commit = std::move(commit),
                .gate = request.gate,
                .conclusion = request.conclusion};
  if (request.digest.empty()) return intent;
  SB_TRY(intent.digest, Digest::parse(request.digest));
  return intent;
}

}  // namespace samebits
