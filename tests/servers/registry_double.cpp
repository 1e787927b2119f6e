#include "servers/registry_double.hpp"

#include "crypto/base64.hpp"
#include "crypto/sha256.hpp"
#include "registry/manifest.hpp"

namespace samebits::test {
namespace {

const std::string prefix = "/v2/app/";

std::string query_value(const std::string& target, const std::string& name) {
  const auto at = target.find(name + "=");
  return at == std::string::npos ? ""
                                 : target.substr(at + name.size() + 1, target.find('&', at) - at - name.size() - 1);
}

bool is_write(const Asked& asked) { return asked.method == "PUT"; }

}  // namespace

RegistryDouble::RegistryDouble(Auth auth)
    : auth_(auth), server_([this](const Asked& asked) { return answer(asked); }) {}

std::string RegistryDouble::put(const std::string& media_type, const std::string& bytes, const std::string& tag) {
  const std::lock_guard lock(mutex_);
  std::string digest = "sha256:" + sha256_hex(bytes);
  manifests_[digest] = {media_type, bytes};
  if (!tag.empty()) tags_[tag] = digest;
  return digest;
}

std::string RegistryDouble::tag(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = tags_.find(name);
  return found == tags_.end() ? "" : found->second;
}

void RegistryDouble::set_tag(const std::string& name, const std::string& digest) {
  const std::lock_guard lock(mutex_);
  tags_[name] = digest;
}

void RegistryDouble::remove_tag(const std::string& name) {
  const std::lock_guard lock(mutex_);
  tags_.erase(name);
}

void RegistryDouble::answer_first(std::function<std::optional<Answer>(const Asked&)> function) {
  const std::lock_guard lock(mutex_);
  before = std::move(function);
}

int RegistryDouble::count(const std::string& method) const {
  int number = 0;
  for (const Asked& asked : server_.asked())
    if (asked.method == method && asked.target.starts_with(prefix)) ++number;
  return number;
}

Answer RegistryDouble::answer(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  if (before)
    if (auto own = before(asked)) return *own;
  Answer given = serve(asked);
  if (after) after(asked, given);
  return given;
}

Answer RegistryDouble::serve(const Asked& asked) {
  if (asked.path() == "/token") return give_token(asked);
  if (auto refused = refuse(asked)) return *refused;
  if (asked.path() == "/v2/") return {.body = "{}"};
  if (!asked.target.starts_with(prefix)) return registry_error(404, "NAME_UNKNOWN", "repository name not known");
  const std::string rest = asked.path().substr(prefix.size());
  if (rest == "tags/list") return list(asked);
  if (!rest.starts_with("manifests/")) return {.status = 404, .body = "404 page not found"};
  const std::string reference = rest.substr(10);
  return is_write(asked) ? write(asked, reference) : read(asked, reference);
}

std::optional<Answer> RegistryDouble::refuse(const Asked& asked) const {
  const std::string given = asked.field("authorization");
  if (auth_ == Auth::none) return std::nullopt;
  Answer refused = registry_error(401, "UNAUTHORIZED", "authentication required");
  if (auth_ == Auth::basic) {
    if (given == "Basic " + base64_encode(std::string(username) + ":" + password)) return std::nullopt;
    refused.fields.emplace("WWW-Authenticate", "Basic realm=\"double\"");
    return refused;
  }
  const std::string needed = is_write(asked) ? "push" : "pull";
  if (given.starts_with("Bearer token-") && given.find(needed) != std::string::npos) return std::nullopt;
  refused.fields.emplace("WWW-Authenticate", "Bearer realm=\"http://" + asked.field("host") +
                                                 "/token\",service=\"double\",scope=\"repository:app:" +
                                                 (is_write(asked) ? "pull,push" : "pull") + "\"" +
                                                 (given.empty() ? "" : ",error=\"insufficient_scope\""));
  return refused;
}

Answer RegistryDouble::give_token(const Asked& asked) const {
  const bool known = asked.field("authorization") == "Basic " + base64_encode(std::string(username) + ":" + password);
  if (!asked.field("authorization").empty() && !known)
    return registry_error(401, "UNAUTHORIZED", "incorrect username or password");
  return {.fields = {{"Content-Type", "application/json"}},
          .body = "{\"token\": \"token-" + (known ? grants : std::string("pull")) + "\", \"expires_in\": 300}"};
}

Answer RegistryDouble::read(const Asked& asked, const std::string& reference) const {
  std::string digest = reference;
  if (const auto found = tags_.find(reference); found != tags_.end()) digest = found->second;
  const auto manifest = manifests_.find(digest);
  if (manifest == manifests_.end()) return registry_error(404, "MANIFEST_UNKNOWN", "manifest unknown");
  // Like the real ones: without a fitting Accept there is no index.
  if (asked.field("accept").find(manifest->second.media_type) == std::string::npos)
    return registry_error(404, "MANIFEST_UNKNOWN", "accept header does not support this media type");
  return {.fields = {{"Content-Type", manifest->second.media_type}, {"Docker-Content-Digest", digest}},
          .body = manifest->second.bytes};
}

Answer RegistryDouble::write(const Asked& asked, const std::string& reference) {
  const std::string digest = put(asked.field("content-type"), asked.body, reference);
  return {.status = 201, .fields = {{"Docker-Content-Digest", digest}, {"Location", prefix + "manifests/" + digest}}};
}

Answer RegistryDouble::list(const Asked& asked) const {
  const std::string last = query_value(asked.target, "last");
  std::string names;
  int count = 0;
  std::string link;
  for (const auto& [name, digest] : tags_) {
    if (!last.empty() && name <= last) continue;
    if (count == page) {
      link = "</v2/app/tags/list?n=" + std::to_string(page) + "&last=" + link + ">; rel=\"next\"";
      break;
    }
    names += (count++ == 0 ? "\"" : ", \"") + name + "\"";
    link = name;
  }
  Answer answer{.fields = {{"Content-Type", "application/json"}},
                .body = "{\"name\": \"app\", \"tags\": " + (names.empty() ? "null" : "[" + names + "]") + "}"};
  if (link.starts_with("<")) answer.fields.emplace("Link", link);
  return answer;
}

Answer registry_error(int status, const std::string& code, const std::string& message) {
  return {.status = status,
          .fields = {{"Content-Type", "application/json"}},
          .body = "{\"errors\": [{\"code\": \"" + code + "\", \"message\": \"" + message + "\"}]}"};
}

std::string sample_manifest(const std::string& name) {
  // Blanks and order as no serialiser writes them: the bytes must survive.
  return "{ \"schemaVersion\":2,\n  \"mediaType\":\"" + std::string(oci_manifest_type) +
         "\",\n\t\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:" +
         sha256_hex("config of " + name) + "\",\"size\":2},\"layers\":[]}\n";
}

std::string sample_index(const std::string& name) {
  std::string text = "{\"schemaVersion\": 2, \"mediaType\": \"" + std::string(oci_index_type) + "\", \"manifests\": [";
  for (const std::string platform : {"amd64", "arm64"}) {
    const std::string child = sample_manifest(name + platform);
    text += std::string(platform == "amd64" ? "" : ", ") + "{\"mediaType\": \"" + std::string(oci_manifest_type) +
            "\", \"digest\": \"sha256:" + sha256_hex(child) + "\", \"size\": " + std::to_string(child.size()) +
            ", \"platform\": {\"os\": \"linux\", \"architecture\": \"" + platform + "\"}}";
  }
  return text + "]}";
}

}  // namespace samebits::test
