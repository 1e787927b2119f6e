#include <samebits/client.hpp>

#include "registry/authorizer.hpp"
#include "registry/manifest.hpp"
#include "registry/remote_registry.hpp"
#include "servers/registry_double.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

std::unique_ptr<Registry> open(const std::string& repository, Network& network) {
  return open_registry(must(ImageRepo::parse(repository)), network);
}

/// Docker's Hub, as far as it asks for a token.
struct Hub final : http::Http {
  std::vector<std::string> lines;

  std::vector<Result<http::Response>> send_all(Context& /*context*/, std::span<const http::Request> requests) override {
    std::vector<Result<http::Response>> responses;
    for (const http::Request& request : requests) {
      lines.push_back(request.url.str() + " " + std::string(request.headers.get("authorization")));
      responses.emplace_back(answer(request));
    }
    return responses;
  }

  static http::Response answer(const http::Request& request) {
    if (request.url.host() == "auth.docker.io")
      return {.status = 200, .body = R"({"token": "given"})", .url = request.url};
    if (request.headers.has("authorization"))
      return {.status = 200,
              .headers = {{"Content-Type", std::string(oci_index_type)},
                          {"Docker-Content-Digest", "sha256:" + std::string(64, 'a')}},
              .url = request.url};
    return {.status = 401,
            .headers = {{"WWW-Authenticate",
                         R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io")"}},
            .url = request.url};
  }
};

}  // namespace

TEST_CASE("Docker's Hub is asked at its own host, for its own token, with the credentials that go by its name") {
  Hub hub;
  const auto credentials =
      docker_credentials({.text = R"({"auths": {"https://index.docker.io/v1/": {"auth": "dTpw"}}})"});
  const ImageRepo repo = must(ImageRef::parse("nginx")).repo();
  const auto registry = open_remote_registry(repo, hub, *credentials, {});
  Context context;
  CHECK(must(registry->resolve(context, "1.25")));
  const std::string manifest = "https://registry-1.docker.io/v2/library/nginx/manifests/1.25 ";
  CHECK(hub.lines ==
        std::vector<std::string>{manifest,
                                 "https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2F"
                                 "nginx%3Apull Basic dTpw",
                                 manifest + "Bearer given"});
}

TEST_CASE("a warning of the registry is shown once") {
  RegistryDouble twin;
  twin.put(std::string(oci_index_type), sample_index("main-1"), "main-1");
  twin.after = [](const Asked&, Answer& answer) {
    answer.fields.emplace("Warning", "299 - \"this registry closes in May\"");
  };
  Network network;
  int warnings = 0;
  Context context{.log = [&](LogLevel level, std::string_view line) {
    if (level == LogLevel::warn && line.find("closes in May") != std::string_view::npos) ++warnings;
  }};
  CHECK(must(open(twin.repository(), network)->retag(context, "main-1", "v1")).outcome == TagCreated::created);
  CHECK(warnings == 1);
}

TEST_CASE("a redirect to another host is followed without the credentials") {
  RegistryDouble twin(RegistryDouble::Auth::basic);
  const std::string bytes = sample_index("main-1");
  const std::string digest = twin.put(std::string(oci_index_type), bytes, "main-1");
  const LoopbackServer storage([&](const Asked&) {
    return Answer{.fields = {{"Content-Type", std::string(oci_index_type)}}, .body = bytes};
  });
  twin.after = [&](const Asked& asked, Answer& answer) {
    if (asked.method == "GET" && answer.status == 200)
      answer = {.status = 307, .fields = {{"Location", storage.origin() + "/presigned?X-Amz-Signature=abcdef"}}};
  };
  Network network({.credentials = {{.target = twin.server().authority(),
                                    .credential = {.username = RegistryDouble::username,
                                                   .password = Secret(RegistryDouble::password)}}}});
  Context context;
  CHECK(must(open(twin.repository(), network)->manifest(context, must(Digest::parse(digest))))->bytes == bytes);
  CHECK(storage.asked().back().fields.count("Authorization") == 0);
}

TEST_CASE("no log line and no error of an operation holds a secret") {
  RegistryDouble twin(RegistryDouble::Auth::bearer);
  twin.put(std::string(oci_index_type), sample_index("main-1"), "main-1");
  twin.before = [&](const Asked& asked) -> std::optional<Answer> {
    // A careless server repeats what it was sent.
    if (asked.method != "PUT") return std::nullopt;
    return registry_error(400, "DENIED", "you sent " + asked.field("authorization"));
  };
  Network network({.credentials = {{.target = twin.server().authority(),
                                    .credential = {.username = RegistryDouble::username,
                                                   .password = Secret(RegistryDouble::password)}}}});
  std::string seen;
  Context context{.log = [&](LogLevel, std::string_view line) { seen += std::string(line) + "\n"; }};
  const auto done = open(twin.repository(), network)->retag(context, "main-1", "v1");
  REQUIRE(code_of(done) == "refused_by_server");
  seen += text_of(done.error());
  CHECK(seen.find("GET") != std::string::npos);
  for (const std::string secret : {"token-pull", RegistryDouble::password, "cm9ib3Q"})
    CHECK_MESSAGE(seen.find(secret) == std::string::npos, seen);
}

TEST_CASE("a realm is trusted only where credentials may go") {
  const auto trusted = [](const std::string& registry, const std::string& realm) {
    return registry::trusted_realm(must(http::Url::parse(registry)), realm).has_value();
  };
  CHECK(trusted("https://ghcr.io/v2/", "https://ghcr.io/token"));
  CHECK(trusted("https://registry-1.docker.io/", "https://auth.docker.io/token"));
  CHECK(trusted("http://localhost:5000/", "http://127.0.0.1:5001/token"));
  CHECK(trusted("https://10.0.0.5/", "https://10.0.0.5:8443/token"));
  for (const std::string realm :
       {"http://ghcr.io/token", "https://169.254.169.254/", "https://10.0.0.1/", "https://[::1]/",
        "https://localhost/token", "ftp://ghcr.io/", "", "https://u:p@ghcr.io/token"})
    CHECK_FALSE_MESSAGE(trusted("https://ghcr.io/v2/", realm), realm);
  CHECK_FALSE(trusted("https://10.0.0.5/", "https://10.0.0.6/token"));
}

TEST_CASE("a host that is neither loopback nor listed is never spoken to without TLS") {
  Network network;
  Context context;
  CHECK(code_of(open("registry.invalid/app", network)->resolve(context, "x")) == "unreachable");
  CHECK(code_of(open("127.0.0.1:1/app", network)->resolve(context, "x")) == "unreachable");
}

TEST_CASE("one refresh is made when a callback's credential is refused") {
  RegistryDouble twin(RegistryDouble::Auth::basic);
  twin.put(std::string(oci_index_type), sample_index("main-1"), "main-1");
  int asked = 0;
  Network network({.credential_callback = [&](Context&,
                                              const CredentialRequest& request) -> Result<std::optional<Credential>> {
    ++asked;
    CHECK(request.url == "http://" + twin.server().authority() + "/app");
    return std::optional(Credential{.username = RegistryDouble::username,
                                    .password = Secret(request.refresh ? RegistryDouble::password : "stale-password")});
  }});
  Context context;
  CHECK(must(open(twin.repository(), network)->resolve(context, "main-1")));
  CHECK(asked == 2);
}
