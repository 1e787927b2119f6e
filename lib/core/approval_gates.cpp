#include <map>

#include "core/check_gates.hpp"
#include "core/text.hpp"

namespace samebits {
namespace {

GateVerdict refusal(const GateRule& gate, Verdict verdict, ErrorCode code, std::string reason, std::string message) {
  return {
      .name = gate.name, .verdict = verdict, .code = code, .reason = std::move(reason), .message = std::move(message)};
}

/// The last decision of each reviewer; a comment changes none, and nobody decides on a change of their own.
std::map<std::string, const Review*> decisions(const PullRequest& change, const std::vector<Review>& reviews) {
  std::map<std::string, const Review*> last;
  for (const Review& review : reviews) {
    if (review.reviewer.empty() || review.reviewer == change.author || !review.may_decide) continue;
    if (review.state == Review::State::commented || review.state == Review::State::pending) continue;
    last[review.reviewer] = &review;
  }
  return last;
}

EvidenceItem evidence_of(const PullRequest& change, const Review& review) {
  const bool approved = review.state == Review::State::approved;
  return {.id = fmt::format("review:{}", review.id),
          .gate = {},
          .conclusion = approved ? "approved" : "changes_requested",
          .producer = review.reviewer,
          .verified = true,
          .url = change.url,
          .commit = review.commit};
}

}  // namespace

GateVerdict judge_approval(const GateRule& gate, const ApprovalFacts& approval, const GateSubject& subject) {
  if (!approval.has_forge)
    return refusal(gate, Verdict::error, ErrorCode::unsupported, "unsupported", "the source has no forge with reviews");
  if (!approval.change)
    return refusal(gate, Verdict::missing, ErrorCode::gate_missing, "no_pull_request",
                   fmt::format("no pull request into {} was merged as {}", printable(approval.branch), subject.commit));
  const PullRequest& change = *approval.change;
  GateVerdict judged{.name = gate.name};
  int approvals = 0;
  int outdated = 0;
  bool objected = false;
  for (const auto& [reviewer, review] : decisions(change, approval.reviews)) {
    if (review->state == Review::State::changes_requested) {
      objected = true;
    } else if (review->state == Review::State::approved) {
      if (review->commit != change.head) {
        ++outdated;
        continue;
      }
      ++approvals;
    } else {
      continue;
    }
    judged.evidence.push_back(evidence_of(change, *review));
  }
  if (objected) {
    judged.verdict = Verdict::failed;
    judged.code = ErrorCode::gate_failed;
    judged.reason = "changes_requested";
    judged.message = fmt::format("a reviewer of pull request {} asks for changes", change.number);
  } else if (approvals < gate.approvals) {
    judged.verdict = Verdict::missing;
    judged.code = ErrorCode::gate_missing;
    judged.reason = outdated > 0 ? "outdated" : "no_approval";
    judged.message =
        fmt::format("pull request {} has {} of {} approvals of {}{}", change.number, approvals, gate.approvals,
                    change.head, outdated > 0 ? fmt::format(", and {} of an older commit", outdated) : "");
  } else {
    judged.verdict = Verdict::passed;
  }
  return judged;
}

}  // namespace samebits
