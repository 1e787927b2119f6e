#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <samebits/changes.hpp>
#include <samebits/context.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// A repository with two pull requests into main: the first is open, the second was merged after somebody approved it
/// and somebody else, later, asked for changes.
struct ChangesPlace {
  std::function<std::unique_ptr<Changes>()> open;
  CommitId open_head;
  CommitId merged_head;
  CommitId merge;
  std::string approver;
  std::uint64_t first = 1;
  std::uint64_t second = 2;
};

/// What every `Changes` must do.
class ChangesContract {
 public:
  explicit ChangesContract(ChangesPlace place) : place_(std::move(place)), changes_(place_.open()) {}

  void run() {
    SUBCASE("an open pull request has its own head and no merge commit") opened();
    SUBCASE("a merged pull request is found by the commit of its merge") merged();
    SUBCASE("what reviewers said comes in order") reviewed();
    SUBCASE("a pull request that is not there is none") absent();
  }

 private:
  void opened() {
    const auto change = must(changes_->find(context_, place_.first));
    REQUIRE(change);
    CHECK(change->open);
    CHECK(!change->merged);
    CHECK(change->head == place_.open_head);
    CHECK(!change->merge_commit);
    CHECK(change->base == "main");
    CHECK(!change->author.empty());
  }

  void merged() {
    const auto change = must(changes_->find(context_, place_.second));
    REQUIRE(change);
    CHECK(!change->open);
    CHECK(change->merged);
    CHECK(change->head == place_.merged_head);
    CHECK(change->merge_commit == place_.merge);
    bool found = false;
    for (const PullRequest& one : must(changes_->of_commit(context_, place_.merge)))
      found = found || (one.number == place_.second && one.merged && one.merge_commit == place_.merge);
    CHECK(found);
    CHECK(must(changes_->branch(context_)) == "main");
  }

  void reviewed() {
    const auto reviews = must(changes_->reviews(context_, place_.second));
    REQUIRE(reviews.size() >= 1);
    CHECK(reviews.front().reviewer == place_.approver);
    CHECK(reviews.front().state == Review::State::approved);
    CHECK(reviews.front().commit == place_.merged_head);
    CHECK(reviews.front().may_decide);
  }

  void absent() {
    CHECK(!must(changes_->find(context_, 9999)));
    CHECK(code_of(changes_->reviews(context_, 9999)) == "pull_request_missing");
  }

  ChangesPlace place_;
  Context context_;
  std::unique_ptr<Changes> changes_;
};

}  // namespace samebits::test
