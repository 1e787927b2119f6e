#include <string>
#include <vector>

#include "bridge/bridge.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

PortCall always(const std::string& answer) {
  return [answer](Context&, const PortQuestion&) { return PortReply{.json = answer, .bytes = {}}; };
}

std::unique_ptr<Changes> changes_that_answer(const std::string& answer) {
  return bridge::make_changes(always(answer), "api", "port:changes");
}

std::unique_ptr<Releases> releases_that_answer(const std::string& answer) {
  return bridge::make_releases(always(answer), "api", "port:releases");
}

const std::string head = R"("head": ")" + std::string(40, 'a') + '"';
const std::string merge = R"("mergeCommit": ")" + std::string(40, 'b') + '"';

Result<EvidenceList> evidence_with(const std::string& members, const std::string& more = "") {
  Context context;
  const std::string item = R"({"id": "1", "gate": "CI", "conclusion": "success")" + members + "}";
  return bridge::make_evidence(always(R"({"items": [)" + item + "]" + more + "}"), "api", "port:evidence")
      ->list(context, commit_id(std::string(40, 'a')));
}

NewForgeRelease release() { return {.tag = "v1", .commit = commit_id(std::string(40, 'a')), .title = "Demo v1"}; }

}  // namespace

TEST_CASE("a wrong answer about a pull request is refused") {
  Context context;
  for (const std::string& part : std::vector<std::string>{
           "7",
           "{}",
           R"({"number": 7, "state": "open"})",
           R"({"number": 7, "state": "open", "head": "4f9d"})",
           R"({"number": "7", "state": "open", )" + head + "}",
           R"({"number": 0, "state": "open", )" + head + "}",
           R"({"number": -7, "state": "open", )" + head + "}",
           R"({"number": 8, "state": "open", )" + head + "}",
           R"({"number": 7, "state": "OPEN", )" + head + "}",
           R"({"number": 7, "state": "open", )" + head + ", " + merge + "}",
           R"({"number": 7, "state": "merged", "mergeCommit": "4f9d", )" + head + "}",
       }) {
    CAPTURE(part);
    CHECK(code_of(changes_that_answer(R"({"change": )" + part + "}")->find(context, 7)) == "bad_answer");
  }
  const std::string good = R"({"number": 7, "state": "merged", "labels": ["a", 1], )" + head + ", " + merge + "}";
  const auto change = must(changes_that_answer(R"({"change": )" + good + "}")->find(context, 7));
  REQUIRE(change);
  CHECK(change->merged);
  CHECK(change->labels == std::vector<std::string>{"a", ""});
  CHECK(!must(changes_that_answer(R"({"change": null})")->find(context, 7)));
  CHECK(code_of(changes_that_answer("{}")->branch(context)) == "bad_answer");
  CHECK(code_of(changes_that_answer("{}")->of_commit(context, release().commit)) == "bad_answer");
  CHECK(must(changes_that_answer(R"({"changes": [)" + good + "]}")->of_commit(context, release().commit)).size() == 1);
}

TEST_CASE("a reviewer whose right to decide is not said has none") {
  Context context;
  const auto reviews = [&](const std::string& more) {
    return changes_that_answer(R"({"reviews": [{"id": "1", "reviewer": "ken", )" + more + "}]}")->reviews(context, 7);
  };
  CHECK(!must(reviews(R"("state": "approved")")).front().may_decide);
  CHECK(must(reviews(R"("state": "approved", "mayDecide": true)")).front().may_decide);
  CHECK(must(reviews(R"("state": "dismissed")")).front().state == Review::State::dismissed);
  for (const std::string more : {R"("state": "APPROVED")", R"("state": 1)", R"("states": "approved")",
                                 R"("state": "approved", "commit": "4f9d")"}) {
    CAPTURE(more);
    CHECK(code_of(reviews(more)) == "bad_answer");
  }
}

TEST_CASE("what a port finds at its forge becomes a finding, and it need not know how to look") {
  Context context;
  const auto found =
      must(changes_that_answer(R"({"findings": [{"code": "permission_missing", "message": "a\u001bb"}, 1]})")
               ->examine(context, {}));
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == ErrorCode::permission_missing);
  CHECK(found[0].message == "a?b");
  CHECK(found[1].code == ErrorCode::bad_answer);
  CHECK(code_of(changes_that_answer("{}")->examine(context, {})) == "bad_answer");
  const auto fails = [&](ErrorCode code) {
    return bridge::make_changes(
        [code](Context&, const PortQuestion&) -> Result<PortReply> {
          return Error{.code = code, .message = "no", .hint = "none"};
        },
        "api", "port:changes");
  };
  CHECK(must(fails(ErrorCode::unsupported)->examine(context, {})).empty());
  CHECK(code_of(fails(ErrorCode::unreachable)->examine(context, {})) == "unreachable");
}

TEST_CASE("a port that examines its forge is told which tags a release may make") {
  Context context;
  std::string asked;
  const auto changes = bridge::make_changes(
      [&](Context&, const PortQuestion& question) -> Result<PortReply> {
        asked = question.json;
        return PortReply{.json = R"({"findings": []})", .bytes = {}};
      },
      "api", "port:changes");
  CHECK(must(changes->examine(context, std::vector<std::string>{"v1.0.0", "v2.0.0"})).empty());
  CHECK(asked.find(R"("releaseTags":["v1.0.0","v2.0.0"])") != std::string::npos);
}

TEST_CASE("a wrong answer about a release is refused") {
  Context context;
  for (const std::string part :
       {"7", "{}", R"({"id": "1"})", R"({"id": 1, "tag": "v1"})", R"({"id": "1", "tag": "v2"})"}) {
    CAPTURE(part);
    const auto releases = releases_that_answer(R"({"release": )" + part + "}");
    CHECK(code_of(releases->find(context, "v1")) == "bad_answer");
    CHECK(code_of(releases->create(context, release())) == "bad_answer");
    CHECK(code_of(releases->publish(context, "1", release())) == "bad_answer");
  }
  CHECK(!must(releases_that_answer("{}")->find(context, "v1")));
  CHECK(code_of(releases_that_answer("{}")->create(context, release())) == "bad_answer");
  CHECK(must(releases_that_answer("{}")->notes(context, "v1", release().commit, "")).empty());
  CHECK(code_of(releases_that_answer(R"({"notes": 1})")->notes(context, "v1", release().commit, "")) == "bad_answer");
}

TEST_CASE("a draft is found and is not what was to be published") {
  Context context;
  const auto releases = releases_that_answer(R"({"release": {"id": "1", "tag": "v1", "draft": true}})");
  CHECK(must(releases->find(context, "v1"))->draft);
  CHECK(code_of(releases->create(context, release())) == "bad_answer");
  CHECK(code_of(releases->publish(context, "1", release())) == "bad_answer");
}

TEST_CASE("a port of releases is asked all that a release has") {
  Context context;
  std::string asked;
  const auto releases = bridge::make_releases(
      [&](Context&, const PortQuestion& question) {
        asked = question.json;
        return PortReply{.json = R"({"release": {"id": "1", "tag": "v1"}})", .bytes = {}};
      },
      "api", "port:releases");
  NewForgeRelease wanted = release();
  wanted.pre_release = true;
  wanted.latest = false;
  must(releases->publish(context, "42", wanted));
  CHECK(asked == R"({"port":"releases","op":"publish","service":"api","id":"42","tag":"v1","commit":")" +
                     std::string(40, 'a') + R"(","title":"Demo v1","notes":"","preRelease":true,"latest":false})");
}

TEST_CASE("evidence of a port is a ledger's record where it does not say more") {
  const EvidenceItem item = must(evidence_with("")).items.front();
  CHECK(item == EvidenceItem{.id = "1", .gate = "CI", .conclusion = "success"});
  CHECK(must(evidence_with("")).can == EvidenceCapabilities{});
  CHECK(must(evidence_with(R"(, "kind": null, "completed": null, "run": null)")).items.front() == item);
}

TEST_CASE("evidence of a port that stands for a forge has all that a gate asks of it") {
  const std::string commit(40, 'b');
  const EvidenceList list = must(evidence_with(
      R"(, "kind": "check", "completed": false, "app": "my-ci", "appId": "7", "byWorkflow": true, "group": "5",
         "startedAt": "2026-03-01T10:00:00Z", "commit": ")" +
          commit + R"(", "run": {"workflow": "ci.yml", "event": "push", "branch": "main", "commit": ")" + commit +
          R"(", "ownRepository": true, "attempt": 2, "conclusion": "success"})",
      R"(, "can": {"forge": true, "checks": true}, "branch": "main")"));
  CHECK(list.can == EvidenceCapabilities{.forge = true, .checks = true});
  CHECK(list.branch == "main");
  const EvidenceItem& item = list.items.front();
  CHECK(item.kind == EvidenceKind::check);
  CHECK_FALSE(item.completed);
  CHECK(item.app == "my-ci");
  CHECK(item.app_id == "7");
  CHECK(item.by_workflow);
  CHECK(item.group == "5");
  CHECK(item.started == "2026-03-01T10:00:00Z");
  CHECK(item.commit == commit_id(commit));
  CHECK(item.run == EvidenceRun{.workflow = "ci.yml",
                                .event = "push",
                                .branch = "main",
                                .commit = commit_id(commit),
                                .own_repository = true,
                                .attempt = 2,
                                .conclusion = "success"});
}

TEST_CASE("wrong evidence is refused") {
  for (const std::string members :
       {R"(, "kind": "checks")", R"(, "commit": "4f9d")", R"(, "run": {})", R"(, "run": {"workflow": 1})",
        R"(, "run": {"workflow": "ci.yml", "commit": "4f9d"})", R"(, "digest": "latest")", R"(, "time": "now")"}) {
    CAPTURE(members);
    CHECK(code_of(evidence_with(members)) == "bad_answer");
  }
}
