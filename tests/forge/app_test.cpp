#include <cstdlib>
#include <fstream>
#include <iterator>

#include "crypto/base64.hpp"
#include "crypto/jwt.hpp"
#include "forge/forge_world.hpp"
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
