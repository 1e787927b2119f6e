#include <chrono>

#include "forge/forge_world.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

struct Case {
  const char* name;
  int status;
  Fields fields;
  const char* body;
  const char* code;
  /// What the message or the hint must hold.
  const char* says = "";
  int retry_after = -1;
};

const Case cases[] = {
    {"the limit is used up",
     403,
     {{"X-RateLimit-Remaining", "0"}, {"Retry-After", "90"}},
     R"({"message": "API rate limit exceeded"})",
     "rate_limited",
     "",
     90},
    {"the limit is used up, by 429",
     429,
     {{"X-RateLimit-Remaining", "0"}},
     R"({"message": "slow down"})",
     "rate_limited"},
    {"too fast, with a time to wait",
     403,
     {{"Retry-After", "60"}, {"X-RateLimit-Remaining", "4000"}},
     R"({"message": "You have exceeded a secondary rate limit."})",
     "rate_limited",
     "",
     60},
    {"too fast, without one",
     403,
     {{"X-RateLimit-Remaining", "4000"}},
     R"({"message": "You have exceeded a secondary rate limit and are blocked from content creation."})",
     "rate_limited",
     "",
     60},
    {"a permission is missing",
     403,
     {{"X-Accepted-GitHub-Permissions", "contents=write; administration=read"}},
     R"({"message": "Resource not accessible by integration"})",
     "permission_missing",
     "contents: write or"},
    {"single sign-on",
     403,
     {{"X-GitHub-SSO", "required; url=https://github.com/orgs/o/sso?authorization_request=x"}},
     R"({"message": "Resource protected by organization SAML enforcement."})",
     "permission_missing",
     "single sign-on"},
    {"another app's check",
     403,
     {},
     R"({"message": "Invalid app_id `1` - check run can only be modified"})",
     "permission_missing"},
    {"bad credentials", 401, {}, R"({"message": "Bad credentials"})", "unauthenticated", "credentials"},
    {"nothing there", 404, {}, R"({"message": "Not Found"})", "repository_missing", "may not see it"},
    {"a page of a proxy", 502, {{"Content-Type", "text/html"}}, "<html>Unicorn!</html>", "server_error"},
    {"maintenance", 503, {{"Retry-After", "5"}}, R"({"message": "Service unavailable"})", "server_error", "", 5},
    {"a version of the API that is gone", 410, {}, R"({"message": "gone"})", "unsupported"},
    {"no JSON", 200, {}, "<html></html>", "bad_answer"},
    {"JSON that ends early", 200, {}, R"({"object": {"sh)", "bad_answer"},
    {"JSON that says nothing", 200, {}, "{}", "bad_answer"},
};

/// No wait fits into it, so that every answer is seen at once.
Context impatient() { return {.deadline = Context::Clock::now() + std::chrono::milliseconds(450)}; }

}  // namespace

TEST_CASE("an answer of the forge that is no success becomes an error that says what to do") {
  for (const Case& one : cases) {
    CAPTURE(one.name);
    GithubDouble forge;
    forge.commit("main");
    forge.before = [&](const Asked&) {
      return std::optional(Answer{.status = one.status, .fields = one.fields, .body = one.body});
    };
    OpenGithub github(forge);
    Context context = impatient();
    const auto tip = github.ports.source->branch_tip(context, "main");
    CHECK(code_of(tip) == one.code);
    if (tip) continue;
    const Error& error = tip.error();
    CHECK((error.message + error.hint).find(one.says) != std::string::npos);
    CHECK(error.remote == forge.server().authority());
    if (one.retry_after >= 0) CHECK(error.retry_after == std::chrono::seconds(one.retry_after));
    CHECK(text_of(error).find(GithubDouble::token) == std::string::npos);
  }
}

TEST_CASE("a refused tag says whether it is there, may not be made, or has no commit") {
  GithubDouble forge;
  const CommitId commit = commit_id(forge.commit("main"));
  OpenGithub github(forge);
  Context context;
  const NewGitTag tag{.name = "v1", .commit = commit, .message = "x", .tagger = {}, .time = {}};
  must(github.ports.source->create_tag(context, tag));
  CHECK(code_of(github.ports.source->create_tag(context, tag)) == "tag_exists");
  forge.tags_are_protected = true;
  CHECK(code_of(github.ports.source->create_tag(
            context, {.name = "v2", .commit = commit, .message = "x", .tagger = {}, .time = {}})) ==
        "refused_by_server");
}

TEST_CASE("each permission that a token lacks is named") {
  struct Lack {
    const char* permission;
    const char* says;
  };
  for (const Lack lack : {Lack{"contents=write", "contents: write"}, Lack{"checks=write", "checks: write"},
                          Lack{"checks=read", "checks: read"}, Lack{"actions=read", "actions: read"}}) {
    CAPTURE(lack.permission);
    ForgeWorld world(lack.permission == std::string("actions=read") ? ForgeWorld::gate_by_workflow
                                                                    : ForgeWorld::gate_by_app);
    must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
    world.forge.permissions.erase(lack.permission);
    if (lack.permission == std::string("checks=read")) world.forge.permissions.erase("checks=write");
    if (lack.permission == std::string("contents=write"))
      world.forge.add(
          GithubDouble::Check{.name = ForgeWorld::check_name, .sha = world.second, .digest = world.digest()});
    if (lack.permission == std::string("actions=read"))
      world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name,
                                          .sha = world.second,
                                          .digest = world.digest(),
                                          .app = GithubDouble::workflows_app,
                                          .slug = "github-actions"});
    const auto refused = lack.permission == std::string("checks=write") ? world.pass_gate() : world.release();
    CHECK(code_of(refused) == "permission_missing");
    if (!refused) CHECK((refused.error().message + refused.error().hint).find(lack.says) != std::string::npos);
    CHECK(world.forge.tags() == 0);
  }
}

TEST_CASE("so is each permission for statuses and for pull requests") {
  struct Lack {
    const char* permission;
    const char* needed_for;
    const char* says;
  };
  for (const Lack lack :
       {Lack{"statuses=write", "post", "statuses: write"}, Lack{"statuses=read", "show", "statuses: read"},
        Lack{"pull_requests=read", "review", "pull_requests: read"}}) {
    CAPTURE(lack.permission);
    ForgeWorld world(
        "gates:\n  preprod-tests: {status: ci/e2e, creator: \"samebits-gate[bot]\", environment: preprod}\n"
        "  reviewed: {approved: 1}\n  ran-in-preprod: {deployed-in: preprod}\n");
    must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
    if (lack.needed_for != std::string("post")) must(world.pass_gate());
    world.forge.permissions.erase(lack.permission);
    if (lack.needed_for == std::string("show")) world.forge.permissions.erase("statuses=write");
    std::string said;
    if (lack.needed_for == std::string("post")) {
      const auto refused = world.pass_gate();
      REQUIRE(code_of(refused) == "permission_missing");
      said = refused.error().message + refused.error().hint;
    } else {
      const char* gate = lack.needed_for == std::string("review") ? "reviewed" : "preprod-tests";
      const auto report = must(world.client().promoter().gate_show({.sha = world.second, .gate = gate}));
      CHECK(report.gates.front().code == ErrorCode::permission_missing);
      said = report.gates.front().message;
    }
    CHECK(said.find(lack.says) != std::string::npos);
  }
}

TEST_CASE("what was read before is asked for by its mark, and not sent again") {
  GithubDouble forge;
  forge.commit("main");
  OpenGithub github(forge);
  Context context;
  must(github.ports.source->branch_tip(context, "main"));
  int unchanged = 0;
  forge.after = [&](const Asked&, Answer& answer) { unchanged += answer.status == 304 ? 1 : 0; };
  CHECK(must(github.ports.source->branch_tip(context, "main")).has_value());
  CHECK(unchanged == 1);
  const std::string next = forge.commit("main", forge.branch("main"));
  CHECK(must(github.ports.source->branch_tip(context, "main"))->str() == next);
}

TEST_CASE("the token goes to the forge alone") {
  GithubDouble forge;
  LoopbackServer elsewhere([](const Asked&) { return Answer{.body = "{}"}; });
  forge.commit("main");
  forge.before = [&](const Asked& asked) {
    return std::optional(
        Answer{.status = 301, .fields = {{"Location", elsewhere.origin() + asked.target}}, .body = "{}"});
  };
  OpenGithub github(forge);
  Context context = impatient();
  CHECK(!github.ports.source->branch_tip(context, "main"));
  for (const Asked& asked : elsewhere.asked()) CHECK(asked.field("authorization").empty());
}
