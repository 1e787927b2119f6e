#include <algorithm>

#include <doctest/doctest.h>

#include "git/pkt_line.hpp"
#include "support/child.hpp"
#include "support/must.hpp"
#include "support/remote_git.hpp"
#include "support/remote_world.hpp"

namespace samebits::test {
namespace {

using namespace std::string_literals;

/// A transport whose answers a test makes.
class Changed final : public git::Transport {
 public:
  using Change = std::function<Result<git::Answer>(Transport& inner, const std::string& message)>;
  explicit Changed(std::unique_ptr<Transport> inner) : inner_(std::move(inner)) {}

  std::string location() const override { return "test"; }
  Result<git::Answer> capabilities(Context& context) override { return inner_->capabilities(context); }
  Result<git::Answer> upload_pack(Context& context, const std::string& command, std::size_t max) override {
    return on_upload ? on_upload(*inner_, command) : inner_->upload_pack(context, command, max);
  }
  Result<git::Answer> receive_pack(Context& context, const std::string& push) override {
    return on_receive ? on_receive(*inner_, push) : inner_->receive_pack(context, push);
  }

  Change on_upload;
  Change on_receive;

 private:
  std::unique_ptr<Transport> inner_;
};

Error lost_answer() {
  return {.code = ErrorCode::outcome_unknown, .message = "the answer was lost", .outcome_unknown = true};
}

std::string packet(const std::string& payload) {
  std::string message;
  git::append_packet(message, payload);
  return message;
}

}  // namespace

TEST_CASE("nothing is lost where processes push to one branch at once") {
  RemoteWorld world;
  constexpr int processes = 8;
  constexpr int each = 4;
  const std::string url = world.server.url("open", "gitops.git");
  const auto said = in_children(processes, [&](int process) -> std::string {
    RemoteGit remote(url);
    const auto gitops = remote.gitops();
    Context context;
    for (int number = 0; number < each;) {
      const auto tip = gitops->tip(context);
      if (!tip || !*tip) return "no tip";
      const auto file = gitops->read(context, **tip, path("samebits.yaml"));
      if (!file || !*file) return "no file";
      const std::string line = std::to_string(process) + "-" + std::to_string(number) + "\n";
      const auto made = gitops->commit(context, world.change(**tip, "samebits.yaml", (*file)->bytes + line));
      if (made) ++number;
      if (!made && made.error().code != ErrorCode::lost_race) return text_of(made.error());
    }
    return "done";
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(world.repository.git("show main:samebits.yaml | grep -c -- -") == std::to_string(processes * each));
  CHECK(world.repository.git("rev-list --count main") == std::to_string(processes * each + 1));
  CHECK(world.repository.git("rev-list --count --min-parents=2 main") == "0");
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a hook's refusal is passed on with its words and nothing is tried again") {
  RemoteWorld world;
  world.hook("pre-receive", "echo 'only through a pull request' >&2; exit 1");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  const auto refused = gitops->commit(world.context, world.change(tip, "samebits.yaml", "a: 1\n"));
  CHECK(code_of(refused) == "refused_by_server");
  CHECK(refused.error().message.find("only through a pull request") != std::string::npos);
  CHECK(refused.error().message.find("hook declined") != std::string::npos);
  CHECK(must(gitops->tip(world.context)) == tip);
  const auto pushes = std::count_if(remote.http.lines.begin(), remote.http.lines.end(),
                                    [](const std::string& line) { return line.ends_with("receive-pack"); });
  CHECK(pushes == 1);
}

TEST_CASE("a lock that a killed push left behind is not waited for without end") {
  RemoteWorld world;
  world.repository.write("refs/heads/main.lock", "");
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  int attempts = 0;
  std::string code = "lost_race";
  for (; code == "lost_race" && attempts < 50; ++attempts)
    code = code_of(gitops->commit(world.context, world.change(tip, "samebits.yaml", "a: 1\n")));
  CHECK(code == "unreachable");
  CHECK(attempts == 20);
}

TEST_CASE("a repository that takes no pushes is a missing permission") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("readonly", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  // git's own backend refuses without reading what is pushed, and where that breaks fcgiwrap's pipe nginx says 502.
  std::string code = "server_error";
  for (int attempt = 0; attempt < 20 && code == "server_error"; ++attempt)
    code = code_of(gitops->commit(world.context, world.change(tip, "a", "1")));
  CHECK(code == "permission_missing");
}

TEST_CASE("credentials are asked for once and again only where they are refused") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("auth", "gitops.git"));
  std::string log;
  world.context.log = [&](LogLevel, std::string_view line) { log += std::string(line) + "\n"; };
  CHECK(code_of(remote.gitops()->tip(world.context)) == "unauthenticated");
  remote.credentials = FixedCredentials("ada", "wrong-password");
  remote.http.count();
  const auto refused = remote.gitops()->tip(world.context);
  CHECK(code_of(refused) == "unauthenticated");
  CHECK(remote.http.count() == 1);
  CHECK(remote.credentials.asked.size() == 2);
  CHECK(remote.credentials.asked.back().refresh);
  remote.credentials = FixedCredentials("ada", "secret-of-ada");
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  CHECK(remote.http.count() == 1);
  must(gitops->commit(world.context, world.change(tip, "samebits.yaml", "a: 1\n")));
  CHECK(remote.credentials.asked.back().use == CredentialRequest::Use::write);
  CHECK(text_of(refused.error()).find("wrong-password") == std::string::npos);
  CHECK(log.find("secret-of-ada") == std::string::npos);
  CHECK(log.find("YWRhOnNlY3JldC1vZi1hZGE=") == std::string::npos);
}

TEST_CASE("what is no repository for us is said to be what it is") {
  RemoteWorld world;
  const auto code_at = [&](std::string_view like, std::string_view name) {
    RemoteGit remote(world.server.url(like, name));
    return code_of(remote.gitops()->tip(world.context));
  };
  CHECK(code_at("old", "gitops.git") == "git_protocol_v2_needed");
  CHECK(code_at("nothing", "gitops.git") == "repository_missing");
  CHECK(code_at("open", "absent.git") == "repository_missing");
  world.repository.git("init --quiet --bare --object-format=sha256 ../sha256.git");
  CHECK(code_at("open", "sha256.git") == "unsupported");
}

TEST_CASE("TLS is checked against the authority that is given") {
  RemoteWorld world;
  const GitHttpServer server(world.folder.path(), true);
  RemoteGit trusted(server.url("open", "gitops.git"), {.ca_file = server.ca_file()});
  CHECK(must(trusted.gitops()->tip(world.context)));
  RemoteGit distrusted(server.url("open", "gitops.git"));
  CHECK(code_of(distrusted.gitops()->tip(world.context)) == "bad_answer");
}

TEST_CASE("a push whose answer was lost is judged by what the branch holds") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  auto changed = std::make_unique<Changed>(remote.transport());
  Changed& transport = *changed;
  const auto gitops = open_remote_gitops(std::move(changed), "main");
  const CommitId first = *must(gitops->tip(world.context));
  transport.on_receive = [&](git::Transport& inner, const std::string& push) -> Result<git::Answer> {
    CHECK(inner.receive_pack(world.context, push));
    return lost_answer();
  };
  const CommitId second = must(gitops->commit(world.context, world.change(first, "samebits.yaml", "a: 1\n")));
  CHECK(must(gitops->tip(world.context)) == second);
  // Somebody was on top of it before we looked.
  transport.on_receive = [&](git::Transport& inner, const std::string& push) -> Result<git::Answer> {
    CHECK(inner.receive_pack(world.context, push));
    const auto other = remote.gitops();
    must(other->commit(world.context, world.change(*must(other->tip(world.context)), "other", "1")));
    return lost_answer();
  };
  const CommitId third = must(gitops->commit(world.context, world.change(second, "samebits.yaml", "a: 2\n")));
  CHECK(world.repository.git("rev-parse main~1") == third.str());
  // It did not get through.
  transport.on_receive = [](git::Transport&, const std::string&) -> Result<git::Answer> { return lost_answer(); };
  const CommitId tip = *must(gitops->tip(world.context));
  CHECK(code_of(gitops->commit(world.context, world.change(tip, "samebits.yaml", "a: 3\n"))) == "outcome_unknown");
  // An answer without a word, as where the server's program was killed.
  transport.on_receive = [](git::Transport&, const std::string&) -> Result<git::Answer> { return git::Answer{}; };
  CHECK(code_of(gitops->commit(world.context, world.change(tip, "samebits.yaml", "a: 3\n"))) == "outcome_unknown");
  CHECK(must(gitops->tip(world.context)) == tip);
}

TEST_CASE("the same commit of somebody else is not taken for one's own") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto one = remote.gitops();
  const auto other = remote.gitops();
  const CommitId tip = *must(one->tip(world.context));
  const NewCommit commit = world.change(tip, "samebits.yaml", "a: 1\n");
  const CommitId made = must(one->commit(world.context, commit));
  CHECK(code_of(other->commit(world.context, commit)) == "lost_race");
  CHECK(must(other->tip(world.context)) == made);
}

TEST_CASE("a server that gives only what its references name is asked for whole trees") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  auto changed = std::make_unique<Changed>(remote.transport());
  changed->on_upload = [&](git::Transport& inner, const std::string& command) -> Result<git::Answer> {
    const std::string tip = world.repository.git("rev-parse main");
    for (std::size_t at = 0; (at = command.find("want ", at)) != std::string::npos; at += 5)
      if (command.compare(at + 5, tip.size(), tip) != 0) return git::Answer{.body = packet("ERR want is not valid\n")};
    return inner.upload_pack(world.context, command, std::size_t{64} << 20);
  };
  const auto gitops = open_remote_gitops(std::move(changed), "main");
  const CommitId tip = *must(gitops->tip(world.context));
  CHECK(must(gitops->read(world.context, tip, path("values/prod/s7.yaml")))->bytes == "tag: v1\nname: 7\n");
  must(gitops->commit(world.context, world.change(tip, "values/prod/s7.yaml", "tag: v2\n")));
  CHECK(world.repository.git("show main:values/prod/s7.yaml") == "tag: v2");
}

TEST_CASE("a hostile server ends an operation and nothing else") {
  RemoteWorld world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const std::string id = world.repository.git("rev-parse main");
  const std::vector<std::string> lists{"zzzz",
                                       "fffffff",
                                       packet("\3fatal"),
                                       packet(id + " refs/heads/ma\x1bin\n") + "0000",
                                       packet(id + " refs/heads/../main\n") + "0000",
                                       packet("x refs/heads/main\n") + "0000",
                                       packet(id) + "0000",
                                       packet(id + " refs/heads/main peeled:x\n") + "0000",
                                       packet("ERR go away\n")};
  const std::string header = packet("packfile\n");
  const std::vector<std::string> packs{header,
                                       "0000",
                                       header + packet("\1PACK") + "0000",
                                       header + packet("\3out of memory") + "0000",
                                       header + packet("\1PACK\0\0\0\2\x7f\xff\xff\xff"s) + "0000",
                                       packet("nothing\n") + "0000"};
  for (const std::string& body : lists) {
    auto changed = std::make_unique<Changed>(remote.transport());
    changed->on_upload = [&](git::Transport&, const std::string&) { return git::Answer{.body = body}; };
    const auto tip = open_remote_gitops(std::move(changed), "main")->tip(world.context);
    CHECK(code_of(tip) == "bad_answer");
    if (!tip) CHECK(text_of(tip.error()).find('\x1b') == std::string::npos);
  }
  for (const std::string& body : packs) {
    auto changed = std::make_unique<Changed>(remote.transport());
    changed->on_upload = [&](git::Transport&, const std::string&) { return git::Answer{.body = body}; };
    CHECK(code_of(open_remote_gitops(std::move(changed), "main")->read(world.context, commit_id(id), path("a"))) ==
          "bad_answer");
  }
}

}  // namespace samebits::test
