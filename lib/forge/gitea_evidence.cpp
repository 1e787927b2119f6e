#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/gitea.hpp"
#include "forge/status_text.hpp"

namespace samebits::gitea {
namespace {

using forge::Api;
using forge::number_of;
using forge::status_of;
using forge::text_of;
using http::Method;

class GiteaEvidence final : public Evidence {
 public:
  explicit GiteaEvidence(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    auto found =
        api_->list(context, fmt::format("/statuses/{}?limit=50", commit), "", {.not_found = ErrorCode::commit_missing});
    if (!found) return std::move(found).error();
    std::stable_sort(found->begin(), found->end(), [](const Json& left, const Json& right) {
      return number_of(left, "/id") < number_of(right, "/id");
    });
    EvidenceList list{.items = {}, .can = {.forge = true, .checks = false, .statuses = true}};
    for (const Json& json : *found) list.items.push_back(status_of(json, commit));
    return list;
  }

  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    if (evidence.gate.empty() || evidence.conclusion.empty())
      return Error{
          .code = ErrorCode::bad_request, .message = "evidence needs a gate and a conclusion", .hint = "name both"};
    if (evidence.kind == EvidenceKind::check)
      return Error{.code = ErrorCode::unsupported,
                   .message = fmt::format("{} has no checks", location()),
                   .hint = "use a gate of the kind 'status'",
                   .remote = api_->address().api.authority()};
    SB_TRY(const auto before, list(context, commit));
    if (const EvidenceItem* known = newest_of(before, evidence)) return *known;
    auto posted = post_once(context, commit, evidence);
    if (posted || !posted.error().outcome_unknown) return posted;
    // The answer was lost: what is there now and was not before is ours.
    const auto after = list(context, commit);
    if (!after) return posted;
    const EvidenceItem* landed = newest_of(*after, evidence);
    return landed == nullptr ? posted : Result<EvidenceItem>(*landed);
  }

  /// A status asks for the right and the scope that a tag does; but it is made of nothing, and a tag is not.
  Result<bool> may_post(Context& context, const CommitId&, EvidenceKind kind) override {
    if (kind != EvidenceKind::status) return false;
    SB_CHECK(api_->may_write(context, "/tags"));
    return true;
  }

 private:
  /// The newest of that gate, digest and producer, where it says what `evidence` would.
  static const EvidenceItem* newest_of(const EvidenceList& list, const NewEvidence& evidence) {
    const EvidenceItem* newest = nullptr;
    for (const EvidenceItem& item : list.items)
      if (item.gate == evidence.gate && item.digest == evidence.digest &&
          (evidence.app.empty() || is_by(item, evidence.app)))
        newest = &item;
    const bool same = newest != nullptr && newest->conclusion == evidence.conclusion && newest->url == evidence.url &&
                      newest->environment == evidence.environment;
    return same ? newest : nullptr;
  }

  Result<EvidenceItem> post_once(Context& context, const CommitId& commit, const NewEvidence& evidence) {
    SB_TRY(const auto made, api_->send(context, {.method = Method::post,
                                                 .target = fmt::format("/statuses/{}", commit),
                                                 .body = forge::status_body(evidence)}));
    if (made.ok()) {
      SB_TRY(const Json json, api_->json(made));
      return status_of(json, commit);
    }
    Error error = api_->error_of(made, {.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::bad_request});
    // A commit that is not there is a failure of the server's, in its own words.
    if (made.status() == 500 && made.response.body.find("does not exist") != std::string::npos) {
      error.code = ErrorCode::commit_missing;
      error.hint = "push the commit first";
      error.outcome_unknown = false;
    }
    return error;
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Evidence> open_evidence(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GiteaEvidence>(std::move(api));
}

}  // namespace samebits::gitea
