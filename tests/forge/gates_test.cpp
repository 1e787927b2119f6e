#include "core/gates.hpp"

#include <sstream>

#include "core/text.hpp"
#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

const std::string good = "sha256:" + std::string(64, '1');
const std::string other = "sha256:" + std::string(64, '0');

/// A rule, what was reported in order, and what must come of it.
struct Case {
  const char* name;
  const char* app;
  /// One a line: `NAME|APP|SUITE|STARTED|STATE|DIGEST`. STATE is a conclusion, or `+` and a status. `=` as DIGEST is
  /// the right one, `!` another one, `-` none; `*N` before all: N of them.
  const char* checks;
  Verdict verdict;
  const char* reason;
  /// Which line decided, from 1; 0: none.
  int decisive;
};

constexpr const char* gate_name = "E2E";
constexpr const char* by_us = "samebits-gate";
constexpr const char* by_jobs = "github-actions";

const Case cases[] = {
    {"a success", by_us, "E2E|us|1|10|success|=", Verdict::passed, "", 1},
    {"nothing at all", by_us, "", Verdict::missing, "no_evidence", 0},
    {"a re-run that passes after a failure", by_us, "E2E|us|1|10|failure|=\nE2E|us|1|11|success|=", Verdict::passed, "",
     2},
    {"a failure in another suite after a success", by_us,
     "E2E|us|1|10|success|=\nE2E|us|2|12|failure|=", Verdict::failed, "conclusion", 2},
    {"a newer one that runs", by_us, "E2E|us|1|10|success|=\nE2E|us|2|12|+in_progress|=", Verdict::pending,
     "conclusion", 2},
    {"a newer one that waits and has not begun", by_us, "E2E|us|1|10|success|=\nE2E|us|3||+queued|=", Verdict::pending,
     "conclusion", 2},
    {"one that waits for a runner's permission", by_us, "E2E|us|1|10|+waiting|=", Verdict::pending, "conclusion", 1},
    {"the name, by another app", by_us, "E2E|them|1|10|success|=", Verdict::missing, "other_producer", 0},
    {"a success by another app, older than ours", by_us,
     "E2E|them|1|10|success|=\nE2E|us|1|10|failure|=", Verdict::failed, "conclusion", 2},
    {"a success by another app, newer than ours", by_us,
     "E2E|us|1|10|failure|=\nE2E|them|1|11|success|=", Verdict::failed, "conclusion", 1},
    {"a longer name beside the job's own", by_jobs,
     "Tests|jobs|6|10|success|=\nE2E|jobs|6|10|failure|=", Verdict::failed, "conclusion", 2},
    {"only the job's own name", by_jobs, "Tests|jobs|6|10|success|=", Verdict::missing, "no_evidence", 0},
    {"neutral", by_us, "E2E|us|1|10|neutral|=", Verdict::failed, "conclusion", 1},
    {"skipped", by_us, "E2E|us|1|10|skipped|=", Verdict::failed, "conclusion", 1},
    {"cancelled", by_us, "E2E|us|1|10|cancelled|=", Verdict::failed, "conclusion", 1},
    {"timed out", by_us, "E2E|us|1|10|timed_out|=", Verdict::failed, "conclusion", 1},
    {"action required", by_us, "E2E|us|1|10|action_required|=", Verdict::failed, "conclusion", 1},
    {"stale", by_us, "E2E|us|1|10|stale|=", Verdict::failed, "conclusion", 1},
    {"startup failure", by_us, "E2E|us|1|10|startup_failure|=", Verdict::failed, "conclusion", 1},
    {"failure", by_us, "E2E|us|1|10|failure|=", Verdict::failed, "conclusion", 1},
    {"a conclusion of times to come", by_us, "E2E|us|1|10|splendid|=", Verdict::failed, "conclusion", 1},
    {"over, without a conclusion", by_us, "E2E|us|1|10||=", Verdict::error, "no_conclusion", 1},
    {"two of the same second", by_us, "E2E|us|1|10|failure|=\nE2E|us|1|10|success|=", Verdict::passed, "", 2},
    {"parallel jobs of one name that disagree", by_jobs,
     "E2E|jobs|6|10|success|=\nE2E|jobs|6|10|failure|=", Verdict::ambiguous, "parallel", 0},
    {"parallel jobs of one name that agree", by_jobs,
     "E2E|jobs|6|10|failure|=\nE2E|jobs|6|10|failure|=", Verdict::failed, "conclusion", 2},
    {"the name in other letters", by_us, "e2e|us|1|10|success|=", Verdict::missing, "no_evidence", 0},
    {"the one that decides on the second page", by_us, "*130\nE2E|us|1|10|failure|=", Verdict::failed, "conclusion", 1},
    {"about another digest", by_us, "E2E|us|1|10|success|!", Verdict::error, "other_digest", 1},
    {"about no digest", by_us, "E2E|us|1|10|success|-", Verdict::missing, "no_digest", 1},
    {"about the right digest, then about another", by_us, "E2E|us|1|10|success|=\nE2E|us|1|11|success|!",
     Verdict::error, "other_digest", 2},
    {"jobs may be anybody's where no workflow is pinned", by_jobs, "E2E|jobs|6|10|success|=", Verdict::error,
     "no_workflow", 1},
};

/// Fills the forge; gives the numbers of the lines' checks.
std::vector<std::int64_t> report(GithubDouble& forge, const std::string& commit, std::string_view checks) {
  std::vector<std::int64_t> ids;
  for (const std::string_view line : split(checks, '\n')) {
    if (line.empty()) continue;
    if (line[0] == '*') {
      for (int i = 0; i < std::stoi(std::string(line.substr(1))); ++i)
        forge.add(GithubDouble::Check{.name = "lint-" + std::to_string(i), .sha = commit, .digest = good});
      continue;
    }
    const auto fields = split(line, '|');
    const bool by_job = fields[1] == "jobs";
    const bool runs = fields[4].starts_with('+');
    ids.push_back(forge.add(
        GithubDouble::Check{.name = std::string(fields[0]),
                            .sha = commit,
                            .conclusion = runs ? "" : std::string(fields[4]),
                            .digest = fields[5] == "="   ? good
                                      : fields[5] == "!" ? other
                                                         : "",
                            .app = by_job              ? GithubDouble::workflows_app
                                   : fields[1] == "us" ? GithubDouble::own_app
                                                       : 999001,
                            .slug = by_job              ? by_jobs
                                    : fields[1] == "us" ? by_us
                                                        : "helpful-linter",
                            .suite = 5000 + std::stoll(std::string(fields[2])),
                            .started = fields[3].empty() ? "" : "2026-03-01T" + std::string(fields[3]) + ":00:00Z",
                            .status = runs ? std::string(fields[4].substr(1)) : "completed"}));
  }
  return ids;
}

GateVerdict judged(const GithubDouble& forge, const std::string& commit, const GateRule& rule) {
  OpenGithub github(forge);
  Context context;
  const auto list = github.ports.evidence->list(context, commit_id(commit));
  const Service service{.name = "api", .image = {}, .source = {}};
  return judge_evidence(rule, must(list),
                        {.service = service, .commit = commit_id(commit), .digest = must(Digest::parse(good))});
}

}  // namespace

TEST_CASE("a gate is judged by the newest check of the pinned producer, and only success passes") {
  for (const Case& one : cases)
    for (const bool newest_first : {true, false}) {
      CAPTURE(one.name);
      CAPTURE(newest_first);
      GithubDouble forge;
      forge.newest_first = newest_first;
      const std::string commit = forge.commit("main");
      const auto ids = report(forge, commit, one.checks);
      const GateVerdict verdict =
          judged(forge, commit, {.name = "e2e", .source = GateSource::check, .subject = gate_name, .app = one.app});
      CHECK(to_string(verdict.verdict) == to_string(one.verdict));
      CHECK(verdict.reason == one.reason);
      CHECK(verdict.code.has_value() == (one.verdict != Verdict::passed));
      if (one.decisive > 0 && verdict.verdict != Verdict::missing) {
        REQUIRE(verdict.evidence.size() == 1);
        CHECK(verdict.evidence.front().id ==
              "check:" + std::to_string(ids.at(static_cast<std::size_t>(one.decisive - 1))));
      }
    }
}

TEST_CASE("an ambiguous gate has a code of its own") {
  GithubDouble forge;
  const std::string commit = forge.commit("main");
  report(forge, commit, "E2E|jobs|6|10|success|=\nE2E|jobs|6|10|failure|=");
  const GateVerdict verdict =
      judged(forge, commit, {.name = "e2e", .source = GateSource::check, .subject = gate_name, .app = by_jobs});
  REQUIRE(verdict.code);
  CHECK(to_string(*verdict.code) == "gate_ambiguous");
}

TEST_CASE("an app may be pinned by its number") {
  GithubDouble forge;
  const std::string commit = forge.commit("main");
  report(forge, commit, "E2E|us|1|10|success|=");
  GateRule rule{.name = "e2e", .source = GateSource::check, .subject = gate_name, .app = "424242"};
  CHECK(judged(forge, commit, rule).verdict == Verdict::passed);
  rule.app = "424243";
  CHECK(judged(forge, commit, rule).verdict == Verdict::missing);
  forge.add(GithubDouble::Check{.name = gate_name, .sha = commit, .digest = good, .app = 999001, .slug = "424243"});
  CHECK(judged(forge, commit, rule).reason == "other_producer");
  rule.app = "";
  CHECK(judged(forge, commit, rule).reason == "no_producer");
}

TEST_CASE("a check that answers for another commit is an error") {
  GithubDouble forge;
  const std::string commit = forge.commit("main");
  forge.add(GithubDouble::Check{
      .name = gate_name, .sha = commit, .digest = good, .answers_sha = forge.commit("other", commit)});
  const GateVerdict verdict =
      judged(forge, commit, {.name = "e2e", .source = GateSource::check, .subject = gate_name, .app = by_us});
  CHECK(verdict.verdict == Verdict::error);
  CHECK(verdict.code == ErrorCode::bad_answer);
}

TEST_CASE("a workflow's check passes only by the pinned workflow, pushed to the protected branch") {
  struct Spoof {
    const char* name;
    GithubDouble::Run run;
    Verdict verdict;
    const char* reason;
  };
  const std::string elsewhere(40, 'd');
  const Spoof spoofs[] = {
      {"the pinned one", {.sha = ""}, Verdict::passed, ""},
      {"another workflow", {.sha = "", .path = ".github/workflows/evil.yml"}, Verdict::missing, "other_workflow"},
      {"a pull request's run", {.sha = "", .event = "pull_request"}, Verdict::missing, "other_event"},
      {"begun by hand", {.sha = "", .event = "workflow_dispatch"}, Verdict::missing, "other_event"},
      {"a branch that is not main", {.sha = "", .branch = "evil"}, Verdict::missing, "other_branch"},
      {"a fork's code", {.sha = "", .fork = true}, Verdict::missing, "other_repository"},
      {"a run that failed", {.sha = "", .conclusion = "failure"}, Verdict::failed, "run_conclusion"},
      {"a run that goes on", {.sha = "", .conclusion = ""}, Verdict::pending, "run_pending"},
      {"no run at all", {.sha = elsewhere}, Verdict::missing, "no_run"},
  };
  for (const Spoof& spoof : spoofs) {
    CAPTURE(spoof.name);
    GithubDouble forge;
    const std::string commit = forge.commit("main");
    report(forge, commit, "E2E|jobs|6|10|success|=");
    GithubDouble::Run run = spoof.run;
    if (run.sha.empty()) run.sha = commit;
    run.suite = 5006;
    forge.add(run);
    const GateVerdict verdict = judged(forge, commit,
                                       {.name = "e2e",
                                        .source = GateSource::check,
                                        .subject = gate_name,
                                        .app = by_jobs,
                                        .workflow = ".github/workflows/cd.yml"});
    CHECK(to_string(verdict.verdict) == to_string(spoof.verdict));
    CHECK(verdict.reason == spoof.reason);
  }
}

TEST_CASE("statuses are another thing than checks, their names have no case, and their creator is pinned") {
  GithubDouble forge;
  const std::string commit = forge.commit("main");
  const GateRule rule{.name = "e2e", .source = GateSource::status, .subject = "E2E", .app = "ci-bot"};
  report(forge, commit, "E2E|us|1|10|success|=");
  CHECK(judged(forge, commit, rule).reason == "no_evidence");
  forge.add_status(commit, "e2e", "success", "mallory", good + " - success");
  CHECK(judged(forge, commit, rule).reason == "other_producer");
  forge.add_status(commit, "e2e", "success", "ci-bot", "all is well");
  CHECK(judged(forge, commit, rule).reason == "no_digest");
  forge.add_status(commit, "e2e", "success", "ci-bot", good + " - success");
  CHECK(judged(forge, commit, rule).verdict == Verdict::passed);
  forge.add_status(commit, "E2E", "failure", "ci-bot", good + " - success");
  CHECK(judged(forge, commit, rule).verdict == Verdict::failed);
  forge.add_status(commit, "E2E", "pending", "ci-bot", good + " - pending");
  CHECK(judged(forge, commit, rule).verdict == Verdict::pending);
  GateRule unpinned = rule;
  unpinned.app = "";
  CHECK(judged(forge, commit, unpinned).reason == "no_producer");
}
