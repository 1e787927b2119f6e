#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/github.hpp"
#include "forge/release_json.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using http::Method;

class GithubReleases final : public Releases {
 public:
  explicit GithubReleases(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<std::optional<ForgeRelease>> find(Context& context, std::string_view tag) override {
    return forge::find_release(context, *api_, "/releases?per_page=100", tag);
  }

  Result<std::string> notes(Context& context, std::string_view tag, const CommitId& commit,
                            std::string_view previous) override {
    SB_TRY(auto generated, generate(context, tag, commit, previous));
    // The version before may have been released without a Git tag.
    if (!previous.empty() && (generated.status() == 404 || generated.status() == 422)) {
      SB_TRY(generated, generate(context, tag, commit, ""));
    }
    if (!generated.ok()) return api_->error_of(generated, {.conflict = ErrorCode::refused_by_server});
    SB_TRY(const Json json, api_->json(generated));
    return json.text("body");
  }

  Result<ForgeRelease> create(Context& context, const NewForgeRelease& release) override {
    SB_TRY(const auto made,
           api_->send(context, {.method = Method::post, .target = "/releases", .body = body_of(release)}));
    return forge::written_release(*api_, made, release);
  }

  Result<ForgeRelease> publish(Context& context, std::string_view id, const NewForgeRelease& release) override {
    SB_TRY(const auto made, api_->send(context, {.method = Method::patch,
                                                 .target = "/releases/" + http::percent_encode(id),
                                                 .body = body_of(release),
                                                 .retry = http::RetryClass::guarded}));
    return forge::written_release(*api_, made, release);
  }

 private:
  static Json body_of(const NewForgeRelease& release) {
    Json body = forge::release_body(release);
    body.add("make_latest", release.latest ? "true" : "false");
    return body;
  }

  Result<forge::Exchange> generate(Context& context, std::string_view tag, const CommitId& commit,
                                   std::string_view previous) {
    Json body;
    body.add("tag_name", tag);
    body.add("target_commitish", commit.str());
    if (!previous.empty()) body.add("previous_tag_name", previous);
    // It makes text and nothing else.
    return api_->send(context, {.method = Method::post,
                                .target = "/releases/generate-notes",
                                .body = std::move(body),
                                .retry = http::RetryClass::safe});
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Releases> open_releases(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GithubReleases>(std::move(api));
}

}  // namespace samebits::github
