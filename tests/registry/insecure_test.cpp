#include <fstream>

#include <samebits/client.hpp>

#include "servers/registry_server.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A GitOps repository for images at a registry without TLS. Leads to this machine and is not called loopback.
struct PlainWorld {
  TempFolder folder;
  RegistryServer server{RegistryMode::open, folder.path() / "data", folder.path() / "work"};
  std::string host = "0.0.0.0:" + std::to_string(server.port());
  std::string commit;

  PlainWorld() {
    const auto source = GitRepository::with_work_tree(folder.path() / "source");
    source.write("app.txt", "x");
    commit = source.commit_all("Say it");
    source.git("clone --quiet --bare . '" + (folder.path() / "source.git").string() + "'");
    const std::string layout = folder.path() / "layout";
    run_command({"/usr/bin/python3", SAMEBITS_MAKE_IMAGE, layout, "main-" + commit, "--content", "x"});
    run_command({"skopeo", "copy", "-q", "--all", "--dest-tls-verify=false", "oci:" + layout + ":main-" + commit,
                 "docker://" + server.authority() + "/app:main-" + commit});
  }

  /// A client on a repository whose samebits.yaml has the line `more`.
  Client client(const std::string& name, const std::string& more) const {
    const auto gitops = GitRepository::with_work_tree(folder.path() / (name + "-work"));
    gitops.write("samebits.yaml", "apiVersion: samebits/v1\nservices:\n  app: {image: \"" + host +
                                      "/app\", source: \"" + (folder.path() / "source.git").string() +
                                      "\"}\n" + more + "release: {gates: []}\n");
    gitops.write("values/preprod/app.yaml", "image: {tag: \"\"}\n");
    gitops.commit_all("Begin");
    const std::string bare = folder.path() / (name + ".git");
    gitops.git("clone --quiet --bare . '" + bare + "'");
    return Client({.gitops = bare, .promoter = {.author = must(Person::parse("Ada <ada@example.com>"))}});
  }
};

}  // namespace

TEST_CASE("a registry without TLS is spoken to only where samebits.yaml lists its host") {
  PlainWorld world;
  const auto refused = world.client("strict", "").promoter().promote(
      {.environment = "preprod", .sha = world.commit});
  CHECK(code_of(refused) == "unreachable");
  CHECK(refused.error().remote == world.host);
  const auto done = must(world.client("listed", "insecure: [\"" + world.host + "\"]\n")
                             .promoter()
                             .promote({.environment = "preprod", .sha = world.commit}));
  CHECK(done.images.front().tag == "main-" + world.commit);
}
