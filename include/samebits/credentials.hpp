#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/context.hpp>
#include <samebits/secret.hpp>

namespace samebits {

/// What proves who asks. One way is filled in.
struct Credential {
  /// A name and its password, or a token where the server takes one as a password.
  std::string username = {};
  Secret password = {};
  /// An access token of a forge or a reconciler: `Authorization: Bearer`. Registries exchange it like a password.
  Secret token = {};
  /// Exchanged at the registry's token server (OAuth 2 refresh token, Docker's `identitytoken`).
  Secret identity_token = {};
  /// Sent to the registry as it is (Docker's `registrytoken`).
  Secret registry_token = {};

  bool operator==(const Credential&) const = default;
};

/// What a credential is wanted for.
struct CredentialRequest {
  enum class Use { read, write };

  /// `https://host[:port]/path` of what is reached; holds no secret. Docker's Hub is `https://docker.io/...`.
  std::string url;
  Use use = Use::read;
  /// The one that was given before was refused: a port that can make a new one does.
  bool refresh = false;
  /// The name before the `@` of the URL that was given; empty where there is none.
  std::string username = {};
  /// A Git repository is reached: Git's own credential helpers may know it.
  bool is_git = false;
};

/// Port: who we are, asked per host and use. Thread: one at a time.
class Credentials {
 public:
  virtual ~Credentials() = default;
  /// Nothing: go on without. Errors: unauthenticated where there should be one and it cannot be had; never nothing
  /// then.
  virtual Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) = 0;
};

/// A credential and what it is for.
struct CredentialEntry {
  /// `https://host[:port][/path]`, or without the scheme: all that lies below it.
  std::string target;
  Credential credential;
};

/// An explicit list; the longest target that the request lies below decides.
std::unique_ptr<Credentials> credential_list(std::vector<CredentialEntry> entries);

using CredentialCallback = std::function<Result<std::optional<Credential>>(Context&, const CredentialRequest&)>;
/// Asks the caller each time.
std::unique_ptr<Credentials> credential_callback(CredentialCallback callback);

/// Docker's or podman's configuration: `credHelpers`, then `credsStore`, then `auths`; podman's longer keys
/// (`quay.io/org`) too. Helpers run without a shell, found in `helper_path`, for at most 30 s.
struct DockerConfig {
  /// The file; read when first needed, and a missing one is an empty one.
  std::string file = {};
  /// Its text, instead of a file.
  std::string text = {};
  /// Folders with `docker-credential-*`, separated by ':', like PATH.
  std::string helper_path = "/usr/local/bin:/usr/bin:/bin";
  /// Environment of the helpers, `NAME=VALUE`; they get nothing else.
  std::vector<std::string> helper_environment = {};
};

/// Errors of `find`: bad_config for a file that is none; unauthenticated for a helper that fails.
/// Source: Docker's `config.json`; containers-auth.json(5); docker-credential-helpers, "Development".
std::unique_ptr<Credentials> docker_credentials(DockerConfig config);

/// Asks each in turn; the first that has one decides, and an error ends it.
std::unique_ptr<Credentials> credential_chain(std::vector<std::unique_ptr<Credentials>> chain);

}  // namespace samebits
