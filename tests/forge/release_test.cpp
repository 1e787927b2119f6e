#include "forge/forge_world.hpp"
#include "support/outcomes.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("a release makes the tag and the forge's release at exactly the commit") {
  ForgeWorld world;
  world.make_releasable();
  (void)world.forge.commit("main", world.second);
  const Receipt receipt = must(world.release());
  CHECK(outcomes(receipt) == "git-tag=done image-tag=done commit=done forge-release=done ");
  CHECK(world.forge.tagged("v1.0.0") == world.second);
  REQUIRE(world.forge.releases().size() == 1);
  const Json release = world.forge.releases().front();
  CHECK(release.text("target_commitish") == world.second);
  CHECK(release.text("own_make_latest") == "true");
  CHECK(release.text("body").find(world.digest()) != std::string::npos);
  CHECK(release.text("body").find("What's Changed") != std::string::npos);
  CHECK(receipt.gates.front().evidence.front().id.starts_with("check:"));

  const std::string state = world.forge.state();
  const Receipt again = must(world.release());
  CHECK(!again.changed);
  CHECK(outcomes(again) == "git-tag=already image-tag=already commit=already forge-release=already ");
  CHECK(world.forge.state() == state);
}

TEST_CASE("a release asks the forge at most fourteen times") {
  struct Kind {
    const char* gates;
    bool by_workflow;
  };
  for (const Kind kind : {Kind{ForgeWorld::gate_by_app, false}, Kind{ForgeWorld::gate_by_workflow, true}}) {
    ForgeWorld world(kind.gates);
    if (kind.by_workflow) {
      must(world.client().promoter().promote({.environment = "preprod", .sha = world.second}));
      world.forge.add(GithubDouble::Check{.name = ForgeWorld::check_name,
                                          .sha = world.second,
                                          .digest = world.digest(),
                                          .app = GithubDouble::workflows_app,
                                          .slug = "github-actions",
                                          .suite = 6001});
      world.forge.add(GithubDouble::Run{.sha = world.second});
      world.forge.server().forget();
    } else {
      world.make_releasable();
    }
    must(world.release());
    // What the README says, step by step.
    const std::string runs = kind.by_workflow ? "GET /actions/runs\n" : "";
    const std::string gates = "GET /commits/" + world.second + "/check-runs\n" + runs;
    std::string log;
    for (const std::string& line : world.forge.log()) log += line + "\n";
    CHECK(log == "GET /git/ref/heads/main\nGET /git/ref/tags/v1.0.0\nGET /releases\nGET /compare/" + world.second +
                     "..." + world.second + "\n" + gates + "GET /git/ref/heads/main\n" + gates +
                     "POST /git/tags\nPOST /git/refs\nPOST /releases/generate-notes\nPOST /releases\n");
    CHECK(world.forge.log().size() <= 14);
    CHECK(world.twin.tag("v1.0.0") == world.digest());
  }
}

TEST_CASE("notes begin at the version that is left, and a pre-release is not the newest") {
  ForgeWorld world(std::string(ForgeWorld::gate_by_app) +
                   "environments:\n"
                   "  preprod: {track: snapshot, values: \"values/preprod/{service}.yaml\"}\n"
                   "  prod: {track: release, values: \"values/prod/{service}.yaml\", pre-release: true}\n");
  world.make_releasable();
  must(world.release("1.0.0"));
  must(world.release("1.1.0-rc.1"));
  const Json release = world.forge.releases().front();
  CHECK(release.text("tag_name") == "v1.1.0-rc.1");
  CHECK(*release.find("prerelease")->boolean());
  CHECK(release.text("own_make_latest") == "false");
  CHECK(release.text("body").find("since v1.0.0") != std::string::npos);
}

TEST_CASE("every state between nothing and a release is completed, or refused as it is") {
  struct Case {
    const char* name;
    bool image;
    bool other_image;
    /// `ours`, `other`, or nothing.
    std::string tag;
    /// `published`, `draft`, `our-draft`, or nothing.
    std::string release;
    bool burned;
    const char* code;
  };
  const Case cases[] = {
      {"nothing", false, false, "", "", false, "none"},
      {"the image's tag", true, false, "", "", false, "none"},
      {"both tags", true, false, "ours", "", false, "none"},
      {"all", true, false, "ours", "published", false, "none"},
      {"the image's tag is of other bits", false, true, "", "", false, "tag_exists"},
      {"the Git tag is at another commit", false, false, "other", "", false, "tag_exists"},
      {"our draft", true, false, "ours", "our-draft", false, "none"},
      {"another's draft", true, false, "ours", "draft", false, "tag_exists"},
      {"a release without its image", false, false, "ours", "published", false, "tag_exists"},
      {"a release without its Git tag", true, false, "", "published", false, "tag_exists"},
      {"a name that is gone for ever", false, false, "", "", true, "tag_exists"},
  };
  ForgeWorld world;
  world.make_releasable();
  world.keep();
  for (const Case& one : cases) {
    CAPTURE(one.name);
    world.begin();
    world.forge.burned.clear();
    // A release that was cut short leaves a tag of ours.
    if (one.tag == "ours") {
      must(world.release());
      world.restore_gitops();
    }
    if (one.tag == "other") world.forge.point_tag("v1.0.0", world.first);
    if (one.other_image) world.twin.set_tag("v1.0.0", world.digest_of[0]);
    if (one.image) world.twin.set_tag("v1.0.0", world.digest());
    if (!one.image && !one.other_image) world.twin.remove_tag("v1.0.0");
    if (one.tag == "ours" && one.release != "published") world.forge.drop_releases();
    if (one.tag != "ours" && one.release == "published") world.forge.add_release("v1.0.0", false);
    if (one.release == "draft") world.forge.add_release("v1.0.0", true, "by hand");
    if (one.release == "our-draft")
      world.forge.add_release("v1.0.0", true, "ours\n<!-- samebits: " + world.digest() + " -->");
    if (one.burned) world.forge.burned = {"v1.0.0"};
    const auto released = world.release();
    CHECK(code_of(released) == one.code);
    if (!released) {
      CHECK(!released.error().hint.empty());
      continue;
    }
    CHECK(world.forge.tagged("v1.0.0") == world.second);
    CHECK(world.twin.tag("v1.0.0") == world.digest());
    REQUIRE(world.forge.releases().size() == 1);
    CHECK(!*world.forge.releases().front().find("draft")->boolean());
  }
}

TEST_CASE("a repository that was renamed is found under its old name") {
  ForgeWorld world(ForgeWorld::gate_by_app, true);
  world.forge.moved = true;
  world.make_releasable();
  must(world.release());
  CHECK(world.forge.tagged("v1.0.0") == world.second);
  CHECK(world.forge.releases().size() == 1);
}

TEST_CASE("status looks at few tags of a forge, however many there are") {
  ForgeWorld world;
  world.make_releasable();
  must(world.release());
  OpenGithub github(world.forge);
  Context context;
  const auto tag = [&](const std::string& name) {
    must(github.ports.source->create_tag(
        context, {.name = name, .commit = commit_id(world.second), .message = "by hand", .tagger = {}, .time = {}}));
  };
  const auto asked = [&] {
    world.forge.server().forget();
    CHECK(must(world.client().promoter().status({})).unfinished.empty());
    return world.forge.log().size();
  };
  for (int patch = 0; patch < 60; ++patch) tag("v0.9." + std::to_string(patch));
  CHECK(asked() == 1);
  for (int minor = 1; minor < 60; ++minor) tag("v1." + std::to_string(minor) + ".0");
  CHECK(asked() == 2 + 2 * 20);
}

TEST_CASE("a version that was begun is unfinished until its commit is there") {
  ForgeWorld world;
  world.make_releasable();
  world.keep();
  must(world.release());
  world.restore_gitops();
  const auto unfinished = must(world.client().promoter().status({})).unfinished;
  REQUIRE(unfinished.size() == 1);
  CHECK(unfinished.front().version == "1.0.0");
  CHECK(unfinished.front().missing == std::vector<std::string>{"commit"});
  must(world.release());
  CHECK(must(world.client().promoter().status({})).unfinished.empty());
}

TEST_CASE("a gate that closes between the plan and the first write stops the release") {
  ForgeWorld world;
  world.make_releasable();
  int reads = 0;
  world.forge.after = [&](const Asked& asked, Answer&) {
    if (asked.path().ends_with("/check-runs") && asked.method == "GET" && ++reads == 1)
      world.forge.add(GithubDouble::Check{
          .name = ForgeWorld::check_name, .sha = world.second, .conclusion = "failure", .digest = world.digest()});
  };
  CHECK(code_of(world.release()) == "gate_failed");
  CHECK(world.forge.tags() == 0);
  CHECK(world.twin.tag("v1.0.0").empty());
}

TEST_CASE("no release of the forge where none is wanted") {
  ForgeWorld world(std::string(ForgeWorld::gate_by_app) +
                   "release: {gates: [preprod-tests, ran-in-preprod], forge-release: never}\n");
  world.make_releasable();
  must(world.release());
  CHECK(world.forge.tagged("v1.0.0") == world.second);
  CHECK(world.forge.releases().empty());
}
