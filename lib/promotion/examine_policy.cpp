#include "promotion/examine_policy.hpp"

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

constexpr std::string_view wanted_rules =
    "let it change by reviewed pull requests and by the promoter alone, and forbid force pushes and its deletion";

Error finding(const GitOps& gitops, std::string message, std::string_view hint) {
  return Error{.code = ErrorCode::unverified,
               .message = std::move(message),
               .hint = std::string(hint),
               .where = {.file = "samebits.yaml"},
               .remote = gitops.location()};
}

/// `https://...`, `user@host:path`: a server stands between, and most of them are forges.
bool is_at_server(const std::string& location) {
  const auto colon = location.find(':');
  return !location.starts_with("file://") && colon != std::string::npos && colon <= location.find('/');
}

/// What the rules let happen, each as what follows the branch's name.
std::vector<std::string> weaknesses(const BranchRules& rules) {
  std::vector<std::string> found;
  if (rules.allows_force_pushes) found.emplace_back("may be pushed to by force: its history can be rewritten");
  if (rules.allows_deletion) found.emplace_back("may be removed");
  if (!rules.may_push) found.emplace_back("may be pushed to by whoever may write: no review is needed");
  if (!rules.needs_code_owners) found.emplace_back("takes changes without a review of their code owners");
  return found;
}

void judge(const GitOps& gitops, const BranchRules& rules, Report& report) {
  const std::string branch = fmt::format("the branch {} of {}", printable(gitops.branch()), gitops.location());
  report.unknown.insert(report.unknown.end(), rules.unknown.begin(), rules.unknown.end());
  for (const std::string& mistake : rules.owner_mistakes)
    report.findings.push_back(finding(gitops, fmt::format("the forge does not understand its code owners: {}", mistake),
                                      "mend that line: it may leave samebits.yaml to everybody"));
  if (!rules.is_protected) {
    report.findings.push_back(finding(
        gitops, fmt::format("{} is not protected: whoever may write there decides what a release needs", branch),
        wanted_rules));
    return;
  }
  for (const std::string& weakness : weaknesses(rules)) {
    if (rules.is_whole)
      report.findings.push_back(finding(gitops, fmt::format("{} {}", branch, weakness), wanted_rules));
    else
      report.unknown.push_back(fmt::format("as far as its rules can be read, {} {}", branch, weakness));
  }
  if (rules.may_push && !rules.may_push->empty())
    report.unknown.push_back(fmt::format("{} may be changed past review by: {}; whether each of them is the promoter",
                                         branch, fmt::join(*rules.may_push, ", ")));
}

/// What has to be looked at by people where no forge can be asked.
void leave_to_people(const GitOps& gitops, std::string_view why, Report& report) {
  report.unknown.push_back(fmt::format(
      "whether {} may be pushed to past review: protect its branch {} from force pushes and direct pushes but "
      "of the promoter{}",
      gitops.location(), gitops.branch(), why));
}

Result<void> examine_branch(Session& session, Rules& rules, Report& report) {
  const GitOps& gitops = session.ports().gitops;
  const auto found = rules.of_branch(session.context(), gitops.branch());
  if (found)
    judge(gitops, *found, report);
  else if (found.error().code == ErrorCode::cancelled || found.error().code == ErrorCode::timed_out)
    return found.error();
  else
    leave_to_people(gitops, fmt::format(" ({})", found.error().message), report);
  return {};
}

Result<void> examine_owners(Session& session, const Rules& rules, Report& report) {
  GitOps& gitops = session.ports().gitops;
  const std::vector<std::string> names = rules.code_owner_files();
  std::optional<bool> named = false;
  std::string judged;
  for (const std::string& name : names) {
    SB_TRY(const auto path, RepoPath::parse(name));
    SB_TRY(const auto file, gitops.read(session.context(), session.tip(), path));
    if (!file) continue;
    named = rules.names_owner(file->bytes, "samebits.yaml");
    judged = name;
    break;
  }
  if (!named)
    report.unknown.push_back(
        fmt::format("whether {} of {} gives samebits.yaml an owner: its patterns cannot be judged here", judged,
                    gitops.location()));
  else if (!*named)
    report.findings.push_back(
        finding(gitops, "samebits.yaml has no code owners: whoever may merge decides what a release needs",
                fmt::format("add the line `samebits.yaml @OWNER` to {}, and demand their review",
                            judged.empty() ? fmt::format("{}", fmt::join(names, " or ")) : judged)));
  return {};
}

}  // namespace

Result<void> examine_policy(Session& session, Report& report) {
  const GitOps& gitops = session.ports().gitops;
  if (!is_at_server(gitops.location())) {
    report.unknown.push_back(fmt::format("whoever may write {} may change samebits.yaml", gitops.location()));
    return {};
  }
  const auto rules = session.ports().services.rules(session.pipeline(), gitops.location());
  if (!rules || *rules == nullptr) {
    leave_to_people(gitops, rules ? std::string() : fmt::format(" ({})", rules.error().message), report);
    report.unknown.push_back(fmt::format(
        "whether changes to samebits.yaml in {} need a review of its code owners: it decides what a release needs",
        gitops.location()));
    return {};
  }
  SB_CHECK(examine_branch(session, **rules, report));
  return examine_owners(session, **rules, report);
}

}  // namespace samebits
