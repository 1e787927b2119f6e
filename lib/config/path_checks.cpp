#include <map>
#include <optional>
#include <set>

#include "config/sections.hpp"
#include "core/target.hpp"
#include "core/text.hpp"

namespace samebits::config {
namespace {

/// A pull request's number of the usual length, for names that hold one.
constexpr std::uint64_t sample_number = 123456;

/// The values file of a preview with `{number}` left as it is.
std::string file_pattern(const Environment& environment, const Service& service) {
  const std::pair<std::string_view, std::string_view> values[] = {{"service", service.name},
                                                                  {"environment", environment.name_pattern}};
  return render(environment.values, values);
}

/// True if some pull request's file is `file`.
bool fits(const std::string& pattern, std::string_view file) {
  const auto at = pattern.find("{number}");
  if (at == std::string::npos || file.substr(0, at) != pattern.substr(0, at)) return false;
  const std::string_view rest = file.substr(at);
  const std::string digits(rest.substr(0, rest.find_first_not_of("0123456789")));
  const std::pair<std::string_view, std::string_view> values[] = {{"number", digits}};
  return !digits.empty() && digits.front() != '0' && render(pattern, values) == file;
}

class PathChecks {
 public:
  explicit PathChecks(Draft& draft) : draft_(draft), pipeline_(draft.pipeline) {}

  void run() {
    for (const Environment& environment : pipeline_.environments)
      for (const Service& service : pipeline_.services) check_target(environment, service);
    for (const Environment& environment : pipeline_.environments)
      for (const Service& service : pipeline_.services)
        if (environment.is_ephemeral()) check_previews(environment, service);
  }

 private:
  void add(const std::string& path, std::string message, std::string hint) {
    draft_.findings.add(draft_.place(path), std::move(message), std::move(hint));
  }

  void check_target(const Environment& environment, const Service& service) {
    const std::string path = "environments." + environment.name;
    // What could not be read has its finding already.
    if (environment.values.empty() || !is_dns_label(environment.name) || !is_dns_label(service.name)) return;
    const auto rule = target_rule(pipeline_, environment, service, sample_number);
    if (!rule) {
      if (&service == &pipeline_.services.front()) draft_.findings.add(draft_.place(path + ".values"), rule.error());
      return;
    }
    check_names(*rule, path);
    const std::string& file = rule->file.str();
    if (file == "samebits.yaml" || file.starts_with(".samebits/"))
      add(path + ".values", fmt::format("{} is no values file: it belongs to samebits", file), "choose another path");
    const std::string owner = fmt::format("{} of {}", service.name, environment.name);
    if (const auto [known, is_new] = files_.emplace(file, owner); !is_new)
      add(path + ".values", fmt::format("{} and {} share the file {}", known->second, owner, file),
          "put {service} and the environment's name into the path");
  }

  /// What a cluster and Helm must take.
  void check_names(const TargetRule& rule, const std::string& path) {
    const std::string number = std::to_string(rule.number);
    const std::pair<std::string_view, std::string_view> values[] = {
        {"number", number}, {"service", rule.target.service}, {"environment", rule.target.environment}};
    const std::string& own = rule.environment->application;
    const std::pair<std::string, std::string> names[] = {
        {".name", rule.target.environment},
        {".namespace", render(rule.environment->namespace_pattern, values)},
        {".application", render(own.empty() ? pipeline_.reconciler.application : own, values)}};
    for (const auto& [key, name] : names) {
      if (name.empty() || (is_dns_label(name) && name.size() <= max_rendered_name)) continue;
      if (name == rule.environment->name || !names_.insert(name).second) continue;
      add(path + key,
          fmt::format("the name '{}' is no DNS label of at most {} characters", printable(name), max_rendered_name),
          "choose a shorter or plainer name");
    }
  }

  void check_previews(const Environment& environment, const Service& service) {
    const std::string pattern = file_pattern(environment, service);
    for (const auto& [file, owner] : files_)
      if (owner != fmt::format("{} of {}", service.name, environment.name) && fits(pattern, file))
        add("environments." + environment.name + ".values",
            fmt::format("a preview of {} may write {}, which is the file of {}", service.name, file, owner),
            "put the previews into a folder of their own");
  }

  Draft& draft_;
  const Pipeline& pipeline_;
  std::map<std::string, std::string> files_;
  std::set<std::string> names_;
};

bool may_be_in_tag(char c) { return is_tag(std::string("a") + c); }

/// Why the tag cannot be read back from what the write gives; nothing where it can.
std::optional<std::string> unreadable(const std::string& value) {
  constexpr std::string_view tag = "{tag}";
  const auto at = value.find(tag);
  const std::string before = value.substr(0, at);
  const std::string after = value.substr(at + tag.size());
  if (after.find(tag) != std::string::npos) return "it holds {tag} twice";
  if (!after.empty() && (may_be_in_tag(after.front()) || after.front() == '{'))
    return "what follows {tag} may belong to it";
  for (const char* const other : {"{version}", "{sha}"})
    if (value.find(other) != std::string::npos) return fmt::format("{} stands beside {{tag}}", other);
  if (before.find("{digest}") != std::string::npos) return "{digest} stands before {tag}";
  return std::nullopt;
}

/// The list of writes that is in force in several targets is judged once.
class WriteChecks {
 public:
  explicit WriteChecks(Draft& draft) : draft_(draft), pipeline_(draft.pipeline) {}

  void run() {
    for (const Environment& environment : pipeline_.environments)
      for (const Service& service : pipeline_.services) {
        const bool own = service.writes.has_value();
        const auto& writes = own ? *service.writes : environment.writes ? *environment.writes : pipeline_.writes;
        const std::string path = own                  ? "services." + service.name + ".writes"
                                 : environment.writes ? "environments." + environment.name + ".writes"
                                                      : "writes";
        if (writes.empty()) continue;
        if (seen_.insert(path).second) check_tag(writes, path);
        check_track(writes, path, environment);
      }
  }

 private:
  void add(const std::string& path, std::string message, std::string hint) {
    draft_.findings.add(draft_.place(path), std::move(message), std::move(hint));
  }

  void check_tag(const std::vector<Write>& writes, const std::string& path) {
    for (const Write& write : writes) {
      if (write.value.find("{tag}") == std::string::npos) continue;
      if (const auto reason = unreadable(write.value))
        add(path, fmt::format("the tag cannot be read back from '{}': {}", printable(write.value), *reason),
            "write \"{tag}\", or \"{image}:{tag}@{digest}\"");
      return;
    }
    add(path, fmt::format("no item of {} holds {{tag}}", path), "add {path: image.tag, value: \"{tag}\"}");
  }

  /// A version that is not there is not written to a key that may be missing.
  static bool may_be_left(const Write& write) {
    return write.when == WriteWhen::present && write.value.find("{number}") == std::string::npos;
  }

  void check_track(const std::vector<Write>& writes, const std::string& path, const Environment& environment) {
    const std::pair<std::string_view, Track> names[] = {{"{number}", Track::pull_request},
                                                        {"{version}", Track::release}};
    for (const auto& [name, track] : names)
      for (const Write& write : writes)
        if (environment.track != track && write.value.find(name) != std::string::npos && !may_be_left(write) &&
            seen_.insert(fmt::format("{} {}", path, name)).second)
          add(path,
              fmt::format("'{}' is written to '{}', and only the track {} has {}", printable(write.value),
                          environment.name, to_string(track), name),
              "give the environments of that track writes of their own");
  }

  Draft& draft_;
  const Pipeline& pipeline_;
  std::set<std::string> seen_;
};

}  // namespace

void check_paths(Draft& draft) { PathChecks(draft).run(); }
void check_writes(Draft& draft) { WriteChecks(draft).run(); }

}  // namespace samebits::config
