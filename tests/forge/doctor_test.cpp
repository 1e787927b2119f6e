#include <samebits/adapters.hpp>

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

/// A repository that is at a server by its address.
class RemoteGitOps final : public GitOps {
 public:
  RemoteGitOps(const std::string& folder, std::string location)
      : inner_(open_local_gitops(folder, "main")), location_(std::move(location)) {}
  std::string location() const override { return location_; }
  std::string branch() const override { return inner_->branch(); }
  Result<std::optional<CommitId>> tip(Context& context) override { return inner_->tip(context); }
  Result<std::optional<RepoFile>> read(Context& context, const CommitId& commit, const RepoPath& path) override {
    return inner_->read(context, commit, path);
  }
  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& id) override {
    return inner_->read_blob(context, id);
  }
  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& commit, const RepoPath& path) override {
    return inner_->list(context, commit, path);
  }
  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& commit) override {
    return inner_->commit_facts(context, commit);
  }
  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    return inner_->commit(context, commit);
  }

 private:
  std::unique_ptr<GitOps> inner_;
  std::string location_;
};

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
    Context context;
    const auto gitops = open_local_gitops(world.options().gitops, "main");
    const auto tip = *must(gitops->tip(context));
    must(gitops->commit(context, {.expected_tip = tip,
                                  .changes = {{.path = path(file), .bytes = text}},
                                  .message = "Own",
                                  .author = must(Person::parse("Ada <ada@example.com>")),
                                  .time = {}}));
  };
  for (const char* location : {"https://git.example.com/acme/gitops", "git@git.example.com:acme/gitops"}) {
    CAPTURE(location);
    CHECK(has(found(location), "no code owners"));
  }
  CHECK(found(world.options().gitops).empty());
  add("docs/CODEOWNERS", "/values/ @ada\n");
  CHECK(has(found("https://git.example.com/acme/gitops"), "no code owners"));
  add(".github/CODEOWNERS", "/samebits.yaml @ada\n");
  CHECK(found("https://git.example.com/acme/gitops").empty());
}
