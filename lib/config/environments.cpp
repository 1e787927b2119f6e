#include <algorithm>

#include <samebits/values_file.hpp>

#include "config/sections.hpp"
#include "core/text.hpp"

namespace samebits::config {
namespace {

std::vector<Environment> default_environments() {
  return {{.name = "preview",
           .track = Track::pull_request,
           .name_pattern = "pr-{number}",
           .values = "values/pr/{service}/pr-{number}.yaml",
           .namespace_pattern = "pr-{number}",
           .template_file = "values/pr/{service}/template.yaml",
           .set = {{"env.ENV_NAME", "pr-{number}"}}},
          {.name = "preprod",
           .track = Track::snapshot,
           .name_pattern = "preprod",
           .values = "values/preprod/{service}.yaml"},
          {.name = "prod",
           .track = Track::release,
           .name_pattern = "prod",
           .values = "values/prod/{service}.yaml",
           .sync = SyncPolicy::manual,
           .lockstep = "production"},
          {.name = "dev",
           .track = Track::release,
           .name_pattern = "dev",
           .values = "values/dev/{service}.yaml",
           .sync = SyncPolicy::manual,
           .lockstep = "production"}};
}

std::vector<std::pair<std::string, std::string>> read_set(const yaml::Node& node, const std::string& name,
                                                          Findings& findings) {
  std::vector<std::pair<std::string, std::string>> set;
  if (node.kind != yaml::Node::Kind::mapping)
    findings.add(node.where, fmt::format("{} must be a mapping", name), "write {env.ENV_NAME: \"pr-{number}\"}");
  for (const auto& [key, value] : node.entries) {
    if (const auto path = ValuePath::parse(key.text); !path) findings.add(key.where, path.error());
    if (value.kind != yaml::Node::Kind::scalar)
      findings.add(value.where, fmt::format("{}.{} must be text", name, printable(key.text)), "quote the value");
    set.emplace_back(key.text, value.text);
  }
  return set;
}

/// Texts that are rendered: each with the names that it may hold, `{number}` where the track has numbers.
void check_patterns(const Environment& environment, const std::string& name, const Draft& draft, Findings& findings) {
  const std::pair<std::string_view, const std::string*> patterns[] = {{"values", &environment.values},
                                                                      {"namespace", &environment.namespace_pattern},
                                                                      {"application", &environment.application}};
  std::vector<std::string> names = {"service", "environment"};
  if (environment.is_ephemeral()) names.emplace_back("number");
  for (const auto& [key, text] : patterns) {
    const std::string what = fmt::format("{}.{}", name, key);
    check_placeholders(*text, names, what, draft.place(what), findings);
  }
  if (environment.is_ephemeral())
    check_placeholders(environment.name_pattern, {"number"}, name + ".name", draft.place(name + ".name"), findings);
  check_placeholders(environment.template_file, {"service"}, name + ".template", draft.place(name + ".template"),
                     findings);
  for (const auto& [key, text] : environment.set)
    check_placeholders(text, names, fmt::format("{}.set.{}", name, printable(key)),
                       draft.place(fmt::format("{}.set.{}", name, key)), findings);
}

Environment read_environment(const std::string& key, const yaml::Node& node, Draft& draft) {
  Findings& findings = draft.findings;
  const std::string name = "environments." + key;
  Section section(node, name, findings);
  Environment environment{.name = key, .track = Track::snapshot, .name_pattern = key, .values = {}};
  const std::string track = section.word("track", {"snapshot", "release", "pull-request"});
  environment.track = track_from(track).value_or(Track::snapshot);
  if (!section.has("track") && node.kind == yaml::Node::Kind::mapping)
    findings.add(node.where, fmt::format("{}.track is missing", name), "add track: pull-request, snapshot or release");
  environment.name_pattern = section.text("name").value_or(environment.is_ephemeral() ? "pr-{number}" : key);
  environment.values = section.required_text("values", "\"values/" + key + "/{service}.yaml\"");
  environment.sync =
      section.word("sync", {"automatic", "manual"}) == "manual" ? SyncPolicy::manual : SyncPolicy::automatic;
  environment.lockstep = section.text("lockstep").value_or("");
  environment.namespace_pattern = section.text("namespace").value_or("");
  environment.cluster = section.text("cluster").value_or("");
  environment.reconciler = section.text("reconciler").value_or("");
  environment.application = section.text("application").value_or("");
  environment.template_file = section.text("template").value_or("");
  environment.pre_release = section.boolean("pre-release").value_or(false);
  if (const yaml::Node* set = section.take("set")) environment.set = read_set(*set, name + ".set", findings);
  if (const yaml::Node* writes = section.take("writes"))
    environment.writes = read_write_list(*writes, name + ".writes", findings);
  section.reserve("holds", "rollbacks that stay");
  section.finish();
  check_patterns(environment, name, draft, findings);
  return environment;
}

std::vector<GateRule> default_gates(const Pipeline& pipeline) {
  const Environment* preprod = pipeline.find_environment("preprod");
  if (preprod == nullptr || preprod->is_ephemeral()) return {};
  return {{.name = "preprod-tests",
           .source = GateSource::check,
           .subject = "CD / Preprod Tests",
           .app = "github-actions",
           .workflow = ".github/workflows/cd.yml",
           .environment = "preprod"},
          {.name = "ran-in-preprod", .source = GateSource::deployed_in, .subject = "preprod"}};
}

/// Members that only some kinds of evidence have.
void refuse_members(const Section& section, const GateRule& gate, const Draft& draft, Findings& findings) {
  std::vector<std::string> without;
  if (gate.source != GateSource::check) without = {"app", "workflow"};
  if (gate.source != GateSource::status) without.emplace_back("creator");
  if (gate.source == GateSource::deployed_in || gate.source == GateSource::approved)
    without.insert(without.end(), {"environment", "evidence"});
  for (const std::string& key : without)
    if (section.has(key))
      findings.add(draft.place(section.name() + "." + key),
                   fmt::format("{}.{} says nothing of a gate of this kind", section.name(), key), "remove it");
}

/// `true`, or how many must have approved.
void read_approved(const std::string& text, const Section& section, GateRule& gate, Findings& findings) {
  gate.source = GateSource::approved;
  gate.needs_digest = false;
  if (text == "true") return;
  if (text.size() == 1 && text[0] >= '1' && text[0] <= '9') {
    gate.approvals = text[0] - '0';
    return;
  }
  findings.add(section.where(), fmt::format("{}.approved is '{}'", section.name(), printable(text)),
               "write true, or how many must approve, 1 to 9");
}

GateRule read_gate(const std::string& key, const yaml::Node& node, Draft& draft) {
  Findings& findings = draft.findings;
  const std::string name = "gates." + key;
  Section section(node, name, findings);
  GateRule gate{.name = key};
  int kinds = 0;
  for (const char* const kind : {"check", "ledger", "deployed-in", "status", "approved"})
    kinds += section.has(kind) ? 1 : 0;
  if (const auto check = section.text("check")) gate.subject = *check;
  if (const auto ledger = section.text("ledger")) {
    gate.source = GateSource::ledger;
    gate.subject = *ledger == "true" ? "" : *ledger;
  }
  if (const auto environment = section.text("deployed-in")) {
    gate.source = GateSource::deployed_in;
    gate.subject = *environment;
  }
  if (const auto status = section.text("status")) {
    gate.source = GateSource::status;
    gate.subject = *status;
  }
  if (const auto approved = section.text("approved")) read_approved(*approved, section, gate, findings);
  bool reserved = false;
  for (const char* const word : {"soaked", "window", "signed", "attested"})
    reserved = section.reserve(word, "gates of that kind") || reserved;
  if (kinds != 1 && !reserved && node.kind == yaml::Node::Kind::mapping)
    findings.add(node.where, fmt::format("{} has {} kinds of evidence", name, kinds == 0 ? "no" : "several"),
                 "give exactly one of check, status, approved, ledger, deployed-in");
  gate.app = section.text("app").value_or("");
  const std::string creator = section.text("creator").value_or("");
  if (gate.source == GateSource::status) gate.app = creator;
  gate.workflow = section.text("workflow").value_or("");
  gate.environment = section.text("environment").value_or("");
  if (section.has("evidence") || gate.source != GateSource::approved)
    gate.needs_digest = section.word("evidence", {"digest", "commit"}) == "digest";
  section.finish();
  refuse_members(section, gate, draft, findings);
  return gate;
}

}  // namespace

void check_placeholders(const std::string& text, const std::vector<std::string>& allowed, const std::string& what,
                        const Place& where, Findings& findings) {
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const auto end = text.find('}', at);
    const std::string name = text.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    if (end != std::string::npos && std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    const std::string near = nearest(name, allowed);
    findings.add(where, fmt::format("{} has the placeholder '{{{}}}', which is not known here", what, printable(name)),
                 near.empty() ? fmt::format("known are: {{{}}}", fmt::join(allowed, "}, {"))
                              : fmt::format("did you mean '{{{}}}'?", near));
  }
}

void read_environments(const yaml::Node* node, Draft& draft) {
  if (node == nullptr) {
    draft.pipeline.environments = default_environments();
    return;
  }
  const Section section(*node, "environments", draft.findings);
  if (node->kind == yaml::Node::Kind::mapping && node->entries.empty())
    draft.findings.add(node->where, "environments is empty", "remove it to have the usual ones, or add some");
  for (const auto& [key, value] : node->entries)
    draft.pipeline.environments.push_back(read_environment(key.text, value, draft));
}

void read_gates(const yaml::Node* node, Draft& draft) {
  if (node == nullptr) {
    draft.pipeline.gates = default_gates(draft.pipeline);
    return;
  }
  const Section section(*node, "gates", draft.findings);
  draft.gates_are_known = node->kind == yaml::Node::Kind::mapping;
  for (const auto& [key, value] : node->entries) draft.pipeline.gates.push_back(read_gate(key.text, value, draft));
}

}  // namespace samebits::config
