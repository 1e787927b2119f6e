#include <algorithm>

#include "core/asked_services.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/examine_policy.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"

namespace samebits {
namespace {

bool ends_all(const Error& error) { return error.code == ErrorCode::cancelled || error.code == ErrorCode::timed_out; }

/// Notes what stands in the way of the commands that need it. Errors: cancelled, timed_out.
template <class Value>
Result<void> note(const Result<Value>& result, std::string_view who, std::string_view needed_by, Report& report) {
  if (result) return {};
  Error finding = result.error();
  if (ends_all(finding)) return finding;
  finding.message = fmt::format("{}: {} ({} needs it)", who, finding.message, needed_by);
  report.findings.push_back(std::move(finding));
  return {};
}

/// Names of Git tags that releases of the service may make, unlike each other where the rules of a forge may tell them
/// apart: by the digits of a version, by their number, and by a pre-release where one may be released.
std::vector<std::string> sample_tags(const Pipeline& pipeline, const Service& service) {
  std::vector<std::string> versions = {"1.2.3", "1.10.100", "12.34.56"};
  for (int major = 0; major <= 9; ++major) versions.push_back(fmt::format("{}.0.0", major));
  const auto& places = pipeline.environments;
  if (std::any_of(places.begin(), places.end(), [](const Environment& place) { return place.pre_release; }))
    versions.insert(versions.end(), {"1.0.0-rc.1", "2.0.0-alpha"});
  std::vector<std::string> tags;
  for (const std::string& text : versions)
    if (const auto version = Version::parse(text)) tags.push_back(pipeline.tags.git_tag(service.name, *version));
  return tags;
}

/// The commands that need what the gates are judged by.
constexpr std::string_view gate_commands = "release and gate show";

Result<void> examine_forge(Session& session, const Service& service, const std::optional<CommitId>& tip,
                           Report& report) {
  Context& context = session.context();
  const auto changes = session.ports().services.changes(service);
  if (!changes || *changes == nullptr) return note(changes, service.name, "preview prune", report);
  const auto found = (*changes)->examine(context, sample_tags(session.pipeline(), service));
  SB_CHECK(note(found, service.name, "release", report));
  if (found)
    for (Error finding : *found) {
      finding.message = fmt::format("{}: {}", service.name, finding.message);
      report.findings.push_back(std::move(finding));
    }
  if (tip) SB_CHECK(note((*changes)->of_commit(context, *tip), service.name, "preview prune", report));
  const auto releases = session.ports().services.releases(service);
  if (releases && *releases != nullptr && session.pipeline().release.forge_release != "never")
    SB_CHECK(note((*releases)->find(context, "v0.0.0"), service.name, "release", report));
  return {};
}

/// Whether the kinds of evidence that gates take may be posted.
Result<void> examine_posts(Session& session, const Service& service, Evidence& evidence, const CommitId& tip,
                           Report& report) {
  for (const EvidenceKind kind : kinds_of_gates(session.pipeline())) {
    if (kind == EvidenceKind::record) continue;
    const auto may = evidence.may_post(session.context(), tip, kind);
    SB_CHECK(note(may, service.name, "gate post", report));
    if (!may || *may) continue;
    report.unknown.push_back(
        fmt::format("{}: whether these credentials may post evidence shows when `gate post` does", service.name));
    break;
  }
  return {};
}

/// No registry's API says whether tags may be moved there, and none lets a push be tried without one.
std::string unknown_of(const Service& service) {
  if (service.image.is_layout())
    return fmt::format("{}: whoever may write the folder {} may move its tags", service.name, service.image);
  return fmt::format(
      "{}: whether {} keeps release tags from being moved, and whether these credentials may push there: "
      "make release tags immutable in its settings",
      service.name, service.image);
}

Result<void> examine_service(Session& session, const Service& service, Report& report) {
  Context& context = session.context();
  const auto source = session.ports().services.source(service);
  SB_CHECK(note(source, service.name, "every promotion", report));
  std::optional<CommitId> tip;
  if (source) {
    const auto found = (*source)->branch_tip(context, service.source.branch);
    SB_CHECK(note(found, service.name, "every promotion", report));
    if (found) tip = *found;
    if (found && !tip)
      report.findings.push_back({.code = ErrorCode::commit_missing,
                                 .message = fmt::format("{}: the source has no protected branch yet", service.name),
                                 .hint = "push it, or set services.*.source.branch in samebits.yaml",
                                 .remote = (*source)->location()});
  }
  const auto evidence = session.ports().services.evidence(service);
  SB_CHECK(note(evidence, service.name, gate_commands, report));
  if (evidence && tip) {
    const auto found = (*evidence)->list_of(context, *tip, kinds_of_gates(session.pipeline()));
    SB_CHECK(note(found, service.name, gate_commands, report));
    const auto& gates = session.pipeline().gates;
    const bool pins_workflows =
        std::any_of(gates.begin(), gates.end(), [](const GateRule& gate) { return !gate.workflow.empty(); });
    if (found && found->without_runs && pins_workflows)
      SB_CHECK(note(Result<void>(*found->without_runs), service.name, gate_commands, report));
    SB_CHECK(examine_posts(session, service, **evidence, *tip, report));
  }
  SB_CHECK(examine_forge(session, service, tip, report));
  const auto registry = session.ports().services.registry(service);
  SB_CHECK(note(registry, service.name, "every promotion", report));
  // Any tag will do: one that is absent was looked for all the same.
  const std::string tag = tip ? session.pipeline().tags.snapshot(*tip).str() : "latest";
  if (registry) SB_CHECK(note((*registry)->resolve(context, tag), service.name, "every promotion", report));
  report.unknown.push_back(unknown_of(service));
  return {};
}

}  // namespace

Result<Report> examine_pipeline(Session& session, const DoctorRequest& request) {
  SB_TRY(const auto services, asked_services(session.pipeline(), request.service));
  Report report;
  SB_CHECK(examine_policy(session, report));
  for (const Service* service : services) SB_CHECK(examine_service(session, *service, report));
  return report;
}

}  // namespace samebits
