#include <cstdlib>
#include <fstream>
#include <iterator>

#include <samebits/adapters.hpp>

#include "crypto/base64.hpp"
#include "crypto/jwt.hpp"
#include "forge/app_credentials.hpp"
#include "forge/forge_world.hpp"
#include "http/client.hpp"
#include "support/child.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A key that the openssl program made.
class Key {
 public:
  Key() {
    run("genrsa -out '" + file("key.pem") + "' 2048");
    run("rsa -in '" + file("key.pem") + "' -pubout -out '" + file("public.pem") + "'");
    std::ifstream in(file("key.pem"));
    pem = Secret(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  bool verifies(const std::string& text, const std::string& signature) const {
    std::ofstream(file("text")) << text;
    std::ofstream(file("signature"), std::ios::binary) << signature;
    return std::system(("openssl dgst -sha256 -verify '" + file("public.pem") + "' -signature '" + file("signature") +
                        "' '" + file("text") + "' >/dev/null 2>&1")
                           .c_str()) == 0;
  }
  Secret pem;

 private:
  std::string file(const char* name) const { return (folder_.path() / name).string(); }
  static void run(const std::string& arguments) {
    REQUIRE(std::system(("openssl " + arguments + " 2>/dev/null").c_str()) == 0);
  }
  TempFolder folder_;
};

const Key& key() {
  static const Key one;
  return one;
}

ClientOptions as_app(const ForgeWorld& world) {
  ClientOptions options = world.options();
  options.network.credentials.clear();
  options.network.apps = {{.repository = world.forge.url(), .app = "424242", .private_key = key().pem}};
  return options;
}

}  // namespace

TEST_CASE("a token of an app is signed by its key") {
  const std::string token = must(sign_jwt(R"({"iss":"1"})", key().pem)).reveal();
  const auto dot = token.rfind('.');
  std::string signature = token.substr(dot + 1);
  CHECK(signature.find_first_of("+/=") == std::string::npos);
  for (char& c : signature) c = c == '-' ? '+' : c == '_' ? '/' : c;
  CHECK(key().verifies(token.substr(0, dot), *base64_decode(signature)));
  CHECK(!key().verifies(token.substr(0, dot) + "x", *base64_decode(signature)));
}

TEST_CASE("what is no RSA key is refused without a word of it") {
  for (const char* text : {"", "hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"}) {
    const auto token = sign_jwt("{}", Secret(text));
    CHECK(code_of(token) == "bad_option");
    CHECK(text_of(token.error()).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("an app releases with tokens for one repository and one permission each") {
  ForgeWorld world;
  Client client(as_app(world));
  must(client->promote({.environment = "preprod", .sha = world.second}));
  must(client->gate_post({.gate = "preprod-tests", .sha = world.second, .conclusion = "success"}));
  must(client->release({.version = "1.0.0"}));
  CHECK(world.forge.tagged("v1.0.0") == world.second);
  CHECK(world.forge.releases().size() == 1);
  CHECK(world.forge.exchanged.size() == 4);
  for (const Json& asked : world.forge.exchanged) {
    CHECK(write_json(*asked.find("repositories")) == R"(["service-demo"])");
    CHECK(asked.find("permissions")->object()->size() == 1);
  }
}

TEST_CASE("an app acts for what it is given: a repository, all of an owner, all of a host, at the API and for Git") {
  GithubDouble forge;
  const auto network = http::open_http({}, system_clock());
  Context context;
  const auto answer = [&](const std::string& scope, const std::string& url, bool is_git) -> std::string {
    const auto app = github::app_credentials({{.repository = scope, .app = "424242", .private_key = key().pem}},
                                             *network, system_clock());
    const auto found = app->find(context, {.url = url, .use = CredentialRequest::Use::write, .is_git = is_git});
    return !found ? code_of(found) : *found ? "token" : "nothing";
  };
  const std::string host = forge.server_origin();
  const std::string api = host + "/api/v3/repos";
  for (const char* scope : {"", "/", "/acme", "/acme/", "/acme/service-demo", "/acme/service-demo.git"}) {
    CAPTURE(scope);
    CHECK(answer(host + scope, api + "/acme/service-demo/git/tags", false) == "token");
    CHECK(answer(host + scope, host + "/acme/service-demo.git", true) == "token");
    CHECK(answer(host + scope, host + "/acme/service-demo", true) == "token");
    CHECK(answer(host + scope, host + "/acme/service-demo", false) == "nothing");
    CHECK(answer(host + scope, host + "/", true) == "nothing");
    CHECK(answer(host + scope, "https://elsewhere.example.com/acme/service-demo", true) == "nothing");
  }
  for (const Json& asked : forge.exchanged) {
    CHECK(write_json(*asked.find("repositories")) == R"(["service-demo"])");
    CHECK(write_json(*asked.find("permissions")) == R"({"contents":"write"})");
  }
  for (const char* scope : {"/acm", "/other", "/acme/service", "/acme/service-demo/x"}) {
    CAPTURE(scope);
    CHECK(answer(host + scope, api + "/acme/service-demo/git/tags", false) == "nothing");
    CHECK(answer(host + scope, host + "/acme/service-demo.git", true) == "nothing");
  }
  CHECK(answer("acme", host + "/acme/service-demo", true) == "bad_option");
}

TEST_CASE("an app's key may be in a file, which is read for each token") {
  ForgeWorld world;
  TempFolder folder;
  const std::string file = (folder.path() / "key.pem").string();
  ClientOptions options = as_app(world);
  options.network.apps.front() = {.repository = world.forge.server_origin(), .app = "424242", .private_key_file = file};
  const auto promote = [&] { return Client(options)->promote({.environment = "preprod", .sha = world.second}); };
  const auto missing = promote();
  CHECK(code_of(missing) == "bad_option");
  CHECK(text_of(missing.error()).find(file) != std::string::npos);
  std::ofstream(file) << "hunter2";
  CHECK(text_of(promote().error()).find("hunter2") == std::string::npos);
  std::ofstream(file) << key().pem.reveal();
  must(promote());
}

TEST_CASE("a token that is about to end is made anew") {
  ForgeWorld world;
  world.forge.token_life = 60;
  Client client(as_app(world));
  must(client->promote({.environment = "preprod", .sha = world.second}));
  const auto before = world.forge.exchanged.size();
  CHECK(code_of(client->gate_show({.sha = world.second})) == "none");
  CHECK(code_of(client->gate_show({.sha = world.second})) == "none");
  CHECK(world.forge.exchanged.size() >= before + 2);
}

TEST_CASE("an app without the permission, and another app, are told apart") {
  ForgeWorld world;
  world.forge.permissions.erase("checks=write");
  Client client(as_app(world));
  must(client->promote({.environment = "preprod", .sha = world.second}));
  const auto refused = client->gate_post({.gate = "preprod-tests", .sha = world.second, .conclusion = "success"});
  CHECK(code_of(refused) == "permission_missing");
  ClientOptions options = as_app(world);
  options.network.apps.front().app = "1";
  CHECK(code_of(Client(options)->promote({.environment = "preprod", .sha = world.second})) == "unauthenticated");
}
