#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/github.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::Exchange;
using forge::reasons_of;
using forge::text_of;
using http::Method;

/// A tag of a tag of a tag: nobody has more.
constexpr int max_peels = 5;
constexpr std::string_view tag_prefix = "refs/tags/";

class GithubSource final : public Source {
 public:
  explicit GithubSource(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    return forge::branch_tip(context, *api_, branch, "/git/ref/heads/", "/object/sha");
  }

  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    SB_TRY(const auto found, api_->get(context, fmt::format("/compare/{}...{}?per_page=1", left, right)));
    if (found.status() == 404) {
      if (reasons_of(found.response.body).find("No common ancestor") != std::string::npos)
        return std::optional(Ancestry::diverged);
      return std::optional<Ancestry>();
    }
    if (found.status() == 422) return std::optional<Ancestry>();
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    const std::string status = text_of(json, "/status");
    if (status == "identical") return std::optional(Ancestry::same);
    if (status == "ahead") return std::optional(Ancestry::ancestor);
    if (status == "behind") return std::optional(Ancestry::descendant);
    if (status == "diverged") return std::optional(Ancestry::diverged);
    return api_->bad_answer(found, "with a comparison that has no known status");
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_CHECK(forge::require_tag_name(name));
    SB_TRY(const auto found, api_->get(context, "/git/ref/tags/" + forge::path_of(name)));
    if (found.status() == 404 || found.status() == 409) return std::optional<GitTag>();
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    return peel(context, std::string(name), json);
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    SB_TRY(const auto refs, tag_refs(context));
    std::vector<GitTag> tags;
    for (const Json& ref : refs) {
      SB_CHECK(context.check());
      SB_TRY(auto tag, peel(context, tag_name(ref), ref));
      if (tag) tags.push_back(*std::move(tag));
    }
    return tags;
  }

  /// A request for a hundred of them, where `list_tags` makes one more for each that is annotated.
  Result<std::vector<std::string>> tag_names(Context& context) override {
    SB_TRY(const auto refs, tag_refs(context));
    std::vector<std::string> names;
    names.reserve(refs.size());
    for (const Json& ref : refs) names.push_back(tag_name(ref));
    return names;
  }

  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    SB_CHECK(forge::require_tag_name(tag.name));
    Json tagger;
    tagger.add("name", tag.tagger.name);
    tagger.add("email", tag.tagger.mail);
    tagger.add("date", format_time(tag.time));
    Json object;
    object.add("tag", tag.name);
    object.add("message", tag.message.ends_with('\n') ? tag.message : tag.message + "\n");
    object.add("object", tag.commit.str());
    object.add("type", "commit");
    object.add("tagger", std::move(tagger));
    // An object that nothing points to is nothing: making it again repeats nothing.
    SB_TRY(const auto made, api_->send(context, {.method = Method::post,
                                                 .target = "/git/tags",
                                                 .body = std::move(object),
                                                 .retry = http::RetryClass::guarded}));
    if (made.status() == 404 || made.status() == 422) return missing_commit(context, made, tag.commit);
    if (!made.ok()) return api_->error_of(made);
    SB_TRY(const Json answer, api_->json(made));
    return point(context, tag, text_of(answer, "/sha"));
  }

 private:
  static std::string tag_name(const Json& ref) { return text_of(ref, "/ref").substr(tag_prefix.size()); }

  Result<std::vector<Json>> tag_refs(Context& context) {
    auto refs = api_->list(context, "/git/matching-refs/tags/?per_page=100", "");
    // 409 is a repository without any commit.
    if (!refs && refs.error().http_status == 409) return std::vector<Json>();
    if (!refs) return refs;
    std::erase_if(*refs, [](const Json& ref) { return !text_of(ref, "/ref").starts_with(tag_prefix); });
    return refs;
  }

  /// Nothing where the reference leads to something else than a commit.
  Result<std::optional<GitTag>> peel(Context& context, std::string name, const Json& ref) {
    std::string type = text_of(ref, "/object/type");
    std::string id = text_of(ref, "/object/sha");
    std::string message;
    for (int peels = 0; type == "tag" && peels < max_peels; ++peels) {
      SB_TRY(const auto object, api_->get(context, "/git/tags/" + http::percent_encode(id)));
      if (!object.ok()) return api_->error_of(object);
      SB_TRY(const Json json, api_->json(object));
      if (peels == 0) message = text_of(json, "/message");
      type = text_of(json, "/object/type");
      id = text_of(json, "/object/sha");
    }
    if (type != "commit") return std::optional<GitTag>();
    SB_TRY(auto commit, CommitId::parse(id));
    if (!message.empty() && !message.ends_with('\n')) message += '\n';
    return std::optional(GitTag{.name = std::move(name), .commit = std::move(commit), .message = std::move(message)});
  }

  /// Why the object was refused: most often there is no such commit.
  Error missing_commit(Context& context, const Exchange& refused, const CommitId& commit) {
    auto known = api_->get(context, fmt::format("/git/commits/{}", commit));
    if (known && known->status() != 404 && known->status() != 422)
      return api_->error_of(refused, {.conflict = ErrorCode::refused_by_server});
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("{} has no commit {}", location(), commit),
                 .hint = "push the commit first",
                 .remote = api_->address().api.authority(),
                 .operation = refused.request.shown(),
                 .http_status = refused.status(),
                 .request_id = refused.response.request_id()};
  }

  Result<void> point(Context& context, const NewGitTag& tag, const std::string& object) {
    Json ref;
    ref.add("ref", "refs/tags/" + tag.name);
    ref.add("sha", object);
    SB_TRY(const auto made,
           api_->send(context, {.method = Method::post, .target = "/git/refs", .body = std::move(ref)}));
    if (made.ok()) return {};
    Error error = api_->error_of(made, {.conflict = ErrorCode::refused_by_server});
    if (made.status() == 422 && reasons_of(made.response.body).find("already exists") != std::string::npos) {
      error.code = ErrorCode::tag_exists;
      error.message = fmt::format("the Git tag {} is there already", tag.name);
      error.hint = "release the next version; a published version is never moved";
    }
    return error;
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Source> open_source(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GithubSource>(std::move(api));
}

}  // namespace samebits::github
