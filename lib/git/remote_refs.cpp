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

/// After a push that was not reported as done: whether the reference leads to the target.
Result<bool> is_landed(Context& context, RemoteRepository& remote, const RemoteMove& move,
                       const std::optional<git_oid>& tip) {
  if (same(tip, move.target)) return true;
  if (!tip || same(tip, move.expected)) return false;
  SB_TRY(const auto reached, is_reached(context, remote, move.target, *tip));
  return reached.value_or(false);
}

/// What the server says of the reference; nothing where it says nothing.
std::optional<std::string> refusal_of(const PushReport& report, const std::string& ref) {
  if (report.unpacked != "ok") return "unpack: " + report.unpacked;
  const auto result = report.refs.find(ref);
  if (result == report.refs.end() || result->second.empty()) return std::nullopt;
  return result->second;
}

bool is_done(const PushReport& report, const std::string& ref) {
  const auto result = report.refs.find(ref);
  return report.unpacked == "ok" && result != report.refs.end() && result->second.empty();
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

Result<Move> move_remote_ref(Context& context, RemoteRepository& remote, const RemoteMove& move,
                             std::string_view pack) {
  auto pushed = remote.push(context, move, pack);
  if (!pushed && !pushed.error().outcome_unknown) return std::move(pushed).error();
  if (pushed && is_done(pushed->report, move.ref)) return Move{};
  auto now = find_ref(context, remote, move.ref);
  const auto tip = now && *now ? (*now)->id : std::nullopt;
  const auto refusal = pushed ? refusal_of(pushed->report, move.ref) : std::nullopt;
  // It was sent once and refused: what is there is somebody else's, even where it is the same to the bit.
  if (now && refusal && !same(tip, move.expected)) return Move{.moved = Moved::lost, .seen = tip};
  auto landed = now ? is_landed(context, remote, move, tip) : Result<bool>(std::move(now).error());
  if (!landed) {
    if (pushed) return std::move(landed).error();
    Error error = std::move(pushed).error();
    error.outcome_unknown = true;
    return error;
  }
  if (*landed) return Move{};
  if (!same(tip, move.expected)) return Move{.moved = Moved::lost, .seen = tip};
  if (!pushed) return std::move(pushed).error();
  const std::string reason = refusal.value_or("it does not say why");
  if (is_locked(reason)) return Move{.moved = Moved::locked, .seen = tip};
  return refused(remote, move, reason, pushed->words);
}

}  // namespace samebits::git
