#include "forge/ref_pattern.hpp"

#include <string>

#include <doctest/doctest.h>

#include "assemble/forges.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

TEST_CASE("a ruleset's pattern fits the references that GitHub says") {
  struct Case {
    const char* pattern;
    const char* ref;
    bool fits;
  };
  for (const Case& one : {
           Case{"~ALL", "refs/tags/v1.0.0", true},
           Case{"~DEFAULT_BRANCH", "refs/tags/v1.0.0", false},
           Case{"refs/tags/v*", "refs/tags/v1.0.0", true},
           Case{"refs/tags/v*", "refs/tags/v", true},
           Case{"refs/tags/v*", "refs/tags/release-1", false},
           Case{"refs/tags/v*", "refs/heads/v1.0.0", false},
           Case{"refs/tags/v1.*", "refs/tags/v2.0.0", false},
           Case{"v*", "refs/tags/v1.0.0", false},
           Case{"refs/tags/*", "refs/tags/api/v1.0.0", false},
           Case{"refs/tags/*/*", "refs/tags/api/v1.0.0", true},
           Case{"refs/tags/**/*", "refs/tags/v1.0.0", true},
           Case{"refs/tags/**/*", "refs/tags/a/b/c", true},
           Case{"refs/tags/**/v*", "refs/tags/a/b/c", false},
           Case{"refs/tags/v**", "refs/tags/v1/2", false},
           Case{"**/v1.0.0", "refs/tags/v1.0.0", true},
           Case{"refs/tags/v?.0.0", "refs/tags/v1.0.0", true},
           Case{"refs/tags/v?.0.0", "refs/tags/v10.0.0", false},
           Case{"refs/tags?v1.0.0", "refs/tags/v1.0.0", false},
           Case{"refs/tags/v[0-9]*", "refs/tags/v7.0.0", true},
           Case{"refs/tags/v[0-8]*", "refs/tags/v9.0.0", false},
           Case{"refs/tags/v[135-]*", "refs/tags/v-0", true},
           Case{"refs/tags/v[^0-8]*", "refs/tags/v9.0.0", false},
           Case{"refs/tags/v[1", "refs/tags/v1", false},
           Case{"refs/tags/v1.0.0", "refs/tags/v1.0.0", true},
           Case{"refs/tags/v1.0.0", "refs/tags/v1.0.0-rc.1", false},
           Case{"", "refs/tags/v1.0.0", false},
       }) {
    CAPTURE(one.pattern);
    CAPTURE(one.ref);
    CHECK(forge::fits_ref(one.pattern, one.ref) == one.fits);
  }
}

TEST_CASE("a pattern of many stars is no work") {
  std::string pattern = "refs/tags/";
  for (int stars = 0; stars < 200; ++stars) pattern += "*1";
  CHECK(!forge::fits_ref(pattern, "refs/tags/" + std::string(150, '1') + "0"));
  CHECK(!forge::fits_ref(std::string(5000, '*'), "refs"));
}

TEST_CASE("what a ruleset excludes it does not hold") {
  const auto holds = [](const std::string& conditions, const std::string& ref) {
    return forge::conditions_hold(must(parse_json(conditions, "conditions")), ref);
  };
  CHECK(holds(R"({"ref_name": {"include": ["refs/tags/v*"], "exclude": []}})", "refs/tags/v1.0.0"));
  CHECK(holds(R"({"ref_name": {"include": ["refs/tags/x", "~ALL"]}})", "refs/tags/v1.0.0"));
  CHECK(!holds(R"({"ref_name": {"include": ["~ALL"], "exclude": ["refs/tags/v1.*"]}})", "refs/tags/v1.0.0"));
  CHECK(!holds(R"({"ref_name": {"include": [], "exclude": []}})", "refs/tags/v1.0.0"));
  CHECK(!holds(R"({"repository_name": {"include": ["~ALL"]}})", "refs/tags/v1.0.0"));
  CHECK(!holds("{}", "refs/tags/v1.0.0"));
}

TEST_CASE("a GitOps repository is at the forge that its host says, however Git reaches it") {
  Pipeline pipeline;
  pipeline.services = {
      {.name = "api",
       .image = must(ImageRepo::parse("registry.example.com/acme/api")),
       .source = {.url = "https://git.example.com:8443/acme/api", .branch = "main", .forge = "gitea"}}};
  const auto at = [&](const std::string& location) {
    const auto found = forge_location(location, pipeline);
    return found ? found->url + " " + found->forge : "nowhere";
  };
  const std::string ours = "https://git.example.com:8443/acme/gitops.git gitea";
  CHECK(at("https://git.example.com:8443/acme/gitops.git") == ours);
  CHECK(at("ssh://git@git.example.com:2222/acme/gitops.git") == ours);
  CHECK(at("git@git.example.com:acme/gitops.git") == ours);
  CHECK(at("git.example.com:/acme/gitops.git") == ours);
  CHECK(at("https://git.example.com/acme/gitops.git") == "nowhere");
  CHECK(at("git@other.example.com:acme/gitops.git") == "nowhere");
  CHECK(at("https://github.com/acme/gitops") == "https://github.com/acme/gitops ");
  CHECK(at("git@github.com:acme/gitops.git") == "https://github.com/acme/gitops.git ");
  for (const char* location : {"/srv/gitops.git", "../gitops", "gitops.git", "file:///srv/gitops.git", "./a:b"}) {
    CAPTURE(location);
    CHECK(at(location) == "nowhere");
  }
}
