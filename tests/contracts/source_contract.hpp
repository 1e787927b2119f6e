#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include <samebits/source.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// A repository whose HEAD branch is `main`, and that is empty when the suite begins.
struct SourcePlace {
  /// Gives a new adapter on the repository.
  std::function<std::unique_ptr<Source>()> open;
  /// Makes a commit that differs from every other one, with that parent, and points the branch to it.
  std::function<CommitId(const std::string& branch, const std::optional<CommitId>& parent)> commit;
};

/// What every `Source` must do.
class SourceContract {
 public:
  explicit SourceContract(SourcePlace place) : place_(std::move(place)), source_(place_.open()) {}

  void run() {
    SUBCASE("a branch has a tip where it exists") tips();
    SUBCASE("one commit is the same or before or after or apart") ancestries();
    SUBCASE("a made tag is found with its message and its commit") tags();
    SUBCASE("a tag is made once") tag_once();
    SUBCASE("a tag needs a commit and a legal name") bad_tags();
  }

 private:
  NewGitTag tag(std::string name, const CommitId& commit) {
    return {.name = std::move(name),
            .commit = commit,
            .message = "Release\n\nDigest: x",
            .tagger = {.name = "Ada", .mail = "ada@example.com"},
            .time = Time(std::chrono::seconds(1'790'000'000))};
  }

  void tips() {
    CHECK(!must(source_->branch_tip(context_, "")));
    CHECK(!must(source_->branch_tip(context_, "other")));
    const CommitId first = place_.commit("main", {});
    const CommitId second = place_.commit("feature/x", first);
    CHECK(must(source_->branch_tip(context_, "")) == first);
    CHECK(must(source_->branch_tip(context_, "main")) == first);
    CHECK(must(source_->branch_tip(context_, "feature/x")) == second);
    CHECK(!must(source_->branch_tip(context_, "feature")));
    CHECK(code_of(source_->branch_tip(context_, "a..b")) == "bad_option");
  }

  void ancestries() {
    const CommitId first = place_.commit("main", {});
    const CommitId second = place_.commit("main", first);
    const CommitId third = place_.commit("main", second);
    const CommitId side = place_.commit("side", first);
    const CommitId alone = place_.commit("alone", {});
    const CommitId absent = commit_id(std::string(40, 'a'));
    CHECK(must(source_->ancestry(context_, third, third)) == Ancestry::same);
    CHECK(must(source_->ancestry(context_, first, third)) == Ancestry::ancestor);
    CHECK(must(source_->ancestry(context_, third, first)) == Ancestry::descendant);
    CHECK(must(source_->ancestry(context_, side, third)) == Ancestry::diverged);
    CHECK(must(source_->ancestry(context_, alone, third)) == Ancestry::diverged);
    CHECK(!must(source_->ancestry(context_, absent, third)));
    CHECK(!must(source_->ancestry(context_, third, absent)));
    CHECK(!must(source_->ancestry(context_, absent, absent)));
    CHECK(!must(source_->ancestry(context_, third, commit_id(std::string(64, 'a')))));
  }

  void tags() {
    const CommitId first = place_.commit("main", {});
    CHECK(!must(source_->find_tag(context_, "v1.0.0")));
    CHECK(must(source_->list_tags(context_)).empty());
    must(source_->create_tag(context_, tag("v1.0.0", first)));
    must(source_->create_tag(context_, tag("api/v1.0.0", first)));
    const GitTag expected{.name = "v1.0.0", .commit = first, .message = "Release\n\nDigest: x\n"};
    CHECK(must(source_->find_tag(context_, "v1.0.0")) == expected);
    CHECK(must(place_.open()->find_tag(context_, "v1.0.0")) == expected);
    const auto listed = must(source_->list_tags(context_));
    CHECK(listed.size() == 2);
    CHECK(std::count(listed.begin(), listed.end(), expected) == 1);
  }

  void tag_once() {
    const CommitId first = place_.commit("main", {});
    const CommitId second = place_.commit("main", first);
    must(source_->create_tag(context_, tag("v1.0.0", first)));
    CHECK(code_of(source_->create_tag(context_, tag("v1.0.0", second))) == "tag_exists");
    CHECK(code_of(source_->create_tag(context_, tag("v1.0.0", first))) == "tag_exists");
    CHECK(must(source_->find_tag(context_, "v1.0.0"))->commit == first);
  }

  void bad_tags() {
    const CommitId first = place_.commit("main", {});
    CHECK(code_of(source_->create_tag(context_, tag("v1", commit_id(std::string(40, 'a'))))) == "commit_missing");
    for (const char* name : {"", "a..b", "a b", "-x", "x.lock", "a//b", "/a"}) {
      CAPTURE(name);
      CHECK(code_of(source_->create_tag(context_, tag(name, first))) == "bad_tag");
      CHECK(code_of(source_->find_tag(context_, name)) == "bad_tag");
    }
    CHECK(must(source_->list_tags(context_)).empty());
  }

  SourcePlace place_;
  Context context_;
  std::unique_ptr<Source> source_;
};

}  // namespace samebits::test
