#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/changes_json.hpp"
#include "forge/gitea.hpp"
#include "forge/gitea_patterns.hpp"
#include "forge/release_json.hpp"

namespace samebits::gitea {
namespace {

using forge::Api;
using forge::text_of;
using http::Method;

constexpr std::string_view wanted_rule = "protect a pattern of tags that all release tags fit";

class GiteaChanges final : public Changes {
 public:
  explicit GiteaChanges(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }
  Result<std::string> branch(Context& context) override { return forge::protected_branch(context, *api_); }

  Result<std::optional<PullRequest>> find(Context& context, std::uint64_t number) override {
    return forge::find_pull(context, *api_, number);
  }

  /// The forge names one at most.
  Result<std::vector<PullRequest>> of_commit(Context& context, const CommitId& commit) override {
    SB_TRY(const auto found, api_->get(context, fmt::format("/commits/{}/pull", commit)));
    if (found.status() == 404) return std::vector<PullRequest>();
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json json, api_->json(found));
    std::vector<PullRequest> changes;
    if (auto change = forge::pull_of(json)) changes.push_back(*std::move(change));
    return changes;
  }

  Result<std::vector<Review>> reviews(Context& context, std::uint64_t number) override {
    SB_TRY(const auto found, api_->list(context, fmt::format("/pulls/{}/reviews?limit=50", number), "",
                                        {.not_found = ErrorCode::pull_request_missing}));
    std::vector<Review> reviews;
    for (const Json& json : found) {
      Review review = forge::review_of(json);
      review.may_decide = forge::flag_of(json, "/official");
      reviews.push_back(std::move(review));
    }
    return reviews;
  }

  Result<std::vector<Error>> examine(Context& context, std::span<const std::string> release_tags) override {
    std::vector<Error> findings;
    SB_CHECK(examine_rights(context, findings));
    SB_CHECK(examine_branch(context, findings));
    SB_CHECK(examine_tags(context, release_tags, findings));
    return findings;
  }

 private:
  /// What the account may, and what its token.
  Result<void> examine_rights(Context& context, std::vector<Error>& findings) {
    SB_TRY(const auto found, api_->get(context, ""));
    if (!found.ok()) return api_->error_of(found);
    SB_TRY(const Json repository, api_->json(found));
    const Json* rights = repository.find("permissions");
    if (forge::flag_of(repository, "/archived")) {
      findings.push_back(finding(ErrorCode::unverified, "the repository is archived, and takes no tags and releases",
                                 "unarchive it, or give services.*.source the one that took its place"));
    } else if (rights != nullptr && !forge::flag_of(*rights, "/push")) {
      findings.push_back(finding(ErrorCode::permission_missing, "the token may not make tags and releases",
                                 "for release, give it write:repository and its account write access"));
    } else if (auto may = api_->may_write(context, "/tags"); !may) {
      if (may.error().code != ErrorCode::permission_missing) return may;
      Error missing = std::move(may).error();
      missing.message = fmt::format("release may not make tags and releases: {}", missing.message);
      findings.push_back(std::move(missing));
    }
    return {};
  }

  Result<void> examine_branch(Context& context, std::vector<Error>& findings) {
    SB_TRY(const std::string name, forge::protected_branch(context, *api_));
    SB_TRY(const auto branch, api_->get(context, "/branches/" + http::percent_encode(name, "/")));
    if (!branch.ok()) return {};
    SB_TRY(const Json json, api_->json(branch));
    if (!forge::flag_of(json, "/protected"))
      findings.push_back(finding(ErrorCode::unverified, fmt::format("the branch {} is not protected", printable(name)),
                                 "add a branch rule that demands pull requests and reviews for it"));
    return {};
  }

  Result<void> examine_tags(Context& context, std::span<const std::string> release_tags, std::vector<Error>& findings) {
    SB_TRY(const auto tags, api_->get(context, "/tag_protections"));
    if (!tags.ok()) {
      Error unreadable = api_->error_of(tags);
      unreadable.message = fmt::format("the rules for tags cannot be read: {}", unreadable.message);
      findings.push_back(std::move(unreadable));
      return {};
    }
    SB_TRY(const Json json, api_->json(tags));
    if (json.array() == nullptr || json.array()->empty())
      findings.push_back(finding(ErrorCode::unverified, "no rule says who may make release tags", wanted_rule));
    else
      for (const std::string& tag : release_tags) {
        const std::optional<bool> held = is_held(*json.array(), tag);
        if (held == true) continue;
        findings.push_back(
            finding(ErrorCode::unverified,
                    fmt::format("{} holds for release tags such as {}",
                                held ? "no rule for tags" : "it cannot be told whether a rule for tags", tag),
                    wanted_rule));
        break;
      }
    return {};
  }

  /// Whether some rule holds for the tag; nothing where that cannot be told.
  static std::optional<bool> is_held(const std::vector<Json>& rules, const std::string& tag) {
    std::optional<bool> held = false;
    for (const Json& rule : rules) {
      const auto fits = gitea::fits_tag(text_of(rule, "/name_pattern"), tag);
      if (fits == true) return true;
      if (!fits) held = std::nullopt;
    }
    return held;
  }

  Error finding(ErrorCode code, std::string message, std::string_view hint) const {
    return Error{.code = code, .message = std::move(message), .hint = std::string(hint), .remote = location()};
  }

  std::shared_ptr<Api> api_;
};

class GiteaReleases final : public Releases {
 public:
  explicit GiteaReleases(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<std::optional<ForgeRelease>> find(Context& context, std::string_view tag) override {
    return forge::find_release(context, *api_, "/releases?limit=50", tag);
  }

  /// It makes no notes of its own: the titles of what came since the version before.
  Result<std::string> notes(Context& context, std::string_view, const CommitId& commit,
                            std::string_view previous) override {
    if (previous.empty()) return std::string();
    SB_TRY(const auto compared,
           api_->get(context, fmt::format("/compare/{}...{}", http::percent_encode(previous), commit)));
    if (compared.status() == 404) return std::string();
    if (!compared.ok()) return api_->error_of(compared);
    SB_TRY(const Json json, api_->json(compared));
    const Json* commits = json.find("commits");
    if (commits == nullptr || commits->array() == nullptr) return std::string();
    std::string notes;
    for (const Json& one : *commits->array()) {
      const std::string message = text_of(one, "/commit/message");
      notes += fmt::format("* {} ({})\n", printable(message.substr(0, message.find('\n'))), text_of(one, "/sha"));
    }
    return notes;
  }

  Result<ForgeRelease> create(Context& context, const NewForgeRelease& release) override {
    SB_TRY(const auto made,
           api_->send(context, {.method = Method::post, .target = "/releases", .body = forge::release_body(release)}));
    return forge::written_release(*api_, made, release);
  }

  Result<ForgeRelease> publish(Context& context, std::string_view id, const NewForgeRelease& release) override {
    SB_TRY(const auto made, api_->send(context, {.method = Method::patch,
                                                 .target = "/releases/" + http::percent_encode(id),
                                                 .body = forge::release_body(release),
                                                 .retry = http::RetryClass::guarded}));
    return forge::written_release(*api_, made, release);
  }

 private:
  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Changes> open_changes(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GiteaChanges>(std::move(api));
}

std::unique_ptr<Releases> open_releases(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GiteaReleases>(std::move(api));
}

}  // namespace samebits::gitea
