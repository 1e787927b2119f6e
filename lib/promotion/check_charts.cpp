#include "promotion/check_charts.hpp"

#include <samebits/values_file.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

/// The values path that a promotion writes the digest to, alone; empty where it writes none.
Result<std::string> digest_path(Session& session, const TargetRule& rule) {
  for (const Write& write : *rule.writes) {
    if (write.value != "{digest}") continue;
    SB_TRY(const auto file, session.read(rule.file));
    if (!file) return std::string();
    SB_TRY(const auto path, ValuePath::parse(write.path));
    SB_TRY(const auto found, read_values(file->bytes, {&path, 1}, {.file = rule.file.str()}));
    if (found.front() || write.when != WriteWhen::present) return write.path;
  }
  return std::string();
}

/// The folder of the chart, with a slash at its end; nothing where there is none.
Result<std::optional<std::string>> find_chart(Session& session, const TargetRule& rule) {
  std::vector<std::string> folders = {fmt::format("charts/{}/", rule.target.service)};
  for (std::string folder = rule.file.str(); !folder.empty();) {
    folder.resize(folder.ends_with('/') ? folder.size() - 1 : folder.size());
    const auto slash = folder.rfind('/');
    folder.resize(slash == std::string::npos ? 0 : slash + 1);
    folders.push_back(folder);
  }
  for (const std::string& folder : folders) {
    SB_TRY(const auto path, RepoPath::parse(folder + "Chart.yaml"));
    SB_TRY(const auto chart, session.read(path));
    if (chart) return std::optional(folder);
  }
  return std::optional<std::string>();
}

}  // namespace

Result<std::optional<Error>> unused_digest(Session& session, const TargetRule& rule) {
  SB_TRY(const auto value, digest_path(session, rule));
  if (value.empty()) return std::optional<Error>();
  SB_TRY(const auto chart, find_chart(session, rule));
  if (!chart) return std::optional<Error>();
  SB_TRY(const auto folder, RepoPath::parse(*chart + "templates"));
  SB_TRY(const auto templates, session.ports().gitops.list(session.context(), session.tip(), folder));
  for (const RepoEntry& entry : templates) {
    SB_TRY(const auto file, session.read(entry.path));
    // Templates may take it apart (with, include): its last key is what all of them name.
    if (file && file->bytes.find(value.substr(value.rfind('.') + 1)) != std::string::npos)
      return std::optional<Error>();
  }
  return std::optional(Error{
      .code = ErrorCode::unverified,
      .message = fmt::format("{} pins {} and no template of the chart in '{}' reads it", rule.target.environment, value,
                             *chart),
      .hint = "use it: image: \"{{ .Values.image.repository }}:{{ .Values.image.tag }}@{{ .Values.image.digest }}\"",
      .where = {.file = rule.file.str()}});
}

}  // namespace samebits
