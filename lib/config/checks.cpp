#include <algorithm>
#include <map>

#include <samebits/values_file.hpp>

#include "config/sections.hpp"
#include "core/target.hpp"
#include "core/text.hpp"

namespace samebits::config {
namespace {

constexpr std::size_t max_rendered_name = 53;

/// A pull request's number of the usual length, for names that hold one.
constexpr std::uint64_t sample_number = 123456;

class Checks {
 public:
  explicit Checks(Draft& draft) : draft_(draft), pipeline_(draft.pipeline) {}

  void run() {
    for (const Service& service : pipeline_.services) check_name("services.", service.name);
    for (const Environment& environment : pipeline_.environments) check_environment(environment);
    check_targets();
    check_lockstep();
    for (const GateRule& gate : pipeline_.gates) check_gate(gate);
    check_release();
    check_shared_sources();
  }

 private:
  void add(const std::string& path, std::string message, std::string hint) {
    draft_.findings.add(draft_.place(path), std::move(message), std::move(hint));
  }

  void check_name(const std::string& prefix, const std::string& name) {
    if (!is_dns_label(name))
      add(prefix + name, fmt::format("'{}' is no name: letters a-z, digits and '-' are", printable(name)),
          "a name becomes part of paths and of names in the cluster: my-service");
  }

  void check_environment(const Environment& environment) {
    const std::string path = "environments." + environment.name;
    check_name("environments.", environment.name);
    const std::string rendered = environment_name(environment, sample_number);
    if (environment.is_ephemeral() && environment.name_pattern.find("{number}") == std::string::npos)
      add(path, fmt::format("{}.name has no {{number}}", path), "every pull request needs its own: \"pr-{number}\"");
    if (environment.is_ephemeral() && environment.values.find("{number}") == std::string::npos)
      add(path, fmt::format("{}.values has no {{number}}", path), "every pull request needs its own values file");
    if (environment.is_ephemeral() && environment.template_file.empty())
      add(path, fmt::format("{}.template is missing", path), "add the values file that a new preview starts from");
    if (!environment.is_ephemeral() &&
        (environment.name_pattern + environment.values).find("{number}") != std::string::npos)
      add(path, fmt::format("{} uses {{number}}, which only the track pull-request has", path), "remove it");
    if (!environment.is_ephemeral() && environment.name_pattern != environment.name)
      add(path, fmt::format("{}.name differs from the environment's own", path),
          "remove name, or rename the environment");
    if (!is_dns_label(rendered) || rendered.size() > max_rendered_name)
      add(path,
          fmt::format("the name '{}' is no DNS label of at most {} characters", printable(rendered), max_rendered_name),
          "choose a shorter or plainer name");
    for (const auto& [key, text] : environment.set)
      if (const auto parsed = ValuePath::parse(key); !parsed) draft_.findings.add(draft_.place(path), parsed.error());
  }

  /// Two targets must never share a file, and every path must be one.
  void check_targets() {
    std::map<std::string, std::string> files;
    for (const Environment& environment : pipeline_.environments) {
      const std::string path = "environments." + environment.name;
      for (const Service& service : pipeline_.services) {
        const auto rule = target_rule(pipeline_, environment, service, sample_number);
        if (!rule) {
          draft_.findings.add(draft_.place(path), rule.error());
          break;
        }
        if (const auto tag = tag_write(*rule); !tag) draft_.findings.add(draft_.place(path), tag.error());
        const std::string owner = fmt::format("{} of {}", service.name, environment.name);
        const auto [known, is_new] = files.emplace(rule->file.str(), owner);
        if (!is_new)
          add(path, fmt::format("{} and {} share the file {}", known->second, owner, rule->file),
              "put {service} and the environment's name into the path");
      }
    }
  }

  void check_lockstep() {
    std::map<std::string, const Environment*> groups;
    const Environment* release = nullptr;
    for (const Environment& environment : pipeline_.environments) {
      const std::string path = "environments." + environment.name;
      if (!environment.lockstep.empty()) {
        const auto [known, is_new] = groups.emplace(environment.lockstep, &environment);
        if (known->second->track != environment.track || environment.is_ephemeral())
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

  void require_environment(const std::string& path, const std::string& name, bool lasting) {
    const Environment* environment = pipeline_.find_environment(name);
    if (environment != nullptr && (!lasting || !environment->is_ephemeral())) return;
    std::vector<std::string> names;
    for (const Environment& known : pipeline_.environments) names.push_back(known.name);
    const std::string near = nearest(name, names);
    add(path, fmt::format("{} names '{}', which is no lasting environment", path, printable(name)),
        near.empty() || near == name ? fmt::format("one of: {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean '{}'?", near));
  }

  void check_gate(const GateRule& gate) {
    const std::string path = "gates." + gate.name;
    check_name("gates.", gate.name);
    if (gate.source == GateSource::deployed_in) require_environment(path, gate.subject, true);
    if (!gate.environment.empty()) require_environment(path, gate.environment, true);
  }

  void check_release() {
    const bool releases = std::any_of(pipeline_.environments.begin(), pipeline_.environments.end(),
                                      [](const Environment& e) { return e.track == Track::release; });
    if (!releases) return;
    require_environment("release", pipeline_.release.from, true);
    const Environment* from = pipeline_.find_environment(pipeline_.release.from);
    if (from != nullptr && from->track != Track::snapshot)
      add("release", fmt::format("release.from names '{}', which runs no snapshots", from->name),
          "name an environment with track: snapshot");
    std::vector<std::string> known;
    for (const GateRule& gate : pipeline_.gates) known.push_back(gate.name);
    for (const std::string& name : pipeline_.release.gates) {
      if (pipeline_.find_gate(name) != nullptr) continue;
      const std::string near = nearest(name, known);
      add("release", fmt::format("release.gates names the unknown gate '{}'", printable(name)),
          near.empty() ? "define it under gates" : fmt::format("did you mean '{}'?", near));
    }
  }

  void check_shared_sources() {
    std::map<std::string, std::string> sources;
    if (pipeline_.tags.texts().git.find("{service}") != std::string::npos) return;
    for (const Service& service : pipeline_.services) {
      const auto [known, is_new] = sources.emplace(service.source.url, service.name);
      if (!is_new)
        add("services." + service.name,
            fmt::format("'{}' and '{}' share a source, and their Git tags would collide", known->second, service.name),
            "set tags.git: \"{service}/v{version}\"");
    }
  }

  Draft& draft_;
  Pipeline& pipeline_;
};

}  // namespace

void check_pipeline(Draft& draft) { Checks(draft).run(); }

}  // namespace samebits::config
