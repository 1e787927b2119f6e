#include <algorithm>
#include <map>
#include <set>

#include "core/asked_services.hpp"
#include "core/release_tag.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"
#include "promotion/rollouts.hpp"

namespace samebits {
namespace {

std::string tag_text(const EnvironmentState& state) {
  return state.tag.empty() ? "nothing known" : printable(state.tag);
}

/// Members of a group that run different tags, and values that no record explains.
std::vector<std::string> find_drift(const std::vector<EnvironmentState>& states) {
  std::vector<std::string> drift;
  std::map<std::pair<std::string, std::string>, const EnvironmentState*> groups;
  for (const EnvironmentState& state : states) {
    if (!state.tag.empty() && !state.recorded)
      drift.push_back(
          fmt::format("{}/{} has {}, which no promotion recorded", state.name, state.service, printable(state.tag)));
    if (state.lockstep.empty()) continue;
    const auto [known, is_new] = groups.emplace(std::pair(state.lockstep, state.service), &state);
    if (known->second->tag != state.tag)
      drift.push_back(fmt::format("{} runs {} and {} runs {}, though both are in '{}'", known->second->name,
                                  tag_text(*known->second), state.name, tag_text(state), state.lockstep));
  }
  return drift;
}

/// The newest version that the service's release environments run.
std::optional<Version> running_version(const Pipeline& pipeline, const std::vector<EnvironmentState>& states,
                                       const Service& service) {
  std::optional<Version> newest;
  for (const EnvironmentState& state : states) {
    if (state.service != service.name || state.track != Track::release) continue;
    const auto tag = pipeline.tags.parse_tag(state.tag);
    if (tag && tag->version() && (!newest || *newest < *tag->version())) newest = tag->version();
  }
  return newest;
}

/// Every tag that a release environment of the service ran; nothing where a record cannot be read.
Result<std::optional<std::set<std::string>>> released_tags(Session& session, const Service& service) {
  std::set<std::string> tags;
  for (const Environment& environment : session.pipeline().environments) {
    if (environment.track != Track::release) continue;
    SB_TRY(const auto rule, target_rule(session.pipeline(), environment, service));
    const auto chain = read_chain(session, rule.record);
    if (!chain && is_of_a_file(chain.error())) return std::optional<std::set<std::string>>();
    if (!chain) return chain.error();
    for (const StoredRecord& stored : *chain) tags.insert(stored.record->tag);
  }
  return std::optional(std::move(tags));
}

/// The names of the tags of sources that several services may share.
using TagNames = std::map<const Source*, std::vector<std::string>>;

/// Most versions that are looked at, the newest: each of them costs a request at a forge.
constexpr std::size_t max_unfinished = 20;

/// Versions with a Git tag that are newer than what runs, oldest first.
std::vector<Version> newer_versions(const Pipeline& pipeline, const Service& service,
                                    const std::vector<std::string>& names, const std::optional<Version>& running) {
  std::vector<Version> versions;
  for (const std::string& name : names)
    if (auto version = pipeline.tags.version_of_git_tag(service.name, name);
        version && (!running || *running < *version))
      versions.push_back(*std::move(version));
  std::sort(versions.begin(), versions.end());
  if (versions.size() > max_unfinished) versions.erase(versions.begin(), versions.end() - max_unfinished);
  return versions;
}

/// Versions that were begun, newer than what runs: their Git tag is there, and the commit or the image tag is not.
Result<void> find_unfinished(Session& session, const Service& service, TagNames& known, Status& status) {
  const Pipeline& pipeline = session.pipeline();
  SB_TRY(Source * source, session.ports().services.source(service));
  auto names = known.find(source);
  if (names == known.end()) {
    SB_TRY(auto found, source->tag_names(session.context()));
    names = known.emplace(source, std::move(found)).first;
  }
  // Looked for only where there is a version to be judged by it: it may be long.
  std::optional<std::set<std::string>> released;
  const auto running = running_version(pipeline, status.environments, service);
  for (const Version& version : newer_versions(pipeline, service, names->second, running)) {
    SB_TRY(const auto tag, source->find_tag(session.context(), pipeline.tags.git_tag(service.name, version)));
    const auto text = tag ? read_release_tag(*tag) : std::nullopt;
    if (!text || text->service != service.name) continue;
    if (!released) {
      SB_TRY(released, released_tags(session, service));
      // What is broken is drift, and what else was begun cannot be told.
      if (!released) return {};
    }
    UnfinishedRelease release{.service = service.name, .version = version.str(), .missing = {}};
    SB_TRY(const auto image_tag, pipeline.tags.release(version));
    SB_TRY(Registry * registry, session.ports().services.registry(service));
    SB_TRY(const auto digest, registry->resolve(session.context(), image_tag.str()));
    if (!digest) release.missing.emplace_back("image-tag");
    if (released->contains(image_tag.str())) continue;
    release.missing.emplace_back("commit");
    status.unfinished.push_back(std::move(release));
  }
  return {};
}

}  // namespace

Result<Status> read_status(Session& session, const StatusRequest& request) {
  Status status{.gitops = session.tip()};
  SB_TRY(const auto services, asked_services(session.pipeline(), request.service));
  SB_TRY(const auto rules, all_targets(session, request.service));
  SB_TRY(auto states, read_states(session, rules));
  status.environments = std::move(states.environments);
  TagNames tags;
  const auto releases = [](const Environment& environment) { return environment.track == Track::release; };
  const auto& environments = session.pipeline().environments;
  if (std::any_of(environments.begin(), environments.end(), releases))
    for (const Service* service : services) SB_CHECK(find_unfinished(session, *service, tags, status));
  status.drift = std::move(states.broken);
  for (std::string& line : find_drift(status.environments)) status.drift.push_back(std::move(line));
  SB_CHECK(add_rollouts(session, rules, status));
  return status;
}

Result<Environments> list_previews(Session& session, const PreviewListRequest& request) {
  Environments environments{.gitops = session.tip()};
  SB_TRY(const auto rules, find_previews(session, request.service));
  SB_TRY(auto states, read_states(session, rules));
  environments.environments = std::move(states.environments);
  return environments;
}

}  // namespace samebits
