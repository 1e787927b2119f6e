#include <algorithm>
#include <map>

#include "config/sections.hpp"
#include "core/target.hpp"
#include "core/text.hpp"

namespace samebits::config {
namespace {

class Checks {
 public:
  explicit Checks(Draft& draft) : draft_(draft), pipeline_(draft.pipeline) {}

  void run() {
    for (const Service& service : pipeline_.services) check_name("services." + service.name, service.name);
    check_shared_sources();
    for (const std::string& host : pipeline_.insecure)
      if (host.empty() || host.find_first_of("/@ ") != std::string::npos)
        add("insecure", fmt::format("'{}' is no host", printable(host)), "write HOST or HOST:PORT, without http://");
    if (pipeline_.environments.empty()) return;
    for (const Environment& environment : pipeline_.environments) check_environment(environment);
    check_previews();
    check_lockstep();
    for (const GateRule& gate : pipeline_.gates) check_gate(gate);
    check_release();
  }

 private:
  void add(const std::string& path, std::string message, std::string hint) {
    draft_.findings.add(draft_.place(path), std::move(message), std::move(hint));
  }

  void check_name(const std::string& path, const std::string& name) {
    if (!is_dns_label(name) || name.size() > max_rendered_name)
      add(path,
          fmt::format("'{}' is no name: at most {} of a-z, 0-9 and inner '-' are", printable(name), max_rendered_name),
          "a name becomes part of paths and of names in the cluster: my-service");
  }

  void check_environment(const Environment& environment) {
    const std::string path = "environments." + environment.name;
    check_name(path, environment.name);
    if (!environment.lockstep.empty()) check_name(path + ".lockstep", environment.lockstep);
    if (!environment.is_ephemeral()) {
      if (environment.name_pattern != environment.name)
        add(path + ".name", fmt::format("{}.name differs from the environment's own", path),
            "remove name, or rename the environment");
      for (const char* const key : {"template", "set"})
        if (draft_.places.contains(path + "." + key))
          add(path + "." + key, fmt::format("{}.{} is for the track pull-request", path, key), "remove it");
      return;
    }
    const auto first = environment.name_pattern.find("{number}");
    if (first == std::string::npos || environment.name_pattern.find("{number}", first + 1) != std::string::npos)
      add(path + ".name", fmt::format("{}.name must hold {{number}} once", path),
          "every pull request needs its own: \"pr-{number}\"");
    const std::string& values = environment.values;
    if (!values.empty() && values.find("{number}") == std::string::npos &&
        values.find("{environment}") == std::string::npos)
      add(path + ".values", fmt::format("{}.values has no {{number}}", path),
          "every pull request needs its own values file");
    if (environment.template_file.empty())
      add(path, fmt::format("{}.template is missing", path), "add the values file that a new preview starts from");
  }

  void check_previews() {
    const Environment* previews = nullptr;
    for (const Environment& environment : pipeline_.environments) {
      if (!environment.is_ephemeral()) continue;
      const std::string path = "environments." + environment.name;
      if (previews != nullptr)
        add(path + ".track", fmt::format("'{}' and '{}' both take pull requests", previews->name, environment.name),
            "keep one of them");
      previews = &environment;
      for (const Environment& lasting : pipeline_.environments)
        if (!lasting.is_ephemeral() && number_of(environment, lasting.name))
          add("environments." + lasting.name,
              fmt::format("'{}' is also the name of a preview ({})", lasting.name, environment.name_pattern),
              "rename one of them");
    }
  }

  void check_lockstep() {
    std::map<std::string, const Environment*> groups;
    const Environment* release = nullptr;
    for (const Environment& environment : pipeline_.environments) {
      const std::string path = "environments." + environment.name + ".lockstep";
      if (!environment.lockstep.empty()) {
        const auto [known, is_new] = groups.emplace(environment.lockstep, &environment);
        if (environment.is_ephemeral())
          add(path, "previews are in no lockstep group", "remove lockstep");
        else if (known->second->track != environment.track)
          add(path, fmt::format("the lockstep group '{}' mixes tracks", environment.lockstep),
              "members of a group run the same tag: give them one track");
        if (pipeline_.find_environment(environment.lockstep) != nullptr)
          add(path, fmt::format("'{}' names both a lockstep group and an environment", environment.lockstep),
              "give the group a name of its own");
      }
      if (environment.track != Track::release) continue;
      if (release != nullptr && (environment.lockstep.empty() || environment.lockstep != release->lockstep))
        add(path,
            fmt::format("'{}' and '{}' both run releases and are in no common lockstep group", release->name,
                        environment.name),
            "a release lands in one commit: give both the same lockstep");
      release = &environment;
    }
  }

  const Environment* require_environment(const std::string& path, const std::string& name) {
    const Environment* environment = pipeline_.find_environment(name);
    if (environment != nullptr && !environment->is_ephemeral()) return environment;
    std::vector<std::string> names;
    for (const Environment& known : pipeline_.environments)
      if (!known.is_ephemeral()) names.push_back(known.name);
    const std::string near = nearest(name, names);
    add(path, fmt::format("{} names '{}', which is no lasting environment", path, printable(name)),
        near.empty() ? fmt::format("one of: {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", near));
    return nullptr;
  }

  void require_snapshots(const std::string& path, const std::string& name) {
    const Environment* environment = require_environment(path, name);
    if (environment != nullptr && environment->track != Track::snapshot)
      add(path, fmt::format("{} names '{}', which runs no snapshots", path, environment->name),
          "name an environment with track: snapshot");
  }

  void check_gate(const GateRule& gate) {
    const std::string path = "gates." + gate.name;
    check_name(path, gate.name);
    if (gate.source == GateSource::deployed_in) require_environment(path + ".deployed-in", gate.subject);
    if (!gate.environment.empty()) require_snapshots(path + ".environment", gate.environment);
  }

  void check_release() {
    const bool releases = std::any_of(pipeline_.environments.begin(), pipeline_.environments.end(),
                                      [](const Environment& e) { return e.track == Track::release; });
    if (!releases) return;
    require_snapshots("release.from", pipeline_.release.from);
    if (!draft_.gates_are_known) return;
    std::vector<std::string> known;
    known.reserve(pipeline_.gates.size());
    for (const GateRule& gate : pipeline_.gates) known.push_back(gate.name);
    for (const std::string& name : pipeline_.release.gates) {
      if (pipeline_.find_gate(name) != nullptr) continue;
      const std::string near = nearest(name, known);
      add("release.gates", fmt::format("release.gates names the unknown gate '{}'", printable(name)),
          near.empty() ? "define it under gates, or say which a release needs: release: {gates: [...]}"
                       : fmt::format("did you mean '{}'?", near));
    }
  }

  static std::string source_of(const Service& service) {
    std::string_view url = service.source.url;
    while (url.ends_with('/')) url.remove_suffix(1);
    if (url.ends_with(".git")) url.remove_suffix(4);
    return std::string(url);
  }

  void check_shared_sources() {
    std::map<std::string, std::string> sources;
    if (!draft_.tags_are_known || pipeline_.tags.texts().git.find("{service}") != std::string::npos) return;
    for (const Service& service : pipeline_.services) {
      if (service.source.url.empty()) continue;
      const auto [known, is_new] = sources.emplace(source_of(service), service.name);
      if (!is_new)
        add("services." + service.name + ".source",
            fmt::format("'{}' and '{}' share a source, and their Git tags would collide", known->second, service.name),
            "set tags.git: \"{service}/v{version}\"");
    }
  }

  Draft& draft_;
  const Pipeline& pipeline_;
};

}  // namespace

void check_pipeline(Draft& draft) { Checks(draft).run(); }

}  // namespace samebits::config
