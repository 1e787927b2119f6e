#include "registry/tag_write.hpp"

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/status_error.hpp"
#include "registry/manifest_answer.hpp"

namespace samebits::registry {
namespace {

using http::Method;
using http::Response;

/// Puts of one tag: a registry that fails again and again is given up.
constexpr int max_puts = 3;
/// Reads of a source whose digest and whose bytes are not the same: a kept manifest may be another one's, and a tag may
/// move in between.
constexpr int max_reads = 3;

bool is_auth_error(const Result<Response>& response) {
  if (!response) return response.error().kind() == ErrorKind::auth;
  return response->status == 401 || response->status == 403;
}

}  // namespace

Result<TagCreated> TagWrite::create(std::string_view tag, const Digest& digest) {
  SB_TRY(const Seen seen, read(digest, tag));
  if (seen.target == digest) return TagCreated::already;
  if (!seen.manifest) return no_image(digest.str());
  SB_CHECK(require_digest(seen.manifest, digest, repo_.str()));
  return write(tag, *seen.manifest, seen.target);
}

Result<Retagged> TagWrite::retag(std::string_view source, std::string_view tag) {
  SB_TRY(const Seen seen, read_by_tag(source, tag));
  if (!seen.manifest) return no_image(source);
  const Digest digest = seen.manifest->digest;
  SB_TRY(const TagCreated outcome, write(tag, *seen.manifest, seen.target));
  return Retagged{.digest = digest, .outcome = outcome};
}

Error TagWrite::no_image(std::string_view reference) const {
  return Error{.code = ErrorCode::image_missing,
               .message = fmt::format("no image is {}{}{}", repo_.str(), reference.starts_with("sha256:") ? "@" : ":",
                                      printable(reference)),
               .hint = "samebits image list shows the tags that are there",
               .remote = endpoint_.authority()};
}

std::vector<Result<Response>> TagWrite::send(const std::vector<RegistryRequest>& requests) {
  auto responses = endpoint_.send_all(context_, requests, reading_);
  bool refused = false;
  for (const auto& response : responses) refused = refused || is_auth_error(response);
  if (!refused || reading_ == Access::pull) return responses;
  // Whoever may only read still learns that the tag is there already.
  reading_ = Access::pull;
  return endpoint_.send_all(context_, requests, reading_);
}

Result<TagWrite::Seen> TagWrite::read(const Digest& digest, std::string_view tag) {
  const auto head = manifest_request(Method::head, tag);
  const auto get = manifest_request(Method::get, digest.str());
  const bool is_kept = kept_ && kept_->digest == digest;
  auto responses = send(is_kept ? std::vector{head} : std::vector{head, get});
  Seen seen;
  if (is_kept) {
    seen.manifest = kept_;
  } else {
    SB_TRY(const Response source, std::move(responses[1]));
    SB_TRY(seen.manifest, take_manifest(get, source));
  }
  SB_TRY(const Response target, std::move(responses[0]));
  SB_TRY(seen.target, resolved(context_, endpoint_, head, target, reading_));
  return seen;
}

Result<TagWrite::Seen> TagWrite::read_by_tag(std::string_view source, std::string_view tag) {
  const auto target_head = manifest_request(Method::head, tag);
  const auto source_head = manifest_request(Method::head, source);
  const auto source_get = manifest_request(Method::get, source);
  for (int reads = 1;; ++reads) {
    // A manifest that is kept is most likely that of the source: its digest says.
    auto responses =
        send(kept_ ? std::vector{target_head, source_head} : std::vector{target_head, source_head, source_get});
    Seen seen;
    seen.manifest = kept_;
    if (!kept_) {
      SB_TRY(const Response whole, std::move(responses[2]));
      SB_TRY(seen.manifest, take_manifest(source_get, whole));
    }
    SB_TRY(const Response source_response, std::move(responses[1]));
    SB_TRY(const auto digest, resolved(context_, endpoint_, source_head, source_response, reading_));
    if (digest == (seen.manifest ? std::optional(seen.manifest->digest) : std::nullopt)) {
      SB_TRY(const Response target_response, std::move(responses[0]));
      SB_TRY(seen.target, resolved(context_, endpoint_, target_head, target_response, reading_));
      return seen;
    }
    kept_.reset();
    if (reads == max_reads) return disagreement(source, digest, seen.manifest);
  }
}

Result<std::optional<Manifest>> TagWrite::take_manifest(const RegistryRequest& get, const Response& response) {
  SB_TRY(auto manifest, manifest_of(endpoint_, get, response));
  if (manifest) kept_ = manifest;
  return manifest;
}

/// Registries that do not look at Accept give a platform's own manifest for one of the two.
Error TagWrite::disagreement(std::string_view source, const std::optional<Digest>& head,
                             const std::optional<Manifest>& whole) const {
  return Error{
      .code = ErrorCode::bad_answer,
      .message = fmt::format("{} says of the tag {} that it is {}, and gives {}", endpoint_.authority(),
                             printable(source), head ? head->str() : "absent", whole ? whole->digest.str() : "nothing"),
      .hint = "nothing was written; run it again if the tag is being moved, or name the image by its digest",
      .remote = endpoint_.authority()};
}

Result<std::optional<Digest>> TagWrite::read_tag(std::string_view tag) {
  const auto head = manifest_request(Method::head, tag);
  SB_TRY(const Response response, std::move(send({head}).front()));
  return resolved(context_, endpoint_, head, response, reading_);
}

Result<TagCreated> TagWrite::write(std::string_view tag, const Manifest& manifest, std::optional<Digest> target) {
  for (int puts = 0;; ++puts) {
    if (target == manifest.digest) return was_put_ ? TagCreated::created : TagCreated::already;
    if (target)
      return Error{.code = ErrorCode::tag_exists,
                   .message = fmt::format("the image tag {} is {} already, not {}", tag, *target, manifest.digest),
                   .hint = was_put_ ? "somebody else wrote that tag at the same time: look before anything is promoted"
                                    : "a published tag is never moved: choose another one",
                   .remote = repo_.str()};
    if (puts == max_puts) return last_;
    SB_TRY(const bool try_again, put(tag, manifest));
    auto found = read_tag(tag);
    if (!found) {
      Error error = std::move(found).error();
      error.outcome_unknown = was_put_;
      return error;
    }
    target = *found;
    if (!target && !try_again) return last_;
  }
}

/// Whether it may be put once more if the tag is absent afterwards. Errors: only where nothing was sent.
Result<bool> TagWrite::put(std::string_view tag, const Manifest& manifest) {
  const RegistryRequest request{.method = Method::put,
                                .target = fmt::format("manifests/{}", tag),
                                .headers = {{"Content-Type", manifest.media_type}},
                                .body = manifest.bytes};
  auto response = endpoint_.send(context_, request, Access::push);
  if (!response) {
    last_ = std::move(response).error();
    was_put_ = was_put_ || last_.outcome_unknown;
    const bool goes_on = last_.outcome_unknown && context_.check();
    if (!goes_on) return last_;
    return true;
  }
  was_put_ = was_put_ || response->ok() || http::is_server_failure(response->status);
  if (response->ok()) {
    // It says so, and then the tag is not there.
    last_ = Error{.code = ErrorCode::bad_answer,
                  .message = fmt::format("{} took the tag {} and does not have it", endpoint_.authority(), tag),
                  .hint = "run it again, which looks first",
                  .remote = endpoint_.authority(),
                  .http_status = response->status,
                  .request_id = response->request_id()};
    return true;
  }
  last_ = endpoint_.error_of(request, *response, ErrorCode::repository_missing);
  const bool refused = last_.kind() == ErrorKind::protocol && response->status >= 400 && response->status < 500;
  if (refused) last_.code = ErrorCode::refused_by_server;
  if (last_.code == ErrorCode::refused_by_server && last_.hint.empty())
    last_.hint = "the registry does not take this tag: see what it says, and its rules for tags";
  // What was read afterwards says what became of it.
  last_.outcome_unknown = false;
  return last_.kind() == ErrorKind::transient;
}

}  // namespace samebits::registry
