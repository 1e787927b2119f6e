#include <algorithm>
#include <set>

#include "core/current.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"
#include "promotion/receipts.hpp"

namespace samebits {
namespace {

Result<std::vector<TargetRule>> rules_of(const Session& session, const HistoryRequest& request) {
  const Pipeline& pipeline = session.pipeline();
  std::vector<TargetRule> rules;
  for (const Service& service : pipeline.services) {
    if (!request.service.empty() && service.name != request.service) continue;
    for (const Environment& environment : pipeline.environments) {
      const auto number = environment.is_ephemeral() ? number_of(environment, request.environment) : std::nullopt;
      if (!number && (environment.is_ephemeral() || environment.name != request.environment)) continue;
      SB_TRY(auto rule, target_rule(pipeline, environment, service, number.value_or(0)));
      rules.push_back(std::move(rule));
    }
  }
  if (!rules.empty()) return rules;
  if (!request.service.empty()) SB_CHECK(services_of(pipeline, {request.service}));
  SB_TRY(const auto environments, environments_of(pipeline, request.environment));
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' stands for several environments", request.environment),
               .hint = environments.front()->is_ephemeral()
                           ? "name one of them, as samebits preview list shows them"
                           : fmt::format("name one of them, such as {}", environments.front()->name)};
}

HistoryEntry entry_of(const Record& record) {
  return {.service = record.service,
          .tag = record.tag,
          .digest = record.digest,
          .commit = record.commit,
          .time = record.time,
          .author = record.actor,
          .operation = record.operation,
          .recorded = true,
          .promotion_id = record.promotion_id};
}

/// Names the commits of earlier entries; those that lie too far back go without.
Result<void> add_commits(Session& session, std::vector<HistoryEntry>& entries) {
  std::set<std::string> wanted;
  for (const HistoryEntry& entry : entries)
    if (entry.recorded && !entry.gitops) wanted.insert(entry.promotion_id);
  SB_TRY(const auto made, find_promotions(session, std::move(wanted)));
  for (HistoryEntry& entry : entries)
    if (const auto found = made.find(entry.promotion_id); !entry.gitops && found != made.end())
      entry.gitops = found->second.commit;
  return {};
}

}  // namespace

Result<History> read_history(Session& session, const HistoryRequest& request) {
  if (request.limit == 0)
    return Error{.code = ErrorCode::bad_request,
                 .message = "a history of no entries was asked for",
                 .hint = "give limit, from 1"};
  History history{.environment = request.environment};
  SB_TRY(const auto rules, rules_of(session, request));
  SB_CHECK(prefetch_states(session, rules));
  for (const TargetRule& rule : rules) {
    SB_TRY(const auto state, read_state(session, rule));
    SB_TRY(const auto chain, read_chain(session, rule.record, std::min(request.limit, max_chain)));
    if (!state.recorded && !state.tag.empty())
      history.entries.push_back({.service = state.service, .tag = state.tag, .commit = state.commit});
    for (const StoredRecord& stored : chain) history.entries.push_back(entry_of(*stored.record));
    if (state.recorded && !chain.empty()) history.entries[history.entries.size() - chain.size()].gitops = state.gitops;
  }
  std::stable_sort(history.entries.begin(), history.entries.end(), [](const HistoryEntry& a, const HistoryEntry& b) {
    return a.recorded < b.recorded || (a.recorded == b.recorded && a.time > b.time);
  });
  if (history.entries.size() > request.limit)
    history.entries.erase(history.entries.begin() + static_cast<std::ptrdiff_t>(request.limit), history.entries.end());
  SB_CHECK(add_commits(session, history.entries));
  return history;
}

}  // namespace samebits
