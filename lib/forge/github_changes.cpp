#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/changes_json.hpp"
#include "forge/github.hpp"
#include "forge/github_examine.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::text_of;

/// Who may decide: what others say is a comment, whatever they call it.
constexpr std::array<std::string_view, 3> insiders = {"OWNER", "MEMBER", "COLLABORATOR"};

class GithubChanges final : public Changes {
 public:
  explicit GithubChanges(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }
  Result<std::string> branch(Context& context) override { return forge::protected_branch(context, *api_); }

  Result<std::optional<PullRequest>> find(Context& context, std::uint64_t number) override {
    return forge::find_pull(context, *api_, number);
  }

  Result<std::vector<PullRequest>> of_commit(Context& context, const CommitId& commit) override {
    SB_TRY(const auto found,
           api_->list(context, fmt::format("/commits/{}/pulls?per_page=100", commit), "",
                      {.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::commit_missing}));
    std::vector<PullRequest> changes;
    for (const Json& json : found)
      if (auto change = forge::pull_of(json)) changes.push_back(*std::move(change));
    return changes;
  }

  Result<std::vector<Review>> reviews(Context& context, std::uint64_t number) override {
    SB_TRY(const auto found, api_->list(context, fmt::format("/pulls/{}/reviews?per_page=100", number), "",
                                        {.not_found = ErrorCode::pull_request_missing}));
    std::vector<Review> reviews;
    for (const Json& json : found) {
      Review review = forge::review_of(json);
      const std::string role = text_of(json, "/author_association");
      review.may_decide = std::find(insiders.begin(), insiders.end(), role) != insiders.end();
      reviews.push_back(std::move(review));
    }
    return reviews;
  }

  Result<std::vector<Error>> examine(Context& context, std::span<const std::string> release_tags) override {
    return github::examine(context, *api_, release_tags);
  }

 private:
  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Changes> open_changes(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GithubChanges>(std::move(api));
}

}  // namespace samebits::github
