#include "promotion/prune.hpp"

#include <algorithm>
#include <iterator>

#include "core/target.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/queries.hpp"

namespace samebits {
namespace {

bool ends_all(const Error& error) { return error.code == ErrorCode::cancelled || error.code == ErrorCode::timed_out; }

/// Whether the pull request is closed; an error where nobody knows.
Result<bool> is_closed(Session& session, Changes& changes, std::uint64_t number) {
  SB_TRY(const auto change, changes.find(session.context(), number));
  if (change) return !change->open;
  return Error{.code = ErrorCode::pull_request_missing,
               .message = fmt::format("{} has no pull request {}", changes.location(), number)};
}

template <class Item>
void append(std::vector<Item>& all, std::vector<Item>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Result<Prunable> find_prunable(Session& session, const PreviewPruneRequest& request) {
  SB_TRY(const auto previews, find_previews(session, request.service));
  Prunable found;
  for (const TargetRule& preview : previews) {
    SB_TRY(Changes * changes, session.ports().services.changes(*preview.service));
    if (changes == nullptr)
      return Error{
          .code = ErrorCode::unsupported,
          .message = fmt::format("the source of '{}' has no forge that knows pull requests", preview.service->name),
          .hint = "samebits preview down --pr N removes one preview",
          .remote = preview.service->source.url};
    const auto closed = is_closed(session, *changes, preview.number);
    if (closed && *closed) {
      found.previews.push_back({.pr = preview.number, .service = preview.service->name});
    } else if (!closed) {
      if (ends_all(closed.error())) return closed.error();
      found.kept.push_back(fmt::format("{} of '{}' stays, since its pull request is not known: {}",
                                       preview.target.environment, preview.service->name, closed.error().message));
    }
  }
  return found;
}

void add_removed(Receipt& all, const PreviewDownRequest& preview, Receipt removed) {
  all.changed = all.changed || removed.changed;
  all.actor = removed.actor;
  all.policy = removed.policy;
  if (removed.gitops) all.gitops = std::move(removed.gitops);
  all.steps.push_back({.name = fmt::format("remove {} of {}", preview.pr, preview.service),
                       .outcome = removed.changed ? StepOutcome::done : StepOutcome::already});
  append(all.changes, removed.changes);
  append(all.warnings, removed.warnings);
}

void add_planned(Plan& all, Plan planned) {
  all.diff += planned.diff;
  all.basis.gitops = std::move(planned.basis.gitops);
  all.basis.policy = std::move(planned.basis.policy);
  append(all.basis.files, planned.basis.files);
  append(all.changes, planned.changes);
  append(all.steps, planned.steps);
  append(all.warnings, planned.warnings);
}

}  // namespace samebits
