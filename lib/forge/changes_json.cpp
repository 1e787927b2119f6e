#include "forge/changes_json.hpp"

#include <fmt/format.h>

#include "core/try.hpp"

namespace samebits::forge {

std::optional<PullRequest> pull_of(const Json& json) {
  const auto head = commit_of(json, "/head/sha");
  if (!head) return std::nullopt;
  // Lists have no `merged`, and an open one's merge commit is a test merge that vanishes.
  const bool merged = flag_of(json, "/merged") || !text_of(json, "/merged_at").empty();
  PullRequest change{.number = static_cast<std::uint64_t>(number_of(json, "/number")),
                     .open = text_of(json, "/state") == "open",
                     .merged = merged,
                     .head = *head,
                     .merge_commit = merged ? commit_of(json, "/merge_commit_sha") : std::nullopt,
                     .base = text_of(json, "/base/ref"),
                     .author = text_of(json, "/user/login"),
                     .labels = {},
                     .url = text_of(json, "/html_url")};
  if (const Json* labels = json.find("labels"); labels != nullptr && labels->array() != nullptr)
    for (const Json& label : *labels->array()) change.labels.push_back(label.text("name"));
  return change;
}

Review review_of(const Json& json) {
  Review review{.id = std::to_string(number_of(json, "/id")),
                .reviewer = text_of(json, "/user/login"),
                .commit = commit_of(json, "/commit_id")};
  const std::string state = text_of(json, "/state");
  if (state == "APPROVED") review.state = Review::State::approved;
  if (state == "CHANGES_REQUESTED" || state == "REQUEST_CHANGES") review.state = Review::State::changes_requested;
  if (state == "DISMISSED" || flag_of(json, "/dismissed")) review.state = Review::State::dismissed;
  if (state == "PENDING") review.state = Review::State::pending;
  return review;
}

Result<std::optional<PullRequest>> find_pull(Context& context, Api& api, std::uint64_t number) {
  SB_TRY(const auto found, api.get(context, fmt::format("/pulls/{}", number)));
  if (found.status() == 404) {
    // A forge also says so of a repository that may not be seen.
    SB_TRY(const auto repository, api.get(context, ""));
    if (!repository.ok()) return api.error_of(repository);
    return std::optional<PullRequest>();
  }
  if (!found.ok()) return api.error_of(found);
  SB_TRY(const Json json, api.json(found));
  if (auto change = pull_of(json)) return change;
  return api.bad_answer(found, "with a pull request that has no head");
}

}  // namespace samebits::forge
