#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <samebits/object_id.hpp>
#include <samebits/result.hpp>

namespace samebits {

struct Context;

/// A pull request as its forge has it. Text fields are untrusted.
struct PullRequest {
  std::uint64_t number = 0;
  bool open = false;
  bool merged = false;
  /// The tip of what is proposed; never a test merge.
  CommitId head;
  /// What is on the base branch since the merge; nothing before it.
  std::optional<CommitId> merge_commit = {};
  /// The branch that it goes to.
  std::string base = {};
  std::string author = {};
  std::vector<std::string> labels = {};
  std::string url = {};

  bool operator==(const PullRequest&) const = default;
};

/// What a reviewer said, once.
struct Review {
  enum class State { approved, changes_requested, commented, dismissed, pending };

  std::string id;
  std::string reviewer;
  State state = State::commented;
  /// What was looked at.
  std::optional<CommitId> commit = {};
  /// False where the forge says that the reviewer may not decide.
  bool may_decide = true;

  bool operator==(const Review&) const = default;
};

/// Port: pull requests. Reports facts and decides nothing.
class Changes {
 public:
  virtual ~Changes() = default;
  /// For messages; holds no secret.
  virtual std::string location() const = 0;
  /// The branch that pull requests are merged into: the one that is configured, else the repository's default.
  virtual Result<std::string> branch(Context& context) = 0;
  /// Nothing if there is none of that number.
  virtual Result<std::optional<PullRequest>> find(Context& context, std::uint64_t number) = 0;
  /// Those that the commit is part of, or came from; in no order.
  virtual Result<std::vector<PullRequest>> of_commit(Context& context, const CommitId& commit) = 0;
  /// Oldest first. Errors: pull_request_missing.
  virtual Result<std::vector<Review>> reviews(Context& context, std::uint64_t number) = 0;
  /// What the forge lets happen although a promotion rests on its not happening, and what these credentials may not do:
  /// findings for people, each with a remedy. `release_tags` are names of Git tags that releases may make, for the
  /// rules that hold some names and not others. Changes nothing.
  virtual Result<std::vector<Error>> examine(Context& context, std::span<const std::string> release_tags) {
    (void)context, (void)release_tags;
    return std::vector<Error>();
  }
};

}  // namespace samebits
