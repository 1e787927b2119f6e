#include <algorithm>

#include <doctest/doctest.h>

#include <samebits/client.hpp>
#include <samebits/record.hpp>

#include "support/remote_git.hpp"
#include "support/remote_world.hpp"

namespace samebits::test {
namespace {

using namespace std::string_literals;

/// Tip, samebits.yaml, two values files and their records, and one commit: what a promotion of two environments takes.
std::size_t requests_of_promotion(RemoteWorld& world, RemoteGit& remote, GitOps& gitops, const std::string& tag) {
  remote.http.count();
  const CommitId tip = *must(gitops.tip(world.context));
  CHECK(must(gitops.read(world.context, tip, path("samebits.yaml"))));
  const std::vector<RepoPath> paths{path("values/prod/s7.yaml"), path("values/dev/s7.yaml"),
                                    path(".samebits/prod/s7.json"), path(".samebits/dev/s7.json")};
  must(gitops.prefetch(world.context, tip, paths));
  NewCommit commit = world.change(tip, "values/prod/s7.yaml", tag);
  commit.changes.clear();
  for (const RepoPath& file : paths) {
    CHECK(must(gitops.read(world.context, tip, file)));
    commit.changes.push_back({.path = file, .bytes = "tag: " + tag + "\n"});
  }
  must(gitops.commit(world.context, commit));
  return remote.http.count();
}

}  // namespace

TEST_CASE("a promotion of two environments takes four requests cold and two warm") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  CHECK(requests_of_promotion(world, remote, *gitops, "v2") == 4);
  CHECK(requests_of_promotion(world, remote, *gitops, "v3") == 2);
  CHECK(world.repository.git("show main:values/dev/s7.yaml") == "tag: v3");
  CHECK(world.repository.git("rev-list --count main") == "3");
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a promotion on a tip that others moved takes one request more than a warm one") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  requests_of_promotion(world, remote, *gitops, "v2");
  const CommitId tip = *must(gitops->tip(world.context));
  must(remote.gitops()->commit(world.context, world.change(tip, "values/prod/s9.yaml", "tag: v9\n")));
  CHECK(requests_of_promotion(world, remote, *gitops, "v3") == 3);
}

TEST_CASE("what filters a server offers is learnt once") {
  RemoteWorld world;
  for (const auto& [like, cold, warm] : {std::tuple("plain", 10, 2), std::tuple("bare", 5, 2)}) {
    RemoteGit remote(world.server.url(like, "gitops.git"));
    const auto gitops = remote.gitops();
    CHECK(requests_of_promotion(world, remote, *gitops, "cold "s + like) <= static_cast<std::size_t>(cold));
    CHECK(requests_of_promotion(world, remote, *gitops, "warm "s + like) == static_cast<std::size_t>(warm));
  }
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a file in deep folders of its own takes no request more") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  const RepoPath file = path("apps/s3/envs/prod/values.yaml");
  CHECK(must(gitops->read(world.context, tip, file))->bytes == "tag: v1\nof: 3\n");
  must(gitops->commit(world.context, world.change(tip, file.str(), "tag: v2\n")));
  CHECK(remote.http.count() == 4);
}

TEST_CASE("a thousand files in one commit take no request more") {
  RemoteWorld world;
  const GitRepository work = GitRepository::with_work_tree(world.folder.path() / "wide");
  work.git("pull --quiet " + world.repository.location() + " main");
  std::vector<RepoPath> paths;
  for (int number = 0; number < 1000; ++number) {
    paths.push_back(path("values/prod/w"s + std::to_string(number) + ".yaml"));
    work.write(paths.back().str(), "tag: v1\nname: " + std::to_string(number) + "\n");
  }
  work.commit_all("Widen");
  work.git("push --quiet " + world.repository.location() + " HEAD:main");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  must(gitops->prefetch(world.context, tip, paths));
  NewCommit commit = world.change(tip, "values/prod/w0.yaml", "");
  commit.changes.clear();
  for (const RepoPath& file : paths)
    commit.changes.push_back(
        {.path = file, .bytes = must(gitops->read(world.context, tip, file))->bytes + "more: 1\n"});
  must(gitops->commit(world.context, commit));
  CHECK(remote.http.count() == 4);
  CHECK(world.repository.git("grep -c 'more: 1' main -- values/prod | wc -l") == "1000");
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a status of four thousand targets takes four requests") {
  RemoteWorld world;
  const GitRepository work = GitRepository::with_work_tree(world.folder.path() / "fleet");
  std::string pipeline = "apiVersion: samebits/v1\nservices:\n";
  for (int service = 0; service < 1000; ++service) {
    const std::string name = "s" + std::to_string(service);
    pipeline += "  " + name + ": {image: example.com/acme/" + name + ", source: /nowhere}\n";
    for (const char* environment : {"preprod", "prod", "dev", "staging"}) {
      const Record record{.environment = environment,
                          .service = name,
                          .tag = "main-" + std::string(40, 'a'),
                          .digest = must(Digest::parse("sha256:" + std::string(64, 'b'))),
                          .commit = commit_id(std::string(40, 'a')),
                          .operation = "promote",
                          .promotion_id = std::string(64, 'c')};
      work.write("values/"s + environment + "/" + name + ".yaml", "image:\n  tag: " + record.tag + "\n");
      work.write(must(Record::path(environment, name)).str(), record.str());
    }
  }
  pipeline += "tags: {git: \"{service}/v{version}\"}\nenvironments:\n";
  for (const char* environment : {"preprod", "prod", "dev", "staging"})
    pipeline += "  "s + environment + ": {track: snapshot, values: \"values/" + environment + "/{service}.yaml\"}\n";
  work.write("samebits.yaml", pipeline + "release: {from: preprod, gates: []}\n");
  work.commit_all("Fleet\n\nNo commit says who promoted what.");
  work.git("push --quiet --force " + world.repository.location() + " HEAD:main");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  ClientOptions options;
  options.ports.gitops = [&] { return remote.gitops(); };
  Client client(options);
  const auto status = client->status({});
  REQUIRE(code_of(status) == "none");
  REQUIRE(status->environments.size() == 4000);
  CHECK(std::all_of(status->environments.begin(), status->environments.end(),
                    [](const EnvironmentState& state) { return state.recorded && state.gitops == std::nullopt; }));
  CHECK(remote.http.count() <= 4);
}

TEST_CASE("a history is walked in few requests, whatever filters the server has") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto writer = remote.gitops();
  CommitId tip = *must(writer->tip(world.context));
  for (int number = 0; number < 70; ++number)
    tip = must(writer->commit(world.context, world.change(tip, "values/prod/s1.yaml", std::to_string(number))));
  for (const char* like : {"open", "plain", "bare"}) {
    CAPTURE(like);
    RemoteGit other(world.server.url(like, "gitops.git"));
    const auto reader = other.gitops();
    std::optional<CommitId> at = must(reader->tip(world.context));
    must(reader->read(world.context, *at, path("values/prod/s1.yaml")));
    other.http.count();
    int commits = 0;
    for (; at; ++commits) {
      const auto facts = must(reader->commit_facts(world.context, *at));
      REQUIRE(facts);
      CHECK(must(reader->find_blob(world.context, *at, path("values/prod/s1.yaml"))));
      at = facts->parents.empty() ? std::nullopt : std::optional(facts->parents.front());
    }
    CHECK(commits == 71);
    CHECK(other.http.count() <= 2);
  }
}

namespace {

/// A pipeline whose environments have `count` records each, one commit a record, and others' commits between them.
void fill_with_records(const RemoteWorld& world, int count) {
  const GitRepository work = GitRepository::with_work_tree(world.folder.path() / "records");
  work.write("samebits.yaml",
             "apiVersion: samebits/v1\nservices: {api: {image: example.com/acme/api, source: /nowhere}}\n"
             "environments:\n  preprod: {track: snapshot, values: \"values/preprod/{service}.yaml\"}\n"
             "release: {from: preprod, gates: []}\n");
  const RepoPath place = must(Record::path("preprod", "api"));
  std::optional<Record> before;
  for (int number = 0; number < count; ++number) {
    Record record{.environment = "preprod",
                  .service = "api",
                  .tag = "main-" + std::string(38, 'a') + std::to_string(10 + number % 90),
                  .digest = must(Digest::parse("sha256:" + std::string(64, 'b'))),
                  .operation = "promote",
                  .promotion_id = std::string(64, 'c'),
                  .time = Time(std::chrono::seconds(1'790'000'000 + number))};
    if (before) {
      record.previous = must(BlobId::parse(work.git("rev-parse HEAD~1:" + place.str())));
      if (before->previous) record.earlier.push_back(*before->previous);
      for (const BlobId& id : before->earlier)
        if (record.earlier.size() < Record::max_earlier) record.earlier.push_back(id);
    }
    work.write("values/preprod/api.yaml", "image:\n  tag: " + record.tag + "\n");
    work.write(place.str(), record.str());
    work.commit_all("Promote");
    work.write("README", std::to_string(number));
    work.commit_all("Note");
    before = record;
  }
  work.git("push --quiet --force " + world.repository.location() + " HEAD:main");
}

}  // namespace

TEST_CASE("a history of a hundred records takes few requests, whatever filters the server has") {
  RemoteWorld world;
  fill_with_records(world, 100);
  for (const auto& [like, most] : {std::pair("open", 9), std::pair("plain", 14), std::pair("bare", 10)}) {
    CAPTURE(like);
    RemoteGit remote(world.server.url(like, "gitops.git"));
    ClientOptions options;
    options.ports.gitops = [&, &at = remote] { return at.gitops(); };
    Client client(options);
    const auto history = client->history({.environment = "preprod", .limit = 100});
    REQUIRE(code_of(history) == "none");
    CHECK(history->entries.size() == 100);
    CHECK(history->entries.front().gitops);
    CHECK(remote.http.count() <= static_cast<std::size_t>(most));
  }
}

}  // namespace samebits::test
