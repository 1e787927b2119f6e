#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/gitea.hpp"

namespace samebits::gitea {
namespace {

using forge::Api;
using forge::commit_of;
using forge::number_of;
using forge::text_of;
using http::Method;

class GiteaSource final : public Source {
 public:
  explicit GiteaSource(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    return forge::branch_tip(context, *api_, branch, "/branches/", "/commit/id");
  }

  /// What is on one side alone says how the two stand.
  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    if (left != right) {
      SB_TRY(const auto ahead, commits_beyond(context, right, left));
      if (ahead && *ahead == 0) return std::optional(Ancestry::ancestor);
      if (ahead) {
        SB_TRY(const auto behind, commits_beyond(context, left, right));
        return std::optional(behind && *behind == 0 ? Ancestry::descendant : Ancestry::diverged);
      }
    }
    for (const CommitId& commit : {left, right}) {
      SB_TRY(const auto known, api_->get(context, fmt::format("/git/commits/{}", commit)));
      if (known.status() == 404 || known.status() == 422) return std::optional<Ancestry>();
      if (!known.ok()) return api_->error_of(known);
      if (left == right) break;
    }
    return std::optional(left == right ? Ancestry::same : Ancestry::diverged);
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_CHECK(forge::require_tag_name(name));
    SB_TRY(const auto found, api_->get(context, "/tags/" + forge::path_of(name)));
    if (found.status() == 404) return std::optional<GitTag>();
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    return tag_of(json);
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    std::vector<GitTag> tags;
    SB_TRY(const auto found, api_->list(context, "/tags?limit=50", ""));
    for (const Json& json : found)
      if (auto tag = tag_of(json)) tags.push_back(*std::move(tag));
    return tags;
  }

  /// One request: the forge makes the object and the name together, by the account of the token.
  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    SB_CHECK(forge::require_tag_name(tag.name));
    Json body;
    body.add("tag_name", tag.name);
    body.add("target", tag.commit.str());
    body.add("message", tag.message.ends_with('\n') ? tag.message : tag.message + "\n");
    SB_TRY(const auto made, api_->send(context, {.method = Method::post, .target = "/tags", .body = std::move(body)}));
    if (made.ok()) return {};
    Error error = api_->error_of(made, {.conflict = ErrorCode::refused_by_server});
    if (made.status() == 409) {
      error.code = ErrorCode::tag_exists;
      error.message = fmt::format("the Git tag {} is there already", tag.name);
      error.hint = "release the next version; a published version is never moved";
    } else if (made.status() == 404) {
      error.code = ErrorCode::commit_missing;
      error.message = fmt::format("{} has no commit {}", location(), tag.commit);
      error.hint = "push the commit first";
    }
    return error;
  }

 private:
  /// How many commits `head` has that `base` has not; nothing where the two cannot be compared.
  Result<std::optional<std::int64_t>> commits_beyond(Context& context, const CommitId& base, const CommitId& head) {
    SB_TRY(const auto found, api_->get(context, fmt::format("/compare/{}...{}", base, head)));
    if (found.status() == 404 || found.status() == 422 || found.status() == 500) return std::optional<std::int64_t>();
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    const Json* total = json.find("total_commits");
    if (total == nullptr || total->integer() == nullptr) return api_->bad_answer(found, "with no comparison");
    return std::optional(*total->integer());
  }

  /// Of a tag without an object of its own the forge shows the commit's message, which is none of the tag's.
  static std::optional<GitTag> tag_of(const Json& json) {
    auto commit = commit_of(json, "/commit/sha");
    if (!commit) return std::nullopt;
    std::string message = text_of(json, "/id") == commit->str() ? "" : text_of(json, "/message");
    if (!message.empty() && !message.ends_with('\n')) message += '\n';
    return GitTag{.name = text_of(json, "/name"), .commit = *std::move(commit), .message = std::move(message)};
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Source> open_source(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GiteaSource>(std::move(api));
}

}  // namespace samebits::gitea
