#include "registry/manifest_answer.hpp"

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"

namespace samebits::registry {
namespace {

using http::Method;
using http::Response;

constexpr std::string_view digest_header = "Docker-Content-Digest";

Error bad_manifest(const Endpoint& endpoint, const Response& response, std::string message) {
  return Error{.code = ErrorCode::bad_answer,
               .message = std::move(message),
               .hint = "nothing was written; ask whoever runs the registry, or push the image again",
               .remote = endpoint.authority(),
               .http_status = response.status,
               .request_id = response.request_id()};
}

}  // namespace

RegistryRequest manifest_request(Method method, std::string_view reference) {
  return {.method = method,
          .target = fmt::format("manifests/{}", reference),
          .headers = {{"Accept", fmt::format("{}, {}, {}, {}", oci_index_type, oci_manifest_type, docker_list_type,
                                             docker_manifest_type)}}};
}

Result<std::optional<Manifest>> manifest_of(const Endpoint& endpoint, const RegistryRequest& request,
                                            const Response& response) {
  if (response.status == 404) return std::optional<Manifest>();
  if (!response.ok()) return endpoint.error_of(request, response, ErrorCode::image_missing);
  const std::string type = response.media_type();
  if (!is_manifest_type(type))
    return bad_manifest(
        endpoint, response,
        fmt::format("{} answers with '{}', which is no image manifest", endpoint.authority(), printable(type)));
  const auto said = said_media_type(response.body);
  if (!said) return bad_manifest(endpoint, response, said.error().message);
  if (*said && **said != type)
    return bad_manifest(
        endpoint, response,
        fmt::format("{} calls a manifest '{}' that calls itself '{}'", endpoint.authority(), type, printable(**said)));
  Manifest manifest{.digest = sha256_digest(response.body), .media_type = type, .bytes = response.body};
  const std::string_view claimed = response.headers.get(digest_header);
  if (claimed.starts_with("sha256:") && claimed != manifest.digest.str())
    return bad_manifest(
        endpoint, response,
        fmt::format("{} calls the bytes of {} {}", endpoint.authority(), manifest.digest, printable(claimed)));
  return std::optional(std::move(manifest));
}

Result<std::optional<Digest>> resolved(Context& context, Endpoint& endpoint, const RegistryRequest& head,
                                       const Response& response, Access access) {
  if (response.status == 404) return std::optional<Digest>();
  if (response.ok() && is_manifest_type(response.media_type()))
    if (auto digest = Digest::parse(response.headers.get(digest_header))) return std::optional(*std::move(digest));
  RegistryRequest get = head;
  get.method = Method::get;
  SB_TRY(const Response whole, endpoint.send(context, get, access));
  SB_TRY(const auto manifest, manifest_of(endpoint, get, whole));
  return manifest ? std::optional(manifest->digest) : std::optional<Digest>();
}

Result<void> require_digest(const std::optional<Manifest>& found, const Digest& digest, const std::string& location) {
  if (!found || found->digest == digest) return {};
  return Error{.code = ErrorCode::bad_answer,
               .message = fmt::format("the registry gives {} for {}", found->digest, digest),
               .hint = "nothing was written; the registry or a proxy before it is broken",
               .remote = location};
}

}  // namespace samebits::registry
