#include <doctest/doctest.h>

#include <samebits/values_file.hpp>

#include "support/pipeline_world.hpp"

namespace samebits::test {
namespace {

const std::string absent(40, 'a');

/// What no line of a values file may be: the promotion must not see it as its tag.
std::string values_with_tag(std::string_view tag) {
  return "image:\n  repository: x\n  tag: \"" + std::string(tag) + "\"\n";
}

}  // namespace

TEST_CASE("a request that is wrong in itself is refused at the border") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = "abc123"}), "bad_commit_id");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = ""}), "bad_commit_id");
  CHECK_REFUSED(world, world.client()->promote({.environment = "", .sha = commit.str()}), "bad_request");
  CHECK_REFUSED(world, world.client()->promote({.environment = "nowhere", .sha = commit.str()}), "bad_request");
  CHECK_REFUSED(world,
                world.client()->promote({.environment = "preprod", .sha = commit.str(), .services = {"unknown"}}),
                "bad_request");
  CHECK_REFUSED(world, world.client()->preview_up({.pr = 0, .sha = commit.str()}), "bad_request");
  CHECK_REFUSED(world, world.client()->release({.version = "1.2"}), "bad_version");
  CHECK_REFUSED(world, world.client()->release({.version = "1.2.3+build"}), "bad_version");
  CHECK_REFUSED(world, world.client()->release({.version = "vv1.2.3"}), "bad_version");
  CHECK_REFUSED(world, world.client()->rollback({.target = "production", .to = "no tag"}), "bad_tag");
  CHECK_REFUSED(world, world.client()->rollback({.target = "prod", .to = "v1.0.0"}), "bad_request");
  CHECK_REFUSED(world, world.client()->gate_post({.gate = "unknown", .sha = commit.str(), .conclusion = "success"}),
                "bad_request");
  CHECK_REFUSED(world, world.client()->gate_post({.gate = "preprod-tests", .sha = commit.str(), .conclusion = "great"}),
                "bad_request");
  CHECK_REFUSED(world,
                world.client()->gate_post({.gate = "ran-in-preprod", .sha = commit.str(), .conclusion = "success"}),
                "bad_request");
  CHECK_REFUSED(world, world.client()->apply({.plan = "{}"}), "bad_request");
  CHECK_REFUSED(world, world.client()->history({.environment = "nowhere"}), "bad_request");
}

TEST_CASE("only what was merged and built is promoted") {
  PipelineWorld world;
  const CommitId built = world.merge_and_build();
  const CommitId unbuilt = world.merge();
  const CommitId side = world.push_branch("side");
  world.build(PipelineWorld::snapshot(side), "side");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = absent}), "commit_missing");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = unbuilt.str()}), "image_missing");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = side.str()}), "not_on_main");
  CHECK_REFUSED(world, world.client()->promote({.environment = "production", .sha = built.str()}), "wrong_track");
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.0", .sha = side.str()}), "not_on_main");
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.0-rc.1", .sha = built.str()}), "wrong_track");
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.0"}), "unknown_current");
  CHECK_REFUSED(world, world.client()->preview_up({.pr = 7, .sha = built.str()}), "image_missing");
  CHECK_REFUSED(world, world.client()->trace({.ref = "v9.9.9"}), "image_missing");
}

TEST_CASE("an environment goes neither backwards nor to another line of history") {
  PipelineWorld world;
  const CommitId old = world.merge_and_build();
  const CommitId other_line = world.push_branch("other", old);
  const CommitId now = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = now.str()}));
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = old.str()}), "would_move_backwards");
  // main is rewritten to another line.
  world.source().git("update-ref refs/heads/main " + other_line.str());
  const CommitId rewritten = world.merge_and_build();
  for (const bool adopt : {false, true})
    CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = rewritten.str(), .adopt = adopt}),
                  "diverged");
}

TEST_CASE("each verdict of a gate but passed refuses the release") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  const auto post = [&](const char* conclusion) {
    must(world.client()->gate_post({.gate = "preprod-tests", .sha = commit.str(), .conclusion = conclusion}));
  };
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.0"}), "gate_missing");
  for (const char* conclusion : {"failure", "cancelled", "skipped", "neutral", "timed_out", "stale"}) {
    CAPTURE(conclusion);
    post(conclusion);
    CHECK_REFUSED(world, world.client()->release({.version = "1.0.0"}), "gate_failed");
  }
  post("pending");
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.0"}), "gate_pending");
  post("success");
  must(world.client()->release({.version = "1.0.0"}));
}

TEST_CASE("evidence is recorded only for what the gate's environment runs") {
  PipelineWorld world;
  const CommitId first = world.merge_and_build();
  const CommitId second = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = second.str()}));
  const auto post = [&](const CommitId& commit, std::string digest) {
    return world.client()->gate_post(
        {.gate = "preprod-tests", .sha = commit.str(), .conclusion = "success", .digest = std::move(digest)});
  };
  CHECK_REFUSED(world, post(first, ""), "superseded");
  CHECK_REFUSED(world, post(second, "sha256:" + std::string(64, '1')), "superseded");
  CHECK_REFUSED(world, post(commit_id(absent), ""), "commit_missing");
  world.write_by_hand("values/preprod/api.yaml", values_with_tag(PipelineWorld::snapshot(first)));
  CHECK_REFUSED(world, post(first, ""), "unverified");
}

TEST_CASE("a version that is taken, old or left is refused") {
  PipelineWorld world;
  const CommitId first = world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  const CommitId second = world.make_releasable();
  CHECK_REFUSED(world, world.client()->release({.version = "1.0.9"}), "version_not_newer");
  CHECK_REFUSED(world, world.client()->release({.version = "1.1.0", .sha = second.str()}), "tag_exists");
  must(world.client()->release({.version = "1.2.0"}));
  CHECK_REFUSED(world, world.client()->release({.version = "1.1.0", .sha = first.str()}), "superseded");
  must(world.client()->rollback({.target = "production", .to = "v1.1.0"}));
  CHECK_REFUSED(world, world.client()->release({.version = "1.2.0"}), "superseded");
  // A tag that no release made.
  world.source().git("tag v1.3.0 main");
  CHECK_REFUSED(world, world.client()->release({.version = "1.3.0"}), "tag_exists");
  world.build("v1.4.0", "somebody's");
  CHECK_REFUSED(world, world.client()->release({.version = "1.4.0"}), "tag_exists");
}

TEST_CASE("a rollback goes only where the records lead, to the bits that they name") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  CHECK_REFUSED(world, world.client()->rollback({.target = "production", .to = "v0.9.0"}), "nothing_to_roll_back");
  CHECK_REFUSED(world, world.client()->rollback({.target = "preprod", .to = "v1.0.0"}), "wrong_track");
  world.build("v1.0.0", "other bits");
  CHECK_REFUSED(world, world.client()->rollback({.target = "production", .to = "v1.0.0"}), "digest_mismatch");
}

TEST_CASE("a tag that was moved after its promotion is not promoted again") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  world.build(PipelineWorld::snapshot(commit), "other bits");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = commit.str()}), "digest_mismatch");
}

TEST_CASE("values that no promotion can read or write are refused with their file") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  const auto promote = [&] { return world.client()->promote({.environment = "preprod", .sha = commit.str()}); };
  const std::string file = "values/preprod/api.yaml";
  world.write_by_hand(file, "image: [\n");
  CHECK_REFUSED(world, promote(), "invalid_yaml");
  world.write_by_hand(file, "image: {tag: a, tag: b}\n");
  CHECK_REFUSED(world, promote(), "duplicate_key");
  world.write_by_hand(file, "base: &t v\nimage: {tag: *t}\n");
  CHECK_REFUSED(world, promote(), "unknown_current");
  world.write_by_hand(file, "image:\n  tag: &t \"\"\nother: *t\n");
  CHECK_REFUSED(world, promote(), "shared_anchor");
  world.write_by_hand(file, "image: {tag: latest}\n");
  CHECK_REFUSED(world, promote(), "unknown_current");
  world.write_by_hand(file, "image: {name: x}\n");
  CHECK_REFUSED(world, promote(), "key_missing");
  world.write_by_hand(file, std::nullopt);
  CHECK_REFUSED(world, promote(), "file_missing");
  CHECK(must(world.client()->check()).findings.front().where.file == file);
}

TEST_CASE("edits of one pass neither overlap nor leave their path unread") {
  const ValuePath outer = must(ValuePath::parse("image"));
  const ValuePath inner = must(ValuePath::parse("image.tag"));
  const std::vector<ValuesEdit> edits = {{.path = outer, .value = {.text = "{}", .json = true}},
                                         {.path = inner, .value = {.text = "v1"}}};
  CHECK(code_of(edit_values("image: {tag: v0}\n", edits, {})) == "overlapping_edits");
  CHECK(code_of(ValuePath::parse("image..tag")) == "bad_path");
}

TEST_CASE("a broken definition is refused with its place") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  world.write_by_hand("samebits.yaml", "apiVersion: samebits/v1\nservices: {api: {image: x}}\n");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = commit.str()}), "bad_config");
  world.write_by_hand("samebits.yaml", std::nullopt);
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = commit.str()}), "file_missing");
}

TEST_CASE("release and rollback follow the repository's own definition") {
  PipelineWorld world;
  world.make_releasable();
  ClientOptions options = world.options();
  options.promoter.config = world.file("samebits.yaml") + "\nrelease: {gates: []}\n";
  options.promoter.config_name = "mine.yaml";
  CHECK_REFUSED(world, Client(options)->release({.version = "1.0.0"}), "bad_option");
  CHECK_REFUSED(world, Client(options)->rollback({.target = "production", .to = "v1.0.0"}), "bad_option");
}

TEST_CASE("what is not there is named") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  ClientOptions options = world.options();
  options.gitops = (world.root() / "nowhere.git").string();
  CHECK(code_of(Client(options)->status()) == "repository_missing");
  options = world.options();
  options.branch = "nowhere";
  CHECK(code_of(Client(options)->status()) == "repository_missing");
  options.gitops = "git://git.example.com/x.git";
  CHECK(code_of(Client(options)->status()) == "unsupported");
  std::filesystem::rename(world.layout(), world.root() / "elsewhere");
  CHECK(code_of(world.client()->promote({.environment = "preprod", .sha = commit.str()})) == "repository_missing");
}

TEST_CASE("a branch that is checked out is refused and can be read") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  world.gitops().git("worktree add --quiet ../work main");
  CHECK_REFUSED(world, world.client()->promote({.environment = "preprod", .sha = commit.str()}), "branch_checked_out");
  must(world.client()->status());
}

TEST_CASE("a broken or foreign record is refused and named") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  const CommitId next = world.merge_and_build();
  const std::string record = world.file(".samebits/prod/api.json");
  for (const std::string& bytes : {std::string("{"), std::string("{}"), std::string("not json"), record}) {
    CAPTURE(bytes);
    world.write_by_hand(".samebits/preprod/api.json", bytes);
    const auto refused = world.client()->promote({.environment = "preprod", .sha = next.str()});
    REQUIRE(code_of(refused) == "bad_answer");
    CHECK(refused.error().where.file == ".samebits/preprod/api.json");
    CHECK(!refused.error().hint.empty());
  }
  CHECK(world.tag_in("preprod") == PipelineWorld::snapshot(commit));
}

TEST_CASE("broken and foreign lines of the ledger are ignored and reported") {
  PipelineWorld world;
  const CommitId commit = world.make_releasable();
  const std::string file = "gates/api/" + commit.str().substr(0, 2) + "/" + commit.str() + ".jsonl";
  const auto ledger = open_local_gitops(world.source().location(), "samebits/gates");
  Context context;
  const CommitId tip = *must(ledger->tip(context));
  std::string bytes = must(ledger->read(context, tip, path(file)))->bytes;
  std::string foreign = bytes;
  foreign.replace(foreign.find("\"api\""), 5, "\"web\"");
  must(ledger->commit(context, {.expected_tip = tip,
                                .changes = {{.path = path(file), .bytes = bytes + "garbage\n" + foreign}},
                                .message = "By hand",
                                .author = {},
                                .time = system_clock().now()}));
  CHECK(must(world.client()->gate_show({.sha = commit.str()})).warnings.size() == 2);
  must(world.client()->release({.version = "1.0.0"}));
}

}  // namespace samebits::test
