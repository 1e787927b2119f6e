#include <samebits/changes.hpp>
#include <samebits/document.hpp>

#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

/// Nothing where it is left out.
Result<std::optional<CommitId>> commit_of(const Answer& answer, const Json& part, std::string_view member) {
  if (part.text(member).empty()) return std::optional<CommitId>();
  SB_TRY(auto commit, part_value<CommitId>(answer, part, member));
  return std::optional(std::move(commit));
}

Result<PullRequest> read_change(const Answer& answer, const Json& part) {
  const Json* number = part.find("number");
  if (number == nullptr || number->integer() == nullptr || *number->integer() <= 0)
    return answer.bad("'number' is missing or no number of a pull request");
  SB_TRY(const auto state, part_text(answer, part, "state"));
  if (state != "open" && state != "closed" && state != "merged")
    return answer.bad(fmt::format("'state' is '{}', none of 'open', 'closed', 'merged'", state));
  SB_TRY(auto head, part_value<CommitId>(answer, part, "head"));
  PullRequest change{.number = static_cast<std::uint64_t>(*number->integer()),
                     .open = state == "open",
                     .merged = state == "merged",
                     .head = std::move(head),
                     .base = part.text("base"),
                     .author = part.text("author"),
                     .labels = part_texts(part, "labels"),
                     .url = part.text("url")};
  SB_TRY(change.merge_commit, commit_of(answer, part, "mergeCommit"));
  if (change.merge_commit && !change.merged) return answer.bad("a change that is not merged has a 'mergeCommit'");
  return change;
}

Result<Review::State> state_of(const Answer& answer, const std::string& word) {
  using State = Review::State;
  if (word == "approved") return State::approved;
  if (word == "changes_requested") return State::changes_requested;
  if (word == "commented") return State::commented;
  if (word == "dismissed") return State::dismissed;
  if (word == "pending") return State::pending;
  return answer.bad(fmt::format("the state of a review is '{}'", word));
}

/// A reviewer whose right to decide is not said has none.
Result<Review> read_review(const Answer& answer, const Json& part) {
  Review review;
  SB_TRY(review.id, part_text(answer, part, "id"));
  SB_TRY(review.reviewer, part_text(answer, part, "reviewer"));
  SB_TRY(const auto word, part_text(answer, part, "state"));
  SB_TRY(review.state, state_of(answer, word));
  SB_TRY(review.commit, commit_of(answer, part, "commit"));
  review.may_decide = part_flag(part, "mayDecide");
  return review;
}

class BridgedChanges final : public Changes {
 public:
  BridgedChanges(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<std::string> branch(Context& context) override {
    SB_TRY(const auto answer, questions_.ask(context, "branch"));
    SB_TRY(const auto branch, answer.text("branch"));
    if (!branch || branch->empty()) return answer.bad("'branch' is missing");
    return *branch;
  }

  Result<std::optional<PullRequest>> find(Context& context, std::uint64_t number) override {
    SB_TRY(const auto answer, questions_.ask(context, "find", Json::Object{{"number", number}}));
    const Json* part = answer.find("change");
    if (part == nullptr) return std::optional<PullRequest>();
    SB_TRY(auto change, read_change(answer, *part));
    if (change.number != number) return answer.bad(fmt::format("it is about the number {}", change.number));
    return std::optional(std::move(change));
  }

  Result<std::vector<PullRequest>> of_commit(Context& context, const CommitId& commit) override {
    SB_TRY(const auto answer, questions_.ask(context, "of_commit", Json::Object{{"commit", commit.str()}}));
    return read_all(answer, "changes", read_change);
  }

  Result<std::vector<Review>> reviews(Context& context, std::uint64_t number) override {
    SB_TRY(const auto answer, questions_.ask(context, "reviews", Json::Object{{"number", number}}));
    return read_all(answer, "reviews", read_review);
  }

  /// A port need not know how to.
  Result<std::vector<Error>> examine(Context& context, std::span<const std::string> release_tags) override {
    std::vector<Error> findings;
    const Json::Array tags(release_tags.begin(), release_tags.end());
    const auto answer = questions_.ask(context, "examine", Json::Object{{"releaseTags", tags}});
    if (!answer && answer.error().code == ErrorCode::unsupported) return findings;
    if (!answer) return answer.error();
    SB_TRY(const auto items, answer->list("findings"));
    for (const Json& item : items) findings.push_back(parse_error(write_json(Json::Object{{"error", item}})));
    return findings;
  }

 private:
  template <class Item>
  static Result<std::vector<Item>> read_all(const Answer& answer, std::string_view member,
                                            Result<Item> (*read)(const Answer&, const Json&)) {
    SB_TRY(const auto parts, answer.list(member));
    std::vector<Item> items;
    for (const Json& part : parts) {
      SB_TRY(auto item, read(answer, part));
      items.push_back(std::move(item));
    }
    return items;
  }

  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Changes> make_changes(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedChanges>(Questions("changes", std::move(service), std::move(call)),
                                          std::move(location));
}

}  // namespace samebits::bridge
