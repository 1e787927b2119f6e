// Gitea as a Git server: its own HTTP before the git program, with tokens and private repositories.
#include <samebits/client.hpp>
#include <samebits/init.hpp>

#include "contracts/gitops_contract.hpp"
#include "registry/manifest.hpp"
#include "servers/gitea_server.hpp"
#include "servers/registry_double.hpp"
#include "support/git_repository.hpp"
#include "support/remote_git.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// One server for all tests; each has repositories of its own.
const GiteaServer& server() {
  static const TempFolder folder;
  static const GiteaServer gitea(folder.path() / "gitea");
  return gitea;
}

/// Its URL; private, and no other test's.
std::string new_repository() {
  static int made = 0;
  return server().make_repository("git-" + std::to_string(++made), true);
}

/// For the git program.
std::string with_token(const std::string& url) {
  return url.substr(0, url.find("//") + 2) + "bot:" + server().token() + "@" + url.substr(url.find("//") + 2);
}

/// A private GitOps repository at Gitea, of a source there and images in a registry double.
struct GiteaPipeline {
  TempFolder folder;
  RegistryDouble twin;
  GitRepository work = GitRepository::with_work_tree(folder.path() / "work");
  std::string source = new_repository();
  std::string gitops = new_repository();
  std::vector<std::string> commits;

  GiteaPipeline() {
    for (int number = 0; number < 3; ++number) {
      work.write("file", std::to_string(number));
      commits.push_back(work.commit_all("Change " + std::to_string(number)));
      twin.put(std::string(oci_index_type), sample_index(commits.back()), "main-" + commits.back());
    }
    work.git("push --quiet '" + with_token(source) + "' HEAD:refs/heads/main");
    const auto first = GitRepository::with_work_tree(folder.path() / "first");
    must(init_folder(first.location(), {.service = "api", .image = twin.repository(), .source = source}));
    first.commit_all("Begin");
    first.git("push --quiet '" + with_token(gitops) + "' HEAD:refs/heads/main");
  }

  Client client() const {
    return Client(
        {.gitops = gitops,
         .branch = "main",
         .promoter = {.author = must(Person::parse("Ada <ada@example.com>"))},
         .network = {.credentials = {{.target = server().url(), .credential = {.token = Secret(server().token())}}},
                     .cache = (folder.path() / "cache").string()}});
  }
};

}  // namespace

TEST_CASE("a repository at Gitea keeps the contract of GitOps") {
  RemoteGit remote(new_repository());
  remote.credentials = FixedCredentials("bot", server().token());
  GitOpsContract([&] { return remote.gitops(); }).run();
}

TEST_CASE("a pipeline plays at Gitea over its Git alone, and its history reads back") {
  GiteaPipeline world;
  for (const std::string& commit : world.commits)
    must(world.client()->promote({.environment = "preprod", .sha = commit}));
  must(world.client()->gate_post({.gate = "preprod-tests", .sha = world.commits.back(), .conclusion = "success"}));
  const Receipt released = must(world.client()->release({.version = "1.0.0"}));
  CHECK(released.changed);
  CHECK_FALSE(must(world.client()->release({.version = "1.0.0"})).changed);

  const History history = must(world.client()->history({.environment = "preprod"}));
  REQUIRE(history.entries.size() == 3);
  for (std::size_t number = 0; number < 3; ++number)
    CHECK(history.entries[number].tag == "main-" + world.commits[2 - number]);
  const Status status = must(world.client()->status());
  CHECK(status.unfinished.empty());
  CHECK(status.gitops == released.gitops->commit);
  CHECK(must(world.client()->trace({.ref = "v1.0.0"})).environments.size() == 3);

  world.work.git("fetch --quiet '" + with_token(world.gitops) + "' main");
  CHECK(world.work.git("rev-list --count FETCH_HEAD") == "5");
  CHECK(world.work.git("rev-list --count --min-parents=2 FETCH_HEAD") == "0");
  CHECK(world.work.fsck().empty());
  CHECK(world.work.git("ls-remote '" + with_token(world.source) + "' 'refs/tags/v1.0.0^{}'")
            .starts_with(world.commits[2]));
}

TEST_CASE("what Gitea refuses is said with its words") {
  const std::string url = new_repository();
  RemoteGit remote(url);
  remote.credentials = FixedCredentials("bot", server().token());
  const auto gitops = remote.gitops();
  Context context;
  const auto change = [](const std::optional<CommitId>& tip, const char* text) {
    return NewCommit{.expected_tip = tip,
                     .changes = {{.path = path("a"), .bytes = text}},
                     .message = "Change",
                     .author = {},
                     .time = system_clock().now()};
  };
  const CommitId first = must(gitops->commit(context, change({}, "1")));
  CHECK(server()
            .api(http::Method::post,
                 "/repos/bot/" + url.substr(url.rfind('/') + 1, url.rfind('.') - url.rfind('/') - 1) +
                     "/branch_protections",
                 R"({"rule_name": "main", "enable_push": false})")
            .ok());
  const auto refused = gitops->commit(context, change(first, "2"));
  CHECK(code_of(refused) == "refused_by_server");
  CAPTURE(refused.error().message);
  CHECK(refused.error().message.find("protected branch") != std::string::npos);
  CHECK(must(gitops->tip(context)) == first);

  RemoteGit wrong(url);
  wrong.credentials = FixedCredentials("bot", "wrong");
  CHECK(code_of(wrong.gitops()->tip(context)) == "unauthenticated");
  RemoteGit nobody(url);
  CHECK(code_of(nobody.gitops()->tip(context)) == "unauthenticated");
}
