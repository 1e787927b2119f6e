#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <samebits/gitops.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// What every `GitOps` must do. `open` gives a new adapter on one branch that does not exist when the suite begins.
class GitOpsContract {
 public:
  using Open = std::function<std::unique_ptr<GitOps>()>;

  explicit GitOpsContract(Open open) : open_(std::move(open)), gitops_(open_()) {}

  void run() {
    SUBCASE("the first commit makes the branch") first_commit();
    SUBCASE("bytes come back as they were given") exact_bytes();
    SUBCASE("a commit has the expected tip as its parent") parents();
    SUBCASE("a commit on another tip than the expected one is a lost race") lost_races();
    SUBCASE("a commit without a change is not made") no_change();
    SUBCASE("removing a file removes the folders that it leaves empty") removal();
    SUBCASE("a listing is by path and at any depth") listing();
    SUBCASE("a commit is never dated before its parent") dates();
    SUBCASE("what is not there is nothing") nothing();
    SUBCASE("a file stands in the way of a folder and a folder in that of a file") in_the_way();
    SUBCASE("a fired token ends every call") cancelled();
  }

 private:
  static Time noon() { return Time(std::chrono::seconds(1'790'000'000)); }

  FileChange write(std::string_view file, std::string bytes) { return {.path = path(file), .bytes = std::move(bytes)}; }
  FileChange remove(std::string_view file) { return {.path = path(file), .bytes = {}}; }

  Result<CommitId> try_commit(std::optional<CommitId> tip, std::vector<FileChange> changes, Time time = noon()) {
    return gitops_->commit(context_, NewCommit{.expected_tip = std::move(tip),
                                               .changes = std::move(changes),
                                               .message = "Change\n\nbody\n\n\n",
                                               .author = {.name = "Ada", .mail = "ada@example.com"},
                                               .time = time});
  }
  CommitId commit(std::optional<CommitId> tip, std::vector<FileChange> changes) {
    return must(try_commit(std::move(tip), std::move(changes)));
  }
  std::string bytes_at(const CommitId& at, std::string_view file) {
    const auto found = must(gitops_->read(context_, at, path(file)));
    return found ? found->bytes : "nothing";
  }

  void first_commit() {
    CHECK(!must(gitops_->tip(context_)));
    const CommitId made = commit({}, {write("values/prod/api.yaml", "tag: v1\n")});
    CHECK(must(gitops_->tip(context_)) == made);
    CHECK(must(open_()->tip(context_)) == made);
    const auto facts = must(gitops_->commit_facts(context_, made));
    REQUIRE(facts);
    CHECK(facts->parents.empty());
    CHECK(facts->author == Person{.name = "Ada", .mail = "ada@example.com"});
    CHECK(facts->time == noon());
    CHECK(facts->message == "Change\n\nbody\n");
  }

  void exact_bytes() {
    using namespace std::string_literals;
    const std::vector<std::string> texts{"a: 1\r\nb: 2\r\n", "no final newline", "", "\xef\xbb\xbfx: 1\n", "\0\n\xff"s};
    std::vector<FileChange> changes;
    for (std::size_t index = 0; index < texts.size(); ++index)
      changes.push_back(write("f/" + std::to_string(index), texts[index]));
    const CommitId made = commit({}, changes);
    for (std::size_t index = 0; index < texts.size(); ++index) {
      const auto file = must(gitops_->read(context_, made, path("f/" + std::to_string(index))));
      REQUIRE(file);
      CHECK(file->bytes == texts[index]);
      CHECK(must(gitops_->read_blob(context_, file->blob)) == texts[index]);
    }
  }

  void parents() {
    const CommitId first = commit({}, {write("a", "1"), write("b/c", "1")});
    const auto other = open_();
    const CommitId second = must(other->commit(context_, {.expected_tip = first,
                                                          .changes = {write("a", "2"), write("new/deep/file", "2")},
                                                          .message = "Second",
                                                          .author = {},
                                                          .time = noon()}));
    const auto facts = must(gitops_->commit_facts(context_, second));
    REQUIRE(facts);
    CHECK(facts->parents == std::vector{first});
    CHECK(facts->message == "Second\n");
    CHECK(bytes_at(second, "a") == "2");
    CHECK(bytes_at(second, "b/c") == "1");
    CHECK(bytes_at(second, "new/deep/file") == "2");
    CHECK(bytes_at(first, "a") == "1");
    CHECK(bytes_at(first, "new/deep/file") == "nothing");
  }

  void lost_races() {
    const CommitId first = commit({}, {write("a", "1")});
    CHECK(code_of(try_commit({}, {write("a", "2")})) == "lost_race");
    const CommitId second = commit(first, {write("a", "2")});
    CHECK(code_of(try_commit(first, {write("a", "3")})) == "lost_race");
    // Not even where it would change nothing.
    CHECK(code_of(try_commit(first, {write("a", "1")})) == "lost_race");
    CHECK(must(gitops_->tip(context_)) == second);
    CHECK(bytes_at(second, "a") == "2");
  }

  void no_change() {
    const CommitId first = commit({}, {write("a/b", "1"), write("c", "1")});
    CHECK(commit(first, {write("a/b", "1")}) == first);
    CHECK(commit(first, {remove("a/absent"), remove("absent/too")}) == first);
    CHECK(commit(first, {}) == first);
    CHECK(must(gitops_->tip(context_)) == first);
  }

  void removal() {
    const CommitId first = commit({}, {write("a/b/c/d", "1"), write("a/e", "1"), write("a.b", "1")});
    const CommitId second = commit(first, {remove("a/b/c/d")});
    CHECK(bytes_at(second, "a/b/c/d") == "nothing");
    CHECK(bytes_at(second, "a/e") == "1");
    const CommitId third = commit(second, {remove("a/e"), write("a.c", "1")});
    CHECK(must(gitops_->list(context_, third, path("a"))).empty());
    CHECK(commit(third, {write("a", "a file now")}) != third);
  }

  void listing() {
    const CommitId made = commit({}, {write("v/z", "1"), write("v/a/b/c", "2"), write("v/a-b", "3"),
                                      write("v/a.b", "4"), write("vv", "5"), write("v/a0", "6")});
    std::string paths;
    for (const RepoEntry& entry : must(gitops_->list(context_, made, path("v")))) {
      paths += entry.path.str() + " ";
      const auto file = must(gitops_->read(context_, made, entry.path));
      REQUIRE(file);
      CHECK(file->blob == entry.blob);
    }
    CHECK(paths == "v/a-b v/a.b v/a/b/c v/a0 v/z ");
    CHECK(must(gitops_->list(context_, made, path("absent"))).empty());
    CHECK(must(gitops_->list(context_, made, path("vv"))).empty());
  }

  void dates() {
    const CommitId first = commit({}, {write("a", "1")});
    const CommitId second = must(try_commit(first, {write("a", "2")}, noon() - std::chrono::hours(1)));
    CHECK(must(gitops_->commit_facts(context_, second))->time == noon());
    const CommitId third = must(try_commit(second, {write("a", "3")}, noon() + std::chrono::hours(1)));
    CHECK(must(gitops_->commit_facts(context_, third))->time == noon() + std::chrono::hours(1));
  }

  void nothing() {
    const CommitId made = commit({}, {write("a", "1")});
    const CommitId absent = commit_id(std::string(40, 'b'));
    const CommitId sha256 = commit_id(std::string(64, 'b'));
    CHECK(bytes_at(made, "b") == "nothing");
    CHECK(bytes_at(made, "a/b") == "nothing");
    for (const CommitId& id : {absent, sha256}) {
      CHECK(!must(gitops_->commit_facts(context_, id)));
      CHECK(code_of(gitops_->read(context_, id, path("a"))) == "commit_missing");
      CHECK(code_of(gitops_->list(context_, id, path("a"))) == "commit_missing");
      CHECK(!must(gitops_->read_blob(context_, must(BlobId::parse(id.str())))));
      CHECK(code_of(try_commit(id, {write("a", "2")})) == "lost_race");
    }
    // A commit is no blob.
    CHECK(!must(gitops_->read_blob(context_, must(BlobId::parse(made.str())))));
  }

  void in_the_way() {
    const CommitId made = commit({}, {write("a/b", "1"), write("c", "1")});
    CHECK(code_of(try_commit(made, {write("a", "2")})) == "not_editable");
    CHECK(code_of(try_commit(made, {write("c/d", "2")})) == "not_editable");
    CHECK(code_of(try_commit(made, {write("n", "2"), write("n/m", "2")})) == "not_editable");
    CHECK(code_of(try_commit(made, {write("n", "2"), write("n", "3")})) == "bad_request");
    CHECK(code_of(gitops_->read(context_, made, path("a"))) == "not_editable");
    CHECK(must(gitops_->tip(context_)) == made);
  }

  void cancelled() {
    const CommitId made = commit({}, {write("a/b", "1")});
    CancelToken token;
    token.fire();
    Context ended{.deadline = {}, .cancel = &token, .log = {}};
    CHECK(code_of(gitops_->tip(ended)) == "cancelled");
    CHECK(code_of(gitops_->read(ended, made, path("a"))) == "cancelled");
    CHECK(code_of(gitops_->list(ended, made, path("a"))) == "cancelled");
    CHECK(code_of(gitops_->commit_facts(ended, made)) == "cancelled");
    const NewCommit change{
        .expected_tip = made, .changes = {write("a/b", "2")}, .message = "m", .author = {}, .time = noon()};
    CHECK(code_of(gitops_->commit(ended, change)) == "cancelled");
    CHECK(must(gitops_->tip(context_)) == made);
  }

  Open open_;
  Context context_;
  std::unique_ptr<GitOps> gitops_;
};

}  // namespace samebits::test
