#include <algorithm>
#include <map>
#include <span>

#include "core/asked_services.hpp"
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

/// Listings by folder: the previews of many services lie in one.
using Listings = std::map<RepoPath, std::vector<RepoEntry>>;

/// What lies below `folder`, as a part of a listing that the previews of other services share.
Result<std::span<const RepoEntry>> list_folder(Session& session, const Environment& environment, const RepoPath& folder,
                                               Listings& listings) {
  const auto slash = environment.values.rfind('/', environment.values.find('{'));
  const auto shared = RepoPath::parse(slash == std::string::npos ? "" : environment.values.substr(0, slash));
  const RepoPath& listed = shared ? *shared : folder;
  auto known = listings.find(listed);
  if (known == listings.end()) {
    SB_TRY(auto entries, session.ports().gitops.list(session.context(), session.tip(), listed));
    const auto by_path = [](const RepoEntry& a, const RepoEntry& b) { return a.path.str() < b.path.str(); };
    std::sort(entries.begin(), entries.end(), by_path);
    known = listings.emplace(listed, std::move(entries)).first;
  }
  const std::string prefix = folder.str() + "/";
  const auto& all = known->second;
  const auto first = std::partition_point(all.begin(), all.end(), [&](const auto& e) { return e.path.str() < prefix; });
  const auto last =
      std::partition_point(first, all.end(), [&](const auto& e) { return e.path.str().starts_with(prefix); });
  return std::span(first, last);
}

Result<void> add_previews(Session& session, const Environment& environment, const Service& service, Listings& listings,
                          std::vector<TargetRule>& rules) {
  auto folder = RepoPath::parse(preview_folder(environment, service));
  if (!folder) return {};
  SB_TRY(const auto entries, list_folder(session, environment, *folder, listings));
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

Result<std::vector<TargetRule>> find_previews(Session& session, const std::string& service) {
  SB_TRY(const auto services, asked_services(session.pipeline(), service));
  std::vector<TargetRule> rules;
  Listings listings;
  for (const Environment& environment : session.pipeline().environments)
    for (const Service* one : services)
      if (environment.is_ephemeral()) SB_CHECK(add_previews(session, environment, *one, listings, rules));
  std::sort(rules.begin(), rules.end(), [](const TargetRule& a, const TargetRule& b) {
    return std::tie(a.target.service, a.number) < std::tie(b.target.service, b.number);
  });
  return rules;
}

Result<std::vector<TargetRule>> all_targets(Session& session, const std::string& service) {
  SB_TRY(const auto services, asked_services(session.pipeline(), service));
  std::vector<TargetRule> rules;
  for (const Environment& environment : session.pipeline().environments)
    for (const Service* one : services) {
      if (environment.is_ephemeral()) continue;
      SB_TRY(auto rule, target_rule(session.pipeline(), environment, *one));
      rules.push_back(std::move(rule));
    }
  SB_TRY(auto previews, find_previews(session, service));
  for (TargetRule& preview : previews) rules.push_back(std::move(preview));
  return rules;
}

namespace {

/// Up to so many targets the commit of each is looked for wherever it is.
constexpr std::size_t max_exact = 32;
/// Where a commit is: so many first parents before the tip.
using Steps = std::map<std::pair<std::string, std::string>, std::size_t>;

/// The newest commit that says of each target that it promoted it.
Result<Steps> newest_promotions(Session& session) {
  Steps made;
  constexpr std::string_view begin = "Promoted: ";
  for (std::size_t steps = 0; steps < max_walk; ++steps) {
    SB_TRY(const CommitFacts* const commit, session.ancestor(steps));
    if (commit == nullptr) break;
    for (std::string_view line : split(commit->message, '\n')) {
      if (!line.starts_with(begin)) continue;
      line.remove_prefix(begin.size());
      const auto slash = line.find('/');
      const auto blank = line.find(' ');
      if (slash == std::string_view::npos || blank == std::string_view::npos || slash > blank) continue;
      made.emplace(
          std::pair(std::string(line.substr(0, slash)), std::string(line.substr(slash + 1, blank - slash - 1))), steps);
    }
  }
  return made;
}

/// What a commit says of itself holds only if the record came with it: it may have been rewritten, or written over.
Result<std::optional<CommitId>> confirmed(Session& session, std::size_t steps, const RepoPath& record) {
  SB_TRY(const auto newest, session.read(record));
  SB_TRY(const CommitFacts* const commit, session.ancestor(steps));
  SB_TRY(const CommitFacts* const parent, session.ancestor(steps + 1));
  if (!newest || commit == nullptr || parent == nullptr) return std::optional<CommitId>();
  GitOps& gitops = session.ports().gitops;
  SB_TRY(const auto here, gitops.find_blob(session.context(), commit->id, record));
  SB_TRY(const auto before, gitops.find_blob(session.context(), parent->id, record));
  return here == newest->blob && before != newest->blob ? std::optional(commit->id) : std::nullopt;
}

/// Of a target of which nothing is known but its place.
EnvironmentState empty_state(const TargetRule& rule) {
  return {.name = rule.target.environment,
          .service = rule.target.service,
          .track = rule.environment->track,
          .lockstep = rule.environment->lockstep};
}

Result<EnvironmentState> read_state_without_commit(Session& session, const TargetRule& rule) {
  Facts facts;
  FactReader wanted(facts);
  want_current(wanted, rule.target);
  SB_CHECK(observe(session, wanted.needs(), facts));
  const FactReader reader(facts);
  SB_TRY(const auto current, current_of(reader, rule, session.pipeline().tags));
  EnvironmentState state = empty_state(rule);
  state.tag = current.text;
  if (current.tag) state.commit = current.tag->commit();
  if (current.record == nullptr) return state;
  const Record& record = *current.record->record;
  state.recorded = true;
  state.digest = record.digest;
  state.since = record.time;
  if (record.commit) state.commit = record.commit;
  return state;
}

}  // namespace

Result<EnvironmentState> read_state(Session& session, const TargetRule& rule) {
  SB_TRY(auto state, read_state_without_commit(session, rule));
  if (!state.recorded) return state;
  SB_TRY(const auto made, find_commit(session, rule.record));
  state.gitops = made.commit;
  return state;
}

Result<void> prefetch_states(Session& session, std::span<const TargetRule> rules) {
  std::vector<RepoPath> paths;
  for (const TargetRule& rule : rules) paths.insert(paths.end(), {rule.file, rule.record});
  return session.prefetch(paths);
}

bool is_of_a_file(const Error& error) { return !error.where.file.empty(); }

Result<States> read_states(Session& session, std::span<const TargetRule> rules) {
  SB_CHECK(prefetch_states(session, rules));
  const bool few = rules.size() <= max_exact;
  States states;
  Steps made;
  if (!few) {
    SB_TRY(made, newest_promotions(session));
  }
  for (const TargetRule& rule : rules) {
    auto read = few ? read_state(session, rule) : read_state_without_commit(session, rule);
    if (!read && is_of_a_file(read.error())) {
      const Error& error = read.error();
      const std::string line = error.where.line > 0 ? fmt::format(":{}", error.where.line) : "";
      states.broken.push_back(fmt::format("{}/{} cannot be read: {}{}: {}; {}", rule.target.environment,
                                          rule.target.service, printable(error.where.file), line, error.message,
                                          error.hint));
      read = empty_state(rule);
    }
    SB_TRY(auto state, std::move(read));
    if (const auto known = made.find({state.name, state.service}); state.recorded && known != made.end()) {
      SB_TRY(state.gitops, confirmed(session, known->second, rule.record));
    }
    states.environments.push_back(std::move(state));
  }
  return states;
}

}  // namespace samebits
