#include "forge/forge_world.hpp"
#include "forge/remote_gitops.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::string findings(const ForgeWorld& world) {
  std::string text;
  for (const Error& finding : must(world.client().promoter().doctor({})).findings) {
    text += std::string(to_string(finding.code)) + " " + finding.message + " | " + finding.hint + "\n";
    CHECK(!finding.hint.empty());
  }
  return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("doctor has no findings where all is reached and protected, and writes nothing") {
  ForgeWorld world;
  const std::string commits = world.commits();
  const std::string state = world.forge.state();
  CHECK(findings(world).empty());
  CHECK(world.commits() == commits);
  CHECK(world.forge.state() == state);
  // What is asked to be written says nothing that could be.
  for (const Asked& asked : world.forge.server().asked()) CHECK((asked.method == "GET" || asked.body == "{}"));
}

TEST_CASE("doctor says what nobody can know, and what to do about it") {
  ForgeWorld world;
  std::string unknown;
  for (const std::string& line : must(world.client().promoter().doctor({})).unknown) unknown += line + "\n";
  CHECK(has(unknown, "make release tags immutable"));
  CHECK(has(unknown, "may change samebits.yaml"));
}

TEST_CASE("doctor names each protection and each permission that is missing, and who needs it") {
  ForgeWorld world;
  world.forge.branch_is_protected = false;
  CHECK(has(findings(world), "branch main is not protected"));
  world.forge.branch_is_protected = true;
  world.forge.has_tag_rules = false;
  CHECK(has(findings(world), "release tags"));
  world.forge.has_tag_rules = true;
  world.forge.tag_rules = {"deletion"};
  CHECK(has(findings(world), "from being moved"));
  CHECK(!has(findings(world), "from being removed"));
  world.forge.tag_rules = {"deletion", "update"};
  for (const char* permission : {"checks=read", "pull_requests=read", "contents=write", "checks=write"}) {
    CAPTURE(permission);
    const auto all = world.forge.permissions;
    world.forge.permissions.erase(permission);
    if (permission == std::string("checks=read")) world.forge.permissions.erase("checks=write");
    std::string words = permission;
    words.replace(words.find('='), 1, ": ");
    const std::string found = findings(world);
    CHECK(has(found, words));
    CHECK(has(found, permission == std::string("pull_requests=read") ? "preview prune"
                     : permission == std::string("checks=write")     ? "gate post"
                                                                     : "release"));
    world.forge.permissions = all;
  }
}

TEST_CASE("a ruleset for tags counts where its patterns hold for every tag that a release may make") {
  struct Case {
    std::vector<std::string> include;
    std::vector<std::string> exclude;
    /// Empty: all are held.
    const char* free;
  };
  for (const Case& one : {Case{{"~ALL"}, {}, ""}, Case{{"refs/tags/v[0-9]*"}, {}, ""},
                          Case{{"refs/tags/x", "refs/tags/v*"}, {"refs/heads/*", "refs/tags/w*"}, ""},
                          Case{{"refs/tags/release-*"}, {}, "v1.2.3"}, Case{{"refs/tags/v1.*"}, {}, "v12.34.56"},
                          Case{{"refs/tags/v?.*.*"}, {}, "v12.34.56"}, Case{{"~ALL"}, {"refs/tags/v9.*"}, "v9.0.0"},
                          Case{{"v*"}, {}, "v1.2.3"}, Case{{}, {}, "v1.2.3"}}) {
    ForgeWorld world;
    world.forge.tags_included = one.include;
    world.forge.tags_excluded = one.exclude;
    const std::string found = findings(world);
    CAPTURE(found);
    if (one.free == std::string()) {
      CHECK(found.empty());
      continue;
    }
    for (const char* lacks : {"moved", "removed"})
      CHECK(has(found, "that keep tags from being " + std::string(lacks) + " do not hold for release tags such as " +
                           one.free + " |"));
  }
}

TEST_CASE("so it does for the tags of pre-releases, and those that begin with the service") {
  const std::string gates(ForgeWorld::gate_by_app);
  ForgeWorld world(gates +
                   "environments:\n"
                   "  preprod: {track: snapshot, values: \"values/preprod/{service}.yaml\"}\n"
                   "  prod: {track: release, values: \"values/prod/{service}.yaml\", pre-release: true}\n");
  CHECK(findings(world).empty());
  world.forge.tags_excluded = {"refs/tags/*-*"};
  CHECK(has(findings(world), "such as v1.0.0-rc.1"));
  ForgeWorld named(gates + "tags: {git: \"{service}/v{version}\"}\n");
  CHECK(has(findings(named), "such as service-demo/v1.2.3"));
  named.forge.tags_included = {"refs/tags/**/v*"};
  CHECK(findings(named).empty());
}

TEST_CASE("a forge that cannot be reached is a finding, and the registry is looked at all the same") {
  ForgeWorld world;
  world.forge.before = [](const Asked&) { return std::optional(Answer{.status = 401, .body = "{}"}); };
  CHECK(has(findings(world), "unauthenticated"));
  CHECK(world.twin.count("HEAD") > 0);
}

TEST_CASE("doctor wants code owners for the policy of a repository at a server") {
  ForgeWorld world;
  const auto found = [&](const std::string& location) {
    ClientOptions options = world.options();
    options.ports.gitops = [&] { return std::make_unique<RemoteGitOps>(world.options().gitops, location); };
    std::string text;
    for (const Error& finding : must(Client(options).promoter().doctor({})).findings) text += finding.message + "\n";
    return text;
  };
  const auto add = [&](const std::string& file, const std::string& text) {
    add_file(world.options().gitops, file, text);
  };
  for (const char* location : {"https://git.example.com/acme/gitops", "git@git.example.com:acme/gitops"}) {
    CAPTURE(location);
    // Nobody knows how that server looks for them.
    CHECK(found(location).empty());
  }
  CHECK(has(found(world.forge.url()), "no code owners"));
  CHECK(found(world.options().gitops).empty());
  add("docs/CODEOWNERS", "/values/ @ada\n");
  CHECK(has(found(world.forge.url()), "no code owners"));
  add(".github/CODEOWNERS", "/samebits.yaml @ada\n");
  CHECK(found(world.forge.url()).empty());
}
