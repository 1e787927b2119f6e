#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include <samebits/client.hpp>
#include <samebits/record.hpp>

#include "git/pkt_line.hpp"
#include "servers/git_http_server.hpp"
#include "support/child.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/remote_git.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

using namespace std::string_literals;

/// A repository with one commit, behind a server.
struct World {
  TempFolder folder;
  GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  GitHttpServer server{folder.path()};
  Context context;

  World() {
    const GitRepository work = GitRepository::with_work_tree(folder.path() / "work");
    work.write("samebits.yaml", "apiVersion: samebits/v1\n");
    for (const char* environment : {"prod", "dev", "preprod"})
      for (int service = 0; service < 40; ++service) {
        const std::string name = std::to_string(service);
        work.write("values/"s + environment + "/s" + name + ".yaml", "tag: v1\nname: " + name + "\n");
        work.write(".samebits/"s + environment + "/s" + name + ".json", "{\"tag\": \"v1\", \"of\": " + name + "}\n");
        work.write("apps/s" + name + "/envs/" + environment + "/values.yaml", "tag: v1\nof: " + name + "\n");
      }
    work.commit_all("First");
    work.git("push --quiet " + repository.location() + " main");
  }

  NewCommit change(const CommitId& tip, std::string_view file, std::string bytes) const {
    return {.expected_tip = tip,
            .changes = {{.path = path(file), .bytes = std::move(bytes)}},
            .message = "Change",
            .author = {},
            .time = system_clock().now()};
  }
  void hook(const std::string& name, const std::string& text) const {
    repository.write("hooks/" + name, "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(repository.folder() / "hooks" / name, std::filesystem::perms::all);
  }
};

/// Tip, samebits.yaml, two values files and their records, and one commit: what a promotion of two environments takes.
std::size_t requests_of_promotion(World& world, RemoteGit& remote, GitOps& gitops, const std::string& tag) {
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

TEST_CASE("a promotion of two environments takes four requests cold and two warm") {
  World world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  CHECK(requests_of_promotion(world, remote, *gitops, "v2") == 4);
  CHECK(requests_of_promotion(world, remote, *gitops, "v3") == 2);
  CHECK(world.repository.git("show main:values/dev/s7.yaml") == "tag: v3");
  CHECK(world.repository.git("rev-list --count main") == "3");
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a promotion on a tip that others moved takes one request more than a warm one") {
  World world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  requests_of_promotion(world, remote, *gitops, "v2");
  const CommitId tip = *must(gitops->tip(world.context));
  must(remote.gitops()->commit(world.context, world.change(tip, "values/prod/s9.yaml", "tag: v9\n")));
  CHECK(requests_of_promotion(world, remote, *gitops, "v3") == 3);
}

TEST_CASE("what filters a server offers is learnt once") {
  World world;
  for (const auto& [like, cold, warm] : {std::tuple("plain", 10, 2), std::tuple("bare", 5, 2)}) {
    RemoteGit remote(world.server.url(like, "gitops.git"));
    const auto gitops = remote.gitops();
    CHECK(requests_of_promotion(world, remote, *gitops, "cold "s + like) <= static_cast<std::size_t>(cold));
    CHECK(requests_of_promotion(world, remote, *gitops, "warm "s + like) == static_cast<std::size_t>(warm));
  }
  CHECK(world.repository.fsck().empty());
}

TEST_CASE("a file in deep folders of its own takes no request more") {
  World world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  const RepoPath file = path("apps/s3/envs/prod/values.yaml");
  CHECK(must(gitops->read(world.context, tip, file))->bytes == "tag: v1\nof: 3\n");
  must(gitops->commit(world.context, world.change(tip, file.str(), "tag: v2\n")));
  CHECK(remote.http.count() == 4);
}

TEST_CASE("a thousand files in one commit take no request more") {
  World world;
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
  World world;
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

TEST_CASE("a history is walked in few requests") {
  World world;
  RemoteGit remote(world.server.url("open", "gitops.git"));
  const auto writer = remote.gitops();
  CommitId tip = *must(writer->tip(world.context));
  for (int number = 0; number < 70; ++number)
    tip = must(writer->commit(world.context, world.change(tip, "values/prod/s1.yaml", std::to_string(number))));
  const auto reader = remote.gitops();
  remote.http.count();
  std::optional<CommitId> at = must(reader->tip(world.context));
  int commits = 0;
  for (; at; ++commits) {
    const auto facts = must(reader->commit_facts(world.context, *at));
    REQUIRE(facts);
    at = facts->parents.empty() ? std::nullopt : std::optional(facts->parents.front());
  }
  CHECK(commits == 71);
  CHECK(remote.http.count() <= 4);
}

TEST_CASE("nothing is lost where processes push to one branch at once") {
  World world;
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
  World world;
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
  World world;
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
  World world;
  RemoteGit remote(world.server.url("readonly", "gitops.git"));
  const auto gitops = remote.gitops();
  const CommitId tip = *must(gitops->tip(world.context));
  CHECK(code_of(gitops->commit(world.context, world.change(tip, "a", "1"))) == "permission_missing");
}

TEST_CASE("credentials are asked for once and again only where they are refused") {
  World world;
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
  World world;
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
  World world;
  const GitHttpServer server(world.folder.path(), true);
  RemoteGit trusted(server.url("open", "gitops.git"), {.ca_file = server.ca_file()});
  CHECK(must(trusted.gitops()->tip(world.context)));
  RemoteGit distrusted(server.url("open", "gitops.git"));
  CHECK(code_of(distrusted.gitops()->tip(world.context)) == "bad_answer");
}

TEST_CASE("a push whose answer was lost is judged by what the branch holds") {
  World world;
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
  World world;
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
  World world;
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
  World world;
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
