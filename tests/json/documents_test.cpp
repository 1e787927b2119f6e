#include <limits>

#include <doctest/doctest.h>

#include <samebits/documents.hpp>

#include "support/schema_files.hpp"

namespace samebits::test {
namespace {

const CommitId commit = commit_id(std::string(40, '1'));
const Digest digest = must(Digest::parse("sha256:" + std::string(64, '2')));
const BlobId blob = must(BlobId::parse(std::string(64, '3')));
const Time time = must(parse_time("2026-11-24T09:00:00Z"));
const std::string id(64, '4');

PromotedImage image(bool full) {
  PromotedImage image{.service = "api", .repository = "ghcr.io/acme/api", .tag = "v1.2.3", .digest = digest};
  if (full) image.snapshot = "main-" + commit.str();
  if (full) image.commit = commit;
  return image;
}

GateVerdict gate(bool full) {
  if (!full) return {.name = "tests", .verdict = Verdict::passed};
  return {.name = "tests",
          .verdict = Verdict::failed,
          .code = ErrorCode::gate_failed,
          .reason = "conclusion",
          .message = "its newest conclusion is 'failure'",
          .evidence = {{.id = "7",
                        .gate = "tests",
                        .conclusion = "failure",
                        .digest = digest,
                        .environment = "preprod",
                        .producer = "CI <ci@example.com>",
                        .url = "https://ci.example.com/1",
                        .summary = "1 of 2",
                        .time = time},
                       {.id = "8", .gate = "tests", .conclusion = {}}}};
}

Change change(bool full) {
  Change change{.environment = "prod", .service = "api", .file = "values/prod/api.yaml", .path = "image.tag"};
  if (full) change.before = "v1.2.2";
  if (full) change.after = "v1.2.3";
  return change;
}

ApplicationRollout application(bool full) {
  ApplicationRollout rollout{.environment = "prod", .service = "api", .application = "api-prod"};
  if (!full) return rollout;
  rollout.tag = "v1.2.3";
  rollout.digest = digest;
  rollout.gitops = commit;
  rollout.state = RolloutState::failed;
  rollout.message = "the sync failed";
  rollout.compared = commit.str();
  rollout.sync = SyncStatus::out_of_sync;
  rollout.health = HealthStatus::degraded;
  rollout.automatic = true;
  rollout.images = {"ghcr.io/acme/api:v1.2.2"};
  rollout.reconciled = time;
  rollout.operation = SyncOperation{.phase = OperationPhase::failed,
                                    .started = time,
                                    .finished = time,
                                    .message = "no",
                                    .revisions = {commit.str()},
                                    .retries = 2,
                                    .step = "wave 1",
                                    .promotion_id = id};
  rollout.failing = {{.kind = "Pod", .name = "api", .status = "Degraded", .message = "back-off"},
                     {.kind = "Job", .name = "x"}};
  return rollout;
}

Receipt receipt(bool full) {
  if (!full) return {.operation = "preview-down"};
  return {
      .operation = "release",
      .changed = true,
      .promotion_id = id,
      .actor = "Ada <ada@example.com>",
      .policy = blob,
      .images = {image(true), image(false)},
      .gitops = GitOpsState{.repository = "gitops.git", .branch = "main", .parent = commit, .commit = commit},
      .changes = {change(true), change(false)},
      .gates = {gate(true), gate(false)},
      .steps = {{.name = "git-tag"}, {.name = "forge-release", .outcome = StepOutcome::skipped, .note = "no forge"}},
      .applications = {application(true), application(false)},
      .warnings = {"careful"}};
}

Plan plan_document(bool full) {
  if (!full) return {.operation = "promote", .request = "broken"};
  Plan plan{.operation = "release",
            .request = R"({"version":"1.2.3"})",
            .promotion_id = id,
            .images = {image(true)},
            .changes = {change(true)},
            .gates = {gate(true)},
            .diff = "--- a/x\n+++ b/x\n"};
  plan.basis = {.source = commit,
                .gitops = {.repository = "gitops.git", .branch = "main", .parent = {}, .commit = commit},
                .policy = blob,
                .files = {{.path = "values/prod/api.yaml", .blob = blob}, {.path = "new.yaml"}},
                .tags = {{.ref = "v1.2.3"}, {.ref = "api:main", .id = digest.str()}},
                .evidence = {"7"}};
  plan.steps = {{.name = "git-tag", .action = "create v1.2.3", .reason = "absent"},
                {.name = "commit", .action = "none"}};
  plan.warnings = {"careful"};
  return plan;
}

Error error(bool full) {
  Error error{.code = ErrorCode::gate_missing, .message = "no evidence"};
  if (!full) return error;
  error.hint = "samebits gate show";
  error.where = {.file = "samebits.yaml", .line = 3, .column = 9};
  error.remote = "github.com";
  error.operation = "GET check-runs";
  error.http_status = 404;
  error.request_id = "ab:cd";
  error.retry_after = std::chrono::seconds(60);
  error.outcome_unknown = true;
  return error;
}

EnvironmentState state(bool full) {
  EnvironmentState state{.name = "prod", .service = "api", .track = Track::release};
  if (!full) return state;
  state.tag = "v1.2.3";
  state.digest = digest;
  state.commit = state.gitops = commit;
  state.since = time;
  state.recorded = true;
  state.lockstep = "production";
  state.rollout = application(true);
  return state;
}

Rollout rollout(bool full) {
  Rollout rollout{.environment = "prod", .already = !full, .applications = {application(full)}};
  rollout.waited = std::chrono::seconds(7);
  if (full) rollout.error = error(true);
  return rollout;
}

}  // namespace

TEST_CASE("every document fits its schema, with all members and with as few as can be") {
  for (const bool full : {true, false}) {
    CAPTURE(full);
    CHECK(violation(to_json(receipt(full)), "receipt") == "");
    CHECK(violation(to_json(plan_document(full)), "plan") == "");
    CHECK(violation(to_json(error(full)), "error") == "");
    CHECK(violation(to_json(GateReport{.images = {image(full)}, .gates = {gate(full)}}), "gate-report") == "");
    CHECK(violation(to_json(GateReport{.images = {}, .gates = {}, .warnings = {"w"}}), "gate-report") == "");
    Status status{.gitops = full ? std::optional(commit) : std::nullopt, .environments = {state(full)}};
    if (full) status.unfinished = {{.service = "api", .version = "1.3.0", .missing = {"image-tag", "commit"}}};
    if (full) status.drift = {"prod and dev are apart"};
    if (full) status.warnings = {"preprod/api: no answer"};
    CHECK(violation(to_json(rollout(full)), "rollout") == "");
    CHECK(violation(to_json(application(full), std::chrono::seconds(3)), "rollout-event") == "");
    CHECK(violation(to_json(status), "status") == "");
    CHECK(violation(to_json(Environments{.gitops = commit, .environments = {state(full)}}), "environments") == "");
    HistoryEntry entry{.service = "api", .tag = "v1.2.3"};
    if (full)
      entry = {.service = "api",
               .tag = "v1.2.3",
               .digest = digest,
               .commit = commit,
               .time = time,
               .author = "Ada",
               .operation = "release",
               .recorded = true,
               .gitops = commit,
               .promotion_id = id};
    CHECK(violation(to_json(History{.environment = "prod", .entries = {entry}}), "history") == "");
    Trace trace{.query = "v1.2.3"};
    if (full)
      trace.images = {{.service = "api", .digest = digest, .tags = {"v1.2.3"}, .commit = commit},
                      {.service = "web", .digest = digest}};
    if (full) trace.gates.emplace_back(gate(true)).service = "api";
    if (full)
      trace.environments = {{.name = "prod", .service = "api", .tag = "v1.2.3", .since = time, .current = true}};
    CHECK(violation(to_json(trace), "trace") == "");
    CHECK(violation(to_json(ImageReport{
                        .repository = "oci:images",
                        .tag = full ? "v1" : "",
                        .digest = digest,
                        .media_type = "application/vnd.oci.image.index.v1+json",
                        .platforms = full ? std::vector<std::string>{"linux/amd64"} : std::vector<std::string>()}),
                    "image") == "");
    CHECK(violation(to_json(ImagesReport{.repository = "oci:images",
                                         .images = {{.tag = "latest"}, {.tag = "v1.0.0", .track = Track::release}}}),
                    "images") == "");
    CHECK(violation(to_json(Report{.findings = {error(full)}}), "report") == "");
    CHECK(violation(to_json(Report{}), "report") == "");
    CHECK(violation(to_json(Report{.findings = {}, .unknown = {"u"}}), "report") == "");
  }
}

TEST_CASE("a tag's document says what its track has") {
  const TagPatterns patterns;
  for (const std::string& text : {std::string("v1.2.3"), "main-" + commit.str(), "pr-42-" + commit.str(),
                                  "pr-18446744073709551615-" + commit.str(), "pr-9007199254740993-" + commit.str()}) {
    const ImageTag tag = must(patterns.parse_tag(text));
    CHECK(violation(to_json(tag), "tag") == "");
    CHECK(violation(to_json(std::vector{tag}), "tags") == "");
  }
  CHECK(to_json(must(patterns.parse_tag("pr-18446744073709551615-" + commit.str())))
            .find("\"number\":\"18446744073709551615\"") != std::string::npos);
  CHECK(to_json(must(patterns.parse_tag("pr-42-" + commit.str()))).find("\"number\":42") != std::string::npos);
}

TEST_CASE("edits and values are documents too") {
  const EditedValues edited{
      .bytes = {},
      .changes = {{.path = "image.tag", .line = 12, .before = "v1.2.2", .after = "v1.2.3"}, {.path = "a"}}};
  CHECK(violation(to_json(edited, "values.yaml", diff_of("values.yaml", "a\n", "b\n")), "edit") == "");
  CHECK(violation(to_json(EditedValues{}, "-", ""), "edit") == "");
  const std::vector<FoundValue> values = {
      {.path = "a", .text = "1", .json = "1", .line = 1},
      {.path = "b", .text = "x", .json = "\"x\"", .line = 2},
      {.path = "c", .text = "9007199254740993", .json = "9007199254740993", .line = 3},
      {.path = "d", .text = "18446744073709551616", .json = "18446744073709551616", .line = 4},
      {.path = "e", .text = "1e30", .json = "1e30", .line = 5},
      {.path = "f", .text = "?", .json = "broken", .line = 6}};
  const std::string document = to_json(values, "values.yaml");
  CHECK(violation(document, "values") == "");
  const Json json = must(parse_json(document, ""));
  CHECK(*json.at_pointer("/values/0/value")->integer() == 1);
  CHECK(*json.at_pointer("/values/2/value")->string() == "9007199254740993");
  CHECK(*json.at_pointer("/values/3/value")->string() == "18446744073709551616");
  CHECK(*json.at_pointer("/values/4/value")->number() == 1e30);
  CHECK(json.at_pointer("/values/5/value")->is_null());
}

TEST_CASE("a receipt has the documented members in their order") {
  Receipt full = receipt(true);
  full.images.pop_back();
  full.changes.pop_back();
  full.gates.pop_back();
  full.gates.front().evidence.pop_back();
  full.applications.clear();
  full.warnings.clear();
  CHECK(
      to_json(full) ==
      R"({"apiVersion":"samebits/v1","kind":"Receipt","operation":"release","outcome":"done","promotionId":")" + id +
          R"(","actor":"Ada <ada@example.com>","tool":"samebits )" + std::string(version()) + R"(","policy":")" +
          blob.str() + R"(","images":[{"service":"api","repository":"ghcr.io/acme/api","snapshot":"main-)" +
          commit.str() + R"(","tag":"v1.2.3","digest":")" + digest.str() + R"(","source":{"commit":")" + commit.str() +
          R"("}}],"gitops":{"repository":"gitops.git","branch":"main","parent":")" + commit.str() + R"(","commit":")" +
          commit.str() +
          R"("},"changes":[{"environment":"prod","service":"api","file":"values/prod/api.yaml","path":"image.tag","before":"v1.2.2","after":"v1.2.3"}],)"
          R"("gates":[{"name":"tests","verdict":"failed","code":"gate_failed","reason":"conclusion","message":"its newest conclusion is 'failure'",)"
          R"("evidence":[{"id":"7","conclusion":"failure","digest":")" +
          digest.str() +
          R"(","environment":"preprod","producer":"CI <ci@example.com>","verified":false,"url":"https://ci.example.com/1","summary":"1 of 2","time":"2026-11-24T09:00:00Z"}]}],)"
          R"("steps":[{"name":"git-tag","outcome":"done"},{"name":"forge-release","outcome":"skipped","note":"no forge"}]})");
  CHECK(to_json(receipt(false)).find("\"outcome\":\"unchanged\",\"promotionId\":null") != std::string::npos);
}

TEST_CASE("an error has the documented members in their order") {
  CHECK(
      to_json(error(true)) ==
      R"({"apiVersion":"samebits/v1","kind":"Error","exitCode":10,"error":{"kind":"policy","code":"gate_missing","message":"no evidence",)"
      R"("hint":"samebits gate show","where":{"file":"samebits.yaml","line":3,"column":9},"remote":"github.com","operation":"GET check-runs",)"
      R"("httpStatus":404,"requestId":"ab:cd","retryAfterSeconds":60,"outcomeUnknown":true}})");
  CHECK(
      to_json(error(false)) ==
      R"({"apiVersion":"samebits/v1","kind":"Error","exitCode":10,"error":{"kind":"policy","code":"gate_missing","message":"no evidence","outcomeUnknown":false}})");
}

TEST_CASE("every code is a document with the exit status of its kind") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::unsupported); ++i) {
    const Error any{.code = static_cast<ErrorCode>(i), .message = "m"};
    CHECK(violation(to_json(any), "error") == "");
    CHECK(*must(parse_json(to_json(any), "")).at_pointer("/exitCode")->integer() == static_cast<int>(any.kind()));
  }
}

TEST_CASE("a document is one line of valid UTF-8, whatever servers said") {
  Error any{.code = ErrorCode::bad_answer, .message = "a\nb\x1b[31m\xFF\xC2\x9B\x7f"};
  const std::string text = to_json(any);
  for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  CHECK(text.find("\xC2\x9B") == std::string::npos);
  CHECK(violation(text, "error") == "");
}

}  // namespace samebits::test
