#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "contracts/gitops_contract.hpp"
#include "git/remote.hpp"
#include "servers/ssh_server.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

/// An empty repository that ssh reaches.
struct SshWorld {
  TempFolder folder;
  GitRepository repository = GitRepository::bare(folder.path() / "git ops!.git");
  SshServer server;
  Context context;

  GitPrograms programs(SshServer::Mode mode = SshServer::Mode::open) const {
    return {.environment = {"HOME=" + folder.path().string()}, .ssh = server.command(mode)};
  }
  std::string url() const { return "ssh://git" + repository.location(); }
  std::unique_ptr<GitOps> gitops(const std::string& location, const GitPrograms& given) const {
    return open_remote_gitops(must(git::open_ssh_transport(location, given)), "main");
  }
  std::unique_ptr<GitOps> gitops() const { return gitops(url(), programs()); }
  std::string code_at(const std::string& location, const GitPrograms& given) {
    return code_of(gitops(location, given)->tip(context));
  }
  static NewCommit first() {
    return {.expected_tip = {},
            .changes = {{.path = path("a"), .bytes = "1"}},
            .message = "First",
            .author = {},
            .time = system_clock().now()};
  }
};

}  // namespace

TEST_CASE("a repository behind ssh keeps the contract of GitOps") {
  const SshWorld world;
  GitOpsContract([&] { return world.gitops(); }).run();
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("the short form of a location reaches the same repository") {
  SshWorld world;
  const CommitId made = must(world.gitops()->commit(world.context, SshWorld::first()));
  const auto other = world.gitops("git:" + world.repository.location(), world.programs());
  CHECK(must(other->tip(world.context)) == made);
  CHECK(must(other->read(world.context, made, path("a")))->bytes == "1");
}

TEST_CASE("a URL is percent-encoded, and the short form is not") {
  SshWorld world;
  std::string encoded = world.url();
  encoded.replace(encoded.find(' '), 1, "%20");
  encoded.replace(encoded.find('!'), 1, "%21");
  const CommitId made = must(world.gitops(encoded, world.programs())->commit(world.context, SshWorld::first()));
  CHECK(world.repository.git("rev-parse main") == made.str());
  const std::string literal = "git:" + encoded.substr(std::string_view("ssh://git").size());
  CHECK(world.code_at(literal, world.programs()) == "repository_missing");
}

TEST_CASE("ssh that gets nowhere is told apart from a repository that is not there") {
  using Mode = SshServer::Mode;
  SshWorld world;
  CHECK(world.code_at(world.url() + "x", world.programs()) == "repository_missing");
  CHECK(world.code_at(world.url(), world.programs(Mode::foreign)) == "unauthenticated");
  CHECK(world.code_at(world.url(), world.programs(Mode::dead)) == "unreachable");
  CHECK(world.code_at(world.url(), world.programs(Mode::old)) == "git_protocol_v2_needed");
  CHECK(world.code_at(world.url(), {.ssh = {"no-such-ssh"}}) == "file_missing");
}

TEST_CASE("a push that ssh could not begin is no unknown outcome") {
  SshWorld world;
  const auto gitops = world.gitops(world.url(), world.programs(SshServer::Mode::dead));
  const auto made = gitops->commit(world.context, SshWorld::first());
  REQUIRE(code_of(made) == "unreachable");
  CHECK_FALSE(made.error().outcome_unknown);
}

TEST_CASE("a hook behind ssh refuses with its words") {
  SshWorld world;
  world.repository.write("hooks/pre-receive", "#!/bin/sh\necho 'only through a pull request' >&2\nexit 1\n");
  std::filesystem::permissions(world.repository.folder() / "hooks/pre-receive", std::filesystem::perms::all);
  const auto refused = world.gitops()->commit(world.context, SshWorld::first());
  CHECK(code_of(refused) == "refused_by_server");
  CHECK(refused.error().message.find("only through a pull request") != std::string::npos);
}

TEST_CASE("a location that would be an option or a secret is refused before ssh runs") {
  for (const char* location : {"ssh://-oProxyCommand=id/x", "-oProxyCommand=id:x", "git:-upload", "ssh://git",
                               "ssh://git:12a/x", "ssh://%2doProxyCommand=id/x", "ssh://ada@%2dx/x", "ssh://git/a%0ab",
                               "ssh://git/a%00b", "ssh://ada:secret@git/x", ":x", "git:", "git:a\nb"})
    CHECK(code_of(git::open_ssh_transport(location, {})) == "bad_option");
}

}  // namespace samebits::test
