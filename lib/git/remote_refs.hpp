#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/remote_repository.hpp"

namespace samebits::git {

/// A branch and where it is.
struct RemoteBranch {
  /// `refs/heads/main`.
  std::string ref;
  std::optional<git_oid> tip;
};

/// The branch; `branch` empty: the HEAD branch, whose `ref` is empty where the server does not tell of a HEAD without
/// commits. Errors: bad_option if HEAD is on no branch or the name is none.
Result<RemoteBranch> find_branch(Context& context, RemoteRepository& remote, std::string_view branch);

/// The id that the reference holds now; nothing if there is no such reference.
Result<std::optional<RemoteRef>> find_ref(Context& context, RemoteRepository& remote, const std::string& ref);

/// Whether `older` is `newer` or one of its ancestors; nothing if the server has no `older`, or does not give it.
/// One request with a small answer, whatever lies between them: what `newer` leads to need not be sent, so the answer
/// holds `older` only where `newer` does not lead to it. (Where the server has no `newer`: false.)
Result<std::optional<bool>> is_reached(Context& context, RemoteRepository& remote, const git_oid& older,
                                       const git_oid& newer);

enum class Moved {
  /// The reference leads to the target.
  done,
  /// Someone else moved it; where it leads to the target, that one made the same to the bit.
  lost,
  /// Nothing moved: another push holds the reference's lock, or one that was killed left it behind.
  locked,
};

struct Move {
  Moved moved = Moved::done;
  /// What the reference held when it was looked at after a refusal.
  std::optional<git_oid> seen = {};
};

/// Moves the reference by compare-and-swap. What is not reported as done is judged by what the reference holds then.
/// Errors: refused_by_server with the server's words; outcome_unknown.
Result<Move> move_remote_ref(Context& context, RemoteRepository& remote, const RemoteMove& move, std::string_view pack);

}  // namespace samebits::git
