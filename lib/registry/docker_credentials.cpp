#include <algorithm>

#include <samebits/credentials.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/base64.hpp"
#include "json/json.hpp"
#include "system/files.hpp"
#include "system/run_program.hpp"

namespace samebits {
namespace {

constexpr std::size_t max_config_bytes = std::size_t{4} << 20;
constexpr std::string_view hub_key = "https://index.docker.io/v1/";
constexpr std::string_view not_found_words = "credentials not found in native keychain";
/// The name that says that the secret is an identity token.
constexpr std::string_view token_username = "<token>";

/// `host[:port]/path` of a request, without its scheme.
std::string place_of(std::string_view url) {
  const auto scheme = url.find("://");
  return std::string(url.substr(scheme == std::string_view::npos ? 0 : scheme + 3));
}

std::string host_of(const std::string& place) { return place.substr(0, place.find('/')); }

bool is_hub(std::string_view host) {
  return host == "docker.io" || host == "index.docker.io" || host == "registry-1.docker.io";
}

/// What a key of `auths` stands for: a host, or with podman a part of it. Docker writes URLs whose path means nothing.
std::string target_of(std::string_view key) {
  std::string place = place_of(key);
  const bool has_scheme = place.size() != key.size();
  while (place.ends_with('/')) place.pop_back();
  for (const std::string_view version : {"/v1", "/v2"})
    if (place.ends_with(version)) place.erase(place.rfind('/'));
  if (has_scheme) place = host_of(place);
  if (const std::string host = host_of(place); is_hub(host)) place = "docker.io" + place.substr(host.size());
  return place;
}

bool lies_below(const std::string& place, const std::string& target) {
  return place.starts_with(target) && (place.size() == target.size() || place[target.size()] == '/');
}

Secret secret_member(const Json& entry, std::string_view name) { return Secret(entry.text(name)); }

class DockerCredentials final : public Credentials {
 public:
  explicit DockerCredentials(DockerConfig config) : config_(std::move(config)) {}

  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    SB_CHECK(load());
    const std::string place = place_of(request.url);
    const std::string host = host_of(place);
    if (const Json* helpers = json_.find("credHelpers"); helpers != nullptr && helpers->object() != nullptr)
      for (const auto& [key, value] : *helpers->object())
        if (target_of(key) == host && value.string() != nullptr) return ask_helper(context, *value.string(), host);
    if (const std::string store = json_.text("credsStore"); !store.empty()) {
      SB_TRY(auto found, ask_helper(context, store, host));
      if (found) return found;
    }
    return find_in_auths(place);
  }

 private:
  Error bad_config(std::string message) const {
    return Error{.code = ErrorCode::bad_config,
                 .message = std::move(message),
                 .hint = "log in again (docker login HOST), or correct the file",
                 .where = {.file = config_.file}};
  }

  Result<void> load() {
    if (loaded_) return {};
    std::string text = config_.text;
    if (text.empty() && !config_.file.empty()) {
      SB_TRY(auto bytes, read_file(config_.file, max_config_bytes));
      text = std::move(bytes).value_or("");
    }
    if (!text.empty()) {
      auto json = parse_json(text, "Docker's configuration", max_config_bytes);
      if (!json) return bad_config(json.error().message);
      if (json->object() == nullptr) return bad_config("Docker's configuration is no JSON object");
      json_ = *std::move(json);
    }
    loaded_ = true;
    return {};
  }

  Result<std::optional<Credential>> find_in_auths(const std::string& place) const {
    const Json* auths = json_.find("auths");
    const Json* best = nullptr;
    std::size_t longest = 0;
    if (auths == nullptr || auths->object() == nullptr) return std::optional<Credential>();
    for (const auto& [key, value] : *auths->object()) {
      const std::string target = target_of(key);
      if (!lies_below(place, target) || (best != nullptr && target.size() < longest)) continue;
      best = &value;
      longest = target.size();
    }
    if (best == nullptr) return std::optional<Credential>();
    return credential_of(*best, place);
  }

  Result<std::optional<Credential>> credential_of(const Json& entry, const std::string& place) const {
    Credential credential{.username = entry.text("username"),
                          .password = secret_member(entry, "password"),
                          .identity_token = secret_member(entry, "identitytoken"),
                          .registry_token = secret_member(entry, "registrytoken")};
    if (const std::string auth = entry.text("auth"); !auth.empty()) {
      const auto decoded = base64_decode(auth);
      const auto colon = decoded ? decoded->find(':') : std::string::npos;
      if (colon == std::string::npos)
        return bad_config(
            fmt::format("the entry for '{}' has an 'auth' that is no name and password", printable(host_of(place))));
      credential.username = decoded->substr(0, colon);
      std::string password = decoded->substr(colon + 1);
      while (password.ends_with('\0')) password.pop_back();
      credential.password = Secret(std::move(password));
    }
    return credential == Credential() ? std::optional<Credential>() : std::optional(std::move(credential));
  }

  Result<std::optional<Credential>> ask_helper(Context& context, const std::string& name, const std::string& host) {
    const auto is_plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.';
    };
    if (!std::all_of(name.begin(), name.end(), is_plain))
      return bad_config(fmt::format("'{}' is no name of a credential helper", printable(name)));
    const std::string program = "docker-credential-" + name;
    auto ran = run_program(context, {.file = program,
                                     .arguments = {"get"},
                                     .environment = config_.helper_environment,
                                     .path = config_.helper_path,
                                     .input = is_hub(host) ? std::string(hub_key) : host});
    if (!ran) {
      if (ran.error().kind() == ErrorKind::cancelled || !context.check()) return std::move(ran).error();
      return helper_error(program, host, ran.error().message);
    }
    if (ran->status != 0) {
      const std::string words = ran->output + ran->errors;
      if (words.find(not_found_words) != std::string::npos) return std::optional<Credential>();
      // What it says may hold anything; its standard output may hold the secret.
      return helper_error(program, host, fmt::format("it ends with status {}", ran->status));
    }
    const auto json = parse_json(ran->output, "the helper's answer");
    if (!json || json->text("Secret").empty()) return helper_error(program, host, "it answers with no secret");
    const std::string username = json->text("Username");
    if (username == token_username) return std::optional(Credential{.identity_token = Secret(json->text("Secret"))});
    return std::optional(Credential{.username = username, .password = Secret(json->text("Secret"))});
  }

  /// Going on without credentials would hide it, and fail somewhere else.
  Error helper_error(const std::string& program, const std::string& host, const std::string& why) const {
    return Error{
        .code = ErrorCode::unauthenticated,
        .message = fmt::format("the credential helper {} gives nothing for {}: {}", program, printable(host), why),
        .hint = fmt::format("try it: echo {} | {} get", printable(host), program),
        .where = {.file = config_.file},
        .remote = host};
  }

  DockerConfig config_;
  Json json_;
  bool loaded_ = false;
};

}  // namespace

std::unique_ptr<Credentials> docker_credentials(DockerConfig config) {
  return std::make_unique<DockerCredentials>(std::move(config));
}

}  // namespace samebits
