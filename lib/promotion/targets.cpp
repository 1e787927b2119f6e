#include <algorithm>

#include "core/current.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"
#include "promotion/receipts.hpp"

namespace samebits {
namespace {

/// The folder above the first placeholder of the pattern's file: where the files of all pull requests lie.
std::string preview_folder(const Environment& environment, const Service& service) {
  const std::pair<std::string_view, std::string_view> values[] = {{"service", service.name}};
  const std::string pattern = render(environment.values, values);
  const auto slash = pattern.rfind('/', pattern.find('{'));
  return slash == std::string::npos ? "" : pattern.substr(0, slash);
}

Result<void> add_previews(Session& session, const Environment& environment, const Service& service,
                          std::vector<TargetRule>& rules) {
  auto folder = RepoPath::parse(preview_folder(environment, service));
  if (!folder) return {};
  SB_TRY(const auto entries, session.ports().gitops.list(session.context(), session.tip(), *folder));
  for (const RepoEntry& entry : entries) {
    // The number that renders to exactly this path, read from the digits in its name.
    std::string digits;
    const std::string_view name = std::string_view(entry.path.str()).substr(folder->str().size());
    for (const char c : name) {
      if (c >= '0' && c <= '9') digits += c;
      if ((c < '0' || c > '9') && !digits.empty()) break;
    }
    if (digits.empty() || digits.size() > 18) continue;
    SB_TRY(auto rule, target_rule(session.pipeline(), environment, service, std::stoull(digits)));
    if (rule.file == entry.path) rules.push_back(std::move(rule));
  }
  return {};
}

}  // namespace

Result<std::vector<TargetRule>> find_previews(Session& session) {
  std::vector<TargetRule> rules;
  for (const Environment& environment : session.pipeline().environments)
    for (const Service& service : session.pipeline().services)
      if (environment.is_ephemeral()) SB_CHECK(add_previews(session, environment, service, rules));
  std::sort(rules.begin(), rules.end(), [](const TargetRule& a, const TargetRule& b) {
    return std::tie(a.target.service, a.number) < std::tie(b.target.service, b.number);
  });
  return rules;
}

Result<std::vector<TargetRule>> all_targets(Session& session) {
  std::vector<TargetRule> rules;
  for (const Environment& environment : session.pipeline().environments)
    for (const Service& service : session.pipeline().services) {
      if (environment.is_ephemeral()) continue;
      SB_TRY(auto rule, target_rule(session.pipeline(), environment, service));
      rules.push_back(std::move(rule));
    }
  SB_TRY(auto previews, find_previews(session));
  for (TargetRule& preview : previews) rules.push_back(std::move(preview));
  return rules;
}

Result<EnvironmentState> read_state(Session& session, const TargetRule& rule) {
  Facts facts;
  FactReader wanted(facts);
  want_current(wanted, rule.target);
  SB_CHECK(observe(session, wanted.needs(), facts));
  const FactReader reader(facts);
  SB_TRY(const auto current, current_of(reader, rule, session.pipeline().tags));
  EnvironmentState state{.name = rule.target.environment,
                         .service = rule.target.service,
                         .track = rule.environment->track,
                         .tag = current.text,
                         .lockstep = rule.environment->lockstep};
  if (current.tag) state.commit = current.tag->commit();
  if (current.record == nullptr) return state;
  const Record& record = current.record->record;
  state.recorded = true;
  state.digest = record.digest;
  state.since = record.time;
  if (record.commit) state.commit = record.commit;
  SB_TRY(const auto made, find_commit(session, rule.record));
  state.gitops = made.commit;
  return state;
}

}  // namespace samebits
