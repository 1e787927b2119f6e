#include <algorithm>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "support/child.hpp"
#include "support/pipeline_world.hpp"

namespace samebits::test {
namespace {

constexpr int processes = 16;

template <class T>
std::string word_of(const Result<T>& result) {
  if (!result) return std::string(to_string(result.error().code));
  return result->changed ? "done" : "unchanged";
}

std::ptrdiff_t count(const std::vector<std::string>& said, std::string_view word) {
  return std::count(said.begin(), said.end(), word);
}

void check_only(const std::vector<std::string>& said, const std::set<std::string>& allowed) {
  for (const std::string& word : said) {
    CAPTURE(word);
    CHECK(allowed.contains(word));
  }
}

std::string at_commit(GitOps& gitops, const CommitId& commit, const std::string& file) {
  Context context;
  const auto found = must(gitops.read(context, commit, path(file)));
  return found ? found->bytes : "";
}

/// The history is one line, and prod and dev are apart in none of its commits. Gives the number of commits.
int check_history(const PipelineWorld& world) {
  CHECK(world.gitops().git("rev-list --count --min-parents=2 main") == "0");
  CHECK(world.gitops().git("rev-list --count --max-parents=0 main") == "1");
  CHECK(world.fsck().empty());
  const auto gitops = open_local_gitops(world.gitops().location(), "main");
  const auto tag_of = [&](const CommitId& commit, const std::string& environment) {
    const std::string bytes = at_commit(*gitops, commit, "values/" + environment + "/api.yaml");
    return bytes.substr(bytes.find("tag:"), bytes.find('\n', bytes.find("tag:")) - bytes.find("tag:"));
  };
  Context context;
  int commits = 0;
  for (std::optional<CommitId> at = world.tip(); at; ++commits) {
    CHECK(tag_of(*at, "prod") == tag_of(*at, "dev"));
    const auto facts = must(gitops->commit_facts(context, *at));
    at = facts->parents.empty() ? std::nullopt : std::optional(facts->parents.front());
  }
  return commits;
}

std::vector<std::string> services_of(int number) {
  std::vector<std::string> services;
  for (int i = 0; i < number; ++i) services.push_back("api-" + std::to_string(i));
  services.front() = "api";
  return services;
}

}  // namespace

TEST_CASE("of many processes that promote different and the same services each lands once") {
  PipelineWorld world({.services = services_of(8)});
  const CommitId commit = world.merge_and_build();
  const auto services = services_of(8);
  const auto said = in_children(processes, [&](int process) {
    return word_of(world.client()->promote({.environment = "preprod",
                                            .sha = commit.str(),
                                            .services = {services[static_cast<std::size_t>(process % 8)]}}));
  });
  CHECK(count(said, "done") == 8);
  CHECK(count(said, "unchanged") == 8);
  CHECK(check_history(world) == 1 + 8);
  for (const std::string& service : services)
    CHECK(world.tag_in("preprod", service) == PipelineWorld::snapshot(commit));
}

TEST_CASE("of many processes that promote one service to different commits none takes it back") {
  PipelineWorld world;
  std::vector<CommitId> commits;
  for (int i = 0; i < processes; ++i) commits.push_back(world.merge_and_build());
  const auto said = in_children(processes, [&](int process) {
    return word_of(
        world.client()->promote({.environment = "preprod", .sha = commits[static_cast<std::size_t>(process)].str()}));
  });
  check_only(said, {"done", "would_move_backwards"});
  CHECK(said.back() == "done");
  CHECK(world.tag_in("preprod") == PipelineWorld::snapshot(commits.back()));
  CHECK(check_history(world) == 1 + count(said, "done"));
}

TEST_CASE("one promotion by many processes is one commit") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  const auto said = in_children(processes, [&](int) {
    return word_of(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  });
  CHECK(count(said, "done") == 1);
  CHECK(count(said, "unchanged") == processes - 1);
  CHECK(check_history(world) == 2);
}

TEST_CASE("of two releases of one version from different commits one wins and nothing of the other is left") {
  PipelineWorld world;
  const CommitId first = world.make_releasable();
  const CommitId second = world.make_releasable();
  for (int round = 0; round < 3; ++round) {
    const std::string version = "1." + std::to_string(round) + ".0";
    const int before = check_history(world);
    const auto said = in_children(8, [&](int process) {
      return word_of(
          world.client()->release({.version = version, .sha = process % 2 == 0 ? first.str() : second.str()}));
    });
    check_only(said, {"done", "unchanged", "tag_exists"});
    CHECK(count(said, "tag_exists") == 4);
    const CommitId winner = commit_id(world.source().git("rev-parse 'v" + version + "^{commit}'"));
    Context context;
    const auto images = open_image_layout(world.layout().string());
    CHECK(must(images->resolve(context, "v" + version)) ==
          must(images->resolve(context, PipelineWorld::snapshot(winner))));
    CHECK(world.file(".samebits/prod/api.json").find(winner.str()) != std::string::npos);
    CHECK(check_history(world) == before + 1);
  }
  CHECK(world.source().git("tag --list").size() == std::string("v1.0.0 v1.1.0 v1.2.0").size());
}

TEST_CASE("a release and a rollback at once leave prod and dev together") {
  PipelineWorld world;
  world.make_releasable();
  must(world.client()->release({.version = "1.0.0"}));
  world.make_releasable();
  must(world.client()->release({.version = "1.1.0"}));
  world.make_releasable();
  const auto said = in_children(8, [&](int process) {
    if (process % 2 == 0) return word_of(world.client()->release({.version = "1.2.0"}));
    return word_of(world.client()->rollback({.target = "production", .to = "v1.0.0"}));
  });
  check_only(said, {"done", "unchanged", "superseded"});
  check_history(world);
  CHECK((world.tag_in("prod") == "v1.0.0" || world.tag_in("prod") == "v1.2.0"));
  CHECK(must(world.client()->status()).unfinished.empty());
}

TEST_CASE("promotions land beside people who push with git") {
  PipelineWorld world({.services = services_of(4)});
  const CommitId commit = world.merge_and_build();
  const auto services = services_of(4);
  constexpr int pushes = 6;
  const auto said = in_children(5, [&](int process) -> std::string {
    if (process > 0)
      return word_of(world.client()->promote({.environment = "preprod",
                                              .sha = commit.str(),
                                              .services = {services[static_cast<std::size_t>(process - 1)]}}));
    const std::string clone = (world.root() / "clone").string();
    world.gitops().git("clone --quiet . '" + clone + "'");
    for (int i = 0; i < pushes; ++i)
      world.gitops().git("-C '" + clone + "' commit --quiet --allow-empty -m Person && until git -C '" + clone +
                         "' push --quiet origin main 2>/dev/null; do git -C '" + clone +
                         "' pull --quiet --rebase origin main; done");
    return "done";
  });
  for (const std::string& word : said) CHECK(word == "done");
  CHECK(check_history(world) == 1 + 4 + pushes);
  CHECK(world.gitops().git("log --format=%s main").find("Person") != std::string::npos);
}

TEST_CASE("every post of many processes is recorded once and judged by the last") {
  PipelineWorld world;
  const CommitId commit = world.merge_and_build();
  must(world.client()->promote({.environment = "preprod", .sha = commit.str()}));
  const auto said = in_children(processes, [&](int) {
    return word_of(world.client()->gate_post({.gate = "preprod-tests", .sha = commit.str(), .conclusion = "success"}));
  });
  check_only(said, {"done", "unchanged"});
  CHECK(world.source().git("rev-list --count samebits/gates") == "1");
  CHECK(must(world.client()->gate_show({.sha = commit.str()})).gates.front().verdict == Verdict::passed);
}

TEST_CASE("threads with a client each promote at once") {
  const auto services = services_of(4);
  PipelineWorld world({.services = services});
  const CommitId commit = world.merge_and_build();
  std::vector<std::string> said(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < said.size(); ++i)
    threads.emplace_back([&, i] {
      said[i] = word_of(world.client()->promote(
          {.environment = "preprod", .sha = commit.str(), .services = {services[i % services.size()]}}));
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(count(said, "done") == 4);
  CHECK(count(said, "unchanged") == 4);
  CHECK(check_history(world) == 1 + 4);
}

}  // namespace samebits::test
