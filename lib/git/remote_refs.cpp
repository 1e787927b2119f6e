#include "git/remote_refs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pkt_line.hpp"
#include "git/ref_names.hpp"

namespace samebits::git {
namespace {

constexpr std::string_view head = "HEAD";

const RemoteRef* named(const std::vector<RemoteRef>& refs, std::string_view name) {
  const auto found = std::find_if(refs.begin(), refs.end(), [&](const RemoteRef& ref) { return ref.name == name; });
  return found == refs.end() ? nullptr : &*found;
}

bool same(const std::optional<git_oid>& left, const std::optional<git_oid>& right) {
  return left.has_value() == right.has_value() && (!left || libgit2().oid_equal(&*left, &*right) == 1);
}

/// What Git itself says where another push holds the reference's lock; whether it was moved is judged by ids alone.
bool is_locked(std::string_view reason) {
  return reason == "failed to update ref" || reason == "failed to lock" || reason == "atomic transaction failed";
}

Error refused(const RemoteRepository& remote, const RemoteMove& move, const std::string& reason,
              const std::string& words) {
  std::string said = reason;
  for (const std::string& line : lines_of(words)) said += "; " + line;
  return remote.error(ErrorCode::refused_by_server,
                      fmt::format("'{}' refuses the push to {}: {}", remote.location(), move.ref, printable(said, 600)),
                      "the server's rules decide: ask whoever set them, or go the way that they leave open");
}

/// A push that was not reported as done, or whose report was lost: true if the reference leads to the target.
Result<std::optional<bool>> look_again(Context& context, RemoteRepository& remote, const RemoteMove& move) {
  SB_TRY(const auto now, find_ref(context, remote, move.ref));
  const auto tip = now ? now->id : std::nullopt;
  if (same(tip, move.target)) return std::optional(true);
  if (same(tip, move.expected)) return std::optional<bool>();
  if (!tip) return std::optional(false);
  SB_TRY(const auto reached, is_reached(context, remote, move.target, *tip));
  return std::optional(reached.value_or(false));
}

}  // namespace

Result<RemoteBranch> find_branch(Context& context, RemoteRepository& remote, std::string_view branch) {
  if (!branch.empty()) {
    SB_TRY(std::string ref, head_ref(branch));
    SB_TRY(const auto found, find_ref(context, remote, ref));
    return RemoteBranch{.ref = std::move(ref), .tip = found ? found->id : std::nullopt};
  }
  const std::vector<std::string> prefixes{std::string(head)};
  SB_TRY(auto refs, remote.refs(context, prefixes));
  const RemoteRef* found = named(refs, head);
  if (found == nullptr) {
    SB_TRY(refs, remote.refs_and_unborn(context, prefixes));
    found = named(refs, head);
  }
  if (found == nullptr) return RemoteBranch{.ref = {}, .tip = {}};
  if (!found->target.starts_with(head_prefix))
    return remote.error(ErrorCode::bad_option, fmt::format("HEAD of '{}' is on no branch", remote.location()),
                        "name the branch");
  return RemoteBranch{.ref = found->target, .tip = found->id};
}

Result<std::optional<RemoteRef>> find_ref(Context& context, RemoteRepository& remote, const std::string& ref) {
  SB_TRY(const auto refs, remote.refs(context, {&ref, 1}));
  const RemoteRef* found = named(refs, ref);
  return found == nullptr ? std::optional<RemoteRef>() : std::optional(*found);
}

Result<std::optional<bool>> is_reached(Context& context, RemoteRepository& remote, const git_oid& older,
                                       const git_oid& newer) {
  std::vector<git_oid> received;
  SB_TRY(const Fetched fetched, remote.fetch(context, {.wants = {older}, .haves = {newer}}, &received));
  if (fetched == Fetched::refused) return std::optional<bool>();
  const auto is_older = [&](const git_oid& id) { return libgit2().oid_equal(&id, &older) == 1; };
  return std::optional(fetched == Fetched::done && std::none_of(received.begin(), received.end(), is_older));
}

Result<Moved> move_remote_ref(Context& context, RemoteRepository& remote, const RemoteMove& move,
                              std::string_view pack) {
  auto pushed = remote.push(context, move, pack);
  if (!pushed && !pushed.error().outcome_unknown) return std::move(pushed).error();
  std::string reason = "it does not say why";
  bool is_refused = false;
  if (pushed) {
    const auto result = pushed->report.refs.find(move.ref);
    const bool listed = result != pushed->report.refs.end();
    if (pushed->report.unpacked == "ok" && listed && result->second.empty()) return Moved::done;
    is_refused = (listed && !result->second.empty()) || pushed->report.unpacked != "ok";
    if (listed && !result->second.empty()) reason = result->second;
    if (pushed->report.unpacked != "ok") reason = "unpack: " + pushed->report.unpacked;
  }
  auto again = look_again(context, remote, move);
  if (!again) {
    Error error = pushed ? std::move(again).error() : std::move(pushed).error();
    error.outcome_unknown = error.outcome_unknown || !pushed;
    return error;
  }
  // It was sent once and refused: what is there is somebody else's, even where it is the same to the bit.
  if (is_refused && *again) return Moved::lost;
  if (*again) return **again ? Moved::done : Moved::lost;
  if (!pushed) return std::move(pushed).error();
  if (is_locked(reason)) return Moved::locked;
  return refused(remote, move, reason, pushed->words);
}

}  // namespace samebits::git
