#include "registry/remote_registry.hpp"

#include <algorithm>
#include <set>

#include <samebits/image_tag.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/link.hpp"
#include "registry/endpoint.hpp"
#include "registry/manifest_answer.hpp"
#include "registry/tag_write.hpp"

namespace samebits {
namespace {

using http::Method;
using http::Response;
using registry::Access;
using registry::Endpoint;
using registry::RegistryRequest;

constexpr std::size_t max_pages = 10000;
/// What every registry takes; ECR refuses more than 1,000.
constexpr int page_size = 1000;

class RemoteRegistry final : public Registry {
 public:
  RemoteRegistry(const ImageRepo& repo, http::Http& http, Credentials& credentials, std::vector<std::string> insecure)
      : repo_(repo), endpoint_(repo, http, credentials, std::move(insecure)) {}

  std::string location() const override { return repo_.str(); }

  Result<std::optional<Digest>> resolve(Context& context, std::string_view tag) override {
    SB_CHECK(require_tag(tag));
    const auto head = registry::manifest_request(Method::head, tag);
    SB_TRY(const Response response, endpoint_.send(context, head, Access::pull));
    return registry::resolved(context, endpoint_, head, response, Access::pull);
  }

  Result<std::optional<Manifest>> manifest(Context& context, const Digest& digest) override {
    if (kept_ && kept_->digest == digest) return kept_;
    const auto get = registry::manifest_request(Method::get, digest.str());
    SB_TRY(const Response response, endpoint_.send(context, get, Access::pull));
    SB_TRY(auto found, registry::manifest_of(endpoint_, get, response));
    SB_CHECK(registry::require_digest(found, digest, location()));
    if (found) kept_ = found;
    return found;
  }

  Result<TagCreated> create_tag(Context& context, std::string_view tag, const Digest& digest) override {
    SB_CHECK(require_tag(tag));
    return registry::TagWrite(context, endpoint_, repo_, kept_).create(tag, digest);
  }

  Result<Retagged> retag(Context& context, std::string_view source, std::string_view tag) override {
    SB_CHECK(require_tag(source));
    SB_CHECK(require_tag(tag));
    return registry::TagWrite(context, endpoint_, repo_, kept_).retag(source, tag);
  }

  Result<std::vector<std::string>> list(Context& context) override {
    std::vector<std::string> tags;
    std::set<std::string> seen;
    std::string target = fmt::format("tags/list?n={}", page_size);
    while (seen.insert(target).second && seen.size() <= max_pages) {
      const RegistryRequest get{.target = target};
      SB_TRY(const Response response, endpoint_.send(context, get, Access::pull));
      if (!response.ok()) return endpoint_.error_of(get, response, ErrorCode::repository_missing);
      SB_CHECK(take_tags(response, tags));
      SB_TRY(const auto next, http::next_page(response));
      if (!next) {
        std::sort(tags.begin(), tags.end());
        tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
        return tags;
      }
      target = next->target();
    }
    return Error{.code = ErrorCode::bad_answer,
                 .message = fmt::format("the list of tags of {} has no end", location()),
                 .hint = "ask whoever runs the registry",
                 .remote = endpoint_.authority()};
  }

 private:
  Result<void> take_tags(const Response& response, std::vector<std::string>& tags) const {
    const auto json = parse_json(response.body, "the list of tags");
    const Json* list = json ? json->find("tags") : nullptr;
    if (list == nullptr || (!list->is_null() && list->array() == nullptr))
      return Error{.code = ErrorCode::bad_answer,
                   .message = fmt::format("{} answers with no list of tags", endpoint_.authority()),
                   .hint = "check that a registry is at that address",
                   .remote = endpoint_.authority(),
                   .http_status = response.status,
                   .request_id = response.request_id()};
    // An empty repository has null.
    if (list->is_null()) return {};
    for (const Json& tag : *list->array())
      if (tag.string() != nullptr && is_tag(*tag.string())) tags.push_back(*tag.string());
    return {};
  }

  ImageRepo repo_;
  Endpoint endpoint_;
  /// The manifest that was read last: its digest names its bytes for ever.
  std::optional<Manifest> kept_;
};

}  // namespace

std::unique_ptr<Registry> open_remote_registry(const ImageRepo& repo, http::Http& http, Credentials& credentials,
                                               std::vector<std::string> insecure) {
  return std::make_unique<RemoteRegistry>(repo, http, credentials, std::move(insecure));
}

}  // namespace samebits
