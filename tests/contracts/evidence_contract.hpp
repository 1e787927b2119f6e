#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <samebits/evidence.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// What every `Evidence` must do. `open` gives a new adapter for one service; nothing is recorded when the suite
/// begins.
class EvidenceContract {
 public:
  using Open = std::function<std::unique_ptr<Evidence>()>;

  /// Gives a commit for a letter, the same for the same one.
  using Commit = std::function<CommitId(char)>;

  explicit EvidenceContract(Open open, Commit commit = made_up)
      : open_(std::move(open)), commit_(std::move(commit)), evidence_(open_()) {}

  void run() {
    SUBCASE("a commit without evidence has none") none();
    SUBCASE("what is posted is listed by every reader") posted();
    SUBCASE("evidence is listed oldest first and each has its own id") order();
    SUBCASE("what the newest record says already is not posted again") repeated();
  }

 private:
  static CommitId made_up(char digit) { return commit_id(std::string(40, digit)); }
  CommitId commit(char digit) const { return commit_(digit); }
  static Digest digest(char digit) { return must(Digest::parse("sha256:" + std::string(64, digit))); }
  static NewEvidence tests(std::string conclusion) {
    return {.gate = "CD / Preprod Tests",
            .conclusion = std::move(conclusion),
            .digest = digest('1'),
            .environment = "preprod",
            .producer = {},
            .url = "https://ci.example.com/1",
            .summary = "12 of 12",
            .time = Time(std::chrono::seconds(1'790'000'000))};
  }

  void none() {
    const EvidenceList list = must(evidence_->list(context_, commit('a')));
    CHECK(list.items.empty());
    CHECK(list.ignored.empty());
  }

  void posted() {
    const EvidenceItem item = must(evidence_->post(context_, commit('a'), tests("success")));
    CHECK(!item.id.empty());
    CHECK(item.gate == "CD / Preprod Tests");
    CHECK(item.conclusion == "success");
    CHECK(item.digest == digest('1'));
    CHECK(item.environment == "preprod");
    CHECK(item.url == "https://ci.example.com/1");
    CHECK(item.summary == "12 of 12");
    CHECK(must(evidence_->list(context_, commit('a'))).items == std::vector{item});
    CHECK(must(open_()->list(context_, commit('a'))).items == std::vector{item});
    CHECK(must(evidence_->list(context_, commit('b'))).items.empty());
  }

  void order() {
    std::set<std::string> ids;
    std::string conclusions;
    for (const char* conclusion : {"success", "failure", "success", "cancelled"})
      ids.insert(must(evidence_->post(context_, commit('a'), tests(conclusion))).id);
    for (const EvidenceItem& item : must(evidence_->list(context_, commit('a'))).items)
      conclusions += item.conclusion + " ";
    CHECK(conclusions == "success failure success cancelled ");
    CHECK(ids.size() == 4);
  }

  void repeated() {
    const EvidenceItem first = must(evidence_->post(context_, commit('a'), tests("success")));
    NewEvidence later = tests("success");
    later.time += std::chrono::hours(1);
    CHECK(must(evidence_->post(context_, commit('a'), later)) == first);
    NewEvidence other = tests("success");
    other.digest = digest('2');
    CHECK(must(evidence_->post(context_, commit('a'), other)).id != first.id);
    // The newest of that gate and digest is still the first.
    CHECK(must(evidence_->post(context_, commit('a'), tests("success"))) == first);
    CHECK(must(evidence_->list(context_, commit('a'))).items.size() == 2);
  }

  Open open_;
  Commit commit_;
  Context context_;
  std::unique_ptr<Evidence> evidence_;
};

}  // namespace samebits::test
