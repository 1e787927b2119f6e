#include "forge/forge_world.hpp"

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
  CHECK(findings(world).empty());
  CHECK(world.commits() == commits);
  for (const std::string& line : world.forge.log()) CHECK(line.starts_with("GET "));
}

TEST_CASE("doctor names each protection and each permission that is missing, and who needs it") {
  ForgeWorld world;
  world.forge.branch_is_protected = false;
  CHECK(has(findings(world), "branch main is not protected"));
  world.forge.branch_is_protected = true;
  world.forge.has_tag_rules = false;
  CHECK(has(findings(world), "release tags"));
  world.forge.has_tag_rules = true;
  for (const char* permission : {"checks=read", "pull_requests=read", "contents=write"}) {
    CAPTURE(permission);
    const auto all = world.forge.permissions;
    world.forge.permissions.erase(permission);
    if (permission == std::string("checks=read")) world.forge.permissions.erase("checks=write");
    std::string words = permission;
    words.replace(words.find('='), 1, ": ");
    const std::string found = findings(world);
    CHECK(has(found, words));
    CHECK(has(found, permission == std::string("pull_requests=read") ? "preview prune" : "release"));
    world.forge.permissions = all;
  }
}

TEST_CASE("a forge that cannot be reached is a finding, and the registry is looked at all the same") {
  ForgeWorld world;
  world.forge.before = [](const Asked&) { return std::optional(Answer{.status = 401, .body = "{}"}); };
  CHECK(has(findings(world), "unauthenticated"));
  CHECK(world.twin.count("HEAD") > 0);
}
