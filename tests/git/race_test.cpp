#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "support/child.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

constexpr int processes = 8;
constexpr int commits_each = 20;

/// Appends the line to the file `log` and writes a file of its own, however often others are faster.
std::string append_until_landed(GitOps& gitops, const std::string& line) {
  Context context;
  while (true) {
    const auto tip = gitops.tip(context);
    if (!tip) return text_of(tip.error());
    std::string log;
    if (*tip) {
      const auto file = gitops.read(context, **tip, path("log"));
      if (!file) return text_of(file.error());
      log = *file ? (*file)->bytes : "";
    }
    const auto made = gitops.commit(context, {.expected_tip = *tip,
                                              .changes = {{.path = path("log"), .bytes = log + line + "\n"},
                                                          {.path = path("own/" + line), .bytes = line}},
                                              .message = "Append " + line,
                                              .author = {},
                                              .time = system_clock().now()});
    if (made) return {};
    if (made.error().code != ErrorCode::lost_race) return text_of(made.error());
  }
}

std::size_t lines_of(const std::string& text) {
  return text.empty() ? 0 : static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

}  // namespace

TEST_CASE("nothing is lost where processes commit to one branch at once") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  const auto said = in_children(processes, [&](int process) -> std::string {
    const auto gitops = open_local_gitops(repository.location(), "main");
    for (int number = 0; number < commits_each; ++number) {
      auto error = append_until_landed(*gitops, std::to_string(process) + "-" + std::to_string(number));
      if (!error.empty()) return error;
    }
    return "done";
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(repository.git("rev-list --count main") == "160");
  CHECK(repository.git("rev-list --count --min-parents=2 main") == "0");
  CHECK(repository.git("rev-list --count --max-parents=0 main") == "1");
  CHECK(lines_of(repository.git("show main:log")) == 160);
  CHECK(lines_of(repository.git("ls-tree --name-only main own/")) == 160);
  CHECK(repository.fsck().empty());
}

TEST_CASE("commits land beside those of the git program") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "gitops");
  repository.write("log", "");
  repository.commit_all("First");
  repository.git("switch --quiet --detach");
  const auto said = in_children(3, [&](int process) -> std::string {
    const auto gitops = open_local_gitops(repository.location(), "main");
    for (int number = 0; number < commits_each; ++number) {
      // Process 0 is git: it commits and packs what the others have open.
      const std::string in = "git -C '" + repository.location() + "' ";
      const std::string move = "rev-parse main | { read tip && " + in + "update-ref refs/heads/main $(" + in +
                               "commit-tree -p $tip -m git $tip^{tree}) $tip || true; }";
      std::string error;
      if (process == 0)
        repository.git(number % 10 == 9 ? "gc --quiet" : move);
      else
        error = append_until_landed(*gitops, std::to_string(process) + "-" + std::to_string(number));
      if (!error.empty()) return error;
    }
    return "done";
  });
  for (const std::string& words : said) CHECK(words == "done");
  CHECK(lines_of(repository.git("show main:log")) == 40);
  CHECK(lines_of(repository.git("ls-tree --name-only main own/")) == 40);
  CHECK(repository.git("rev-list --count --min-parents=2 main") == "0");
  CHECK(repository.fsck().empty());
}

TEST_CASE("of many who make the same branch one does") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  for (int round = 0; round < 10; ++round) {
    const std::string branch = "new/" + std::to_string(round);
    const auto said = in_children(processes, [&](int process) {
      Context context;
      const NewCommit first{.expected_tip = {},
                            .changes = {{.path = path("a"), .bytes = std::to_string(process)}},
                            .message = "First",
                            .author = {},
                            .time = Time(std::chrono::seconds(1'790'000'000))};
      return code_of(open_local_gitops(repository.location(), branch)->commit(context, first));
    });
    CHECK(std::count(said.begin(), said.end(), "none") == 1);
    CHECK(std::count(said.begin(), said.end(), "lost_race") == processes - 1);
    const auto winner = std::find(said.begin(), said.end(), "none") - said.begin();
    CHECK(repository.git("show " + branch + ":a") == std::to_string(winner));
  }
}

TEST_CASE("of many who make the same tag one does") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "source");
  std::vector<CommitId> commits;
  for (int number = 0; number < processes; ++number) {
    repository.write("file", std::to_string(number));
    commits.push_back(commit_id(repository.commit_all("Change")));
  }
  for (int round = 0; round < 10; ++round) {
    const std::string name = "v1.0." + std::to_string(round);
    const auto said = in_children(processes, [&](int process) {
      Context context;
      const NewGitTag tag{.name = name,
                          .commit = commits[static_cast<std::size_t>(process)],
                          .message = "Release",
                          .tagger = {},
                          .time = system_clock().now()};
      return code_of(open_local_source(repository.location())->create_tag(context, tag));
    });
    CHECK(std::count(said.begin(), said.end(), "none") == 1);
    CHECK(std::count(said.begin(), said.end(), "tag_exists") == processes - 1);
    const auto winner = static_cast<std::size_t>(std::find(said.begin(), said.end(), "none") - said.begin());
    CHECK(repository.git("rev-parse " + name + "^{commit}") == commits[winner].str());
  }
  CHECK(repository.fsck().empty());
}

TEST_CASE("every post of many processes is in the ledger once") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  const CommitId judged = commit_id(std::string(40, 'c'));
  const auto said = in_children(processes, [&](int process) -> std::string {
    Context context;
    const auto gitops = open_local_gitops(repository.location(), "samebits/gates");
    const auto ledger = open_ledger(*gitops, system_clock(), "api", Person{});
    for (int number = 0; number < 5; ++number) {
      const auto posted = ledger->post(context, judged,
                                       {.gate = "g" + std::to_string(process) + "-" + std::to_string(number),
                                        .conclusion = "success",
                                        .time = system_clock().now()});
      if (!posted) return text_of(posted.error());
    }
    return "done";
  });
  for (const std::string& words : said) CHECK(words == "done");
  Context context;
  const auto gitops = open_local_gitops(repository.location(), "samebits/gates");
  const EvidenceList list = must(open_ledger(*gitops, system_clock(), "api", Person{})->list(context, judged));
  std::set<std::string> gates;
  for (const EvidenceItem& item : list.items) gates.insert(item.gate);
  CHECK(list.items.size() == processes * 5);
  CHECK(gates.size() == processes * 5);
  CHECK(list.ignored.empty());
}

}  // namespace samebits::test
