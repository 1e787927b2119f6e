#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <samebits/credentials.hpp>

#include "json/json.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

namespace fs = std::filesystem;

/// `docker-credential-NAME` that keeps what it was given in `asked` and answers as told.
void write_helper(const fs::path& folder, const std::string& name, const std::string& output, int status) {
  const fs::path path = folder / ("docker-credential-" + name);
  std::ofstream(path) << "#!/bin/sh\nprintf '%s ' \"$@\" >" << (folder / "asked").string() << "\ncat >>"
                      << (folder / "asked").string() << "\nprintf '%s' '" << output << "'\nexit " << status << "\n";
  ::chmod(path.c_str(), 0755);
}

std::string asked(const fs::path& folder) {
  std::ifstream file(folder / "asked");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string shown(const Result<std::optional<Credential>>& found) {
  if (!found) return std::string(to_string(found.error().code));
  if (!*found) return "anonymous";
  const Credential& one = **found;
  if (!one.registry_token.empty()) return "registry token " + one.registry_token.reveal();
  if (!one.identity_token.empty()) return "identity token " + one.identity_token.reveal();
  if (!one.token.empty()) return "token " + one.token.reveal();
  return one.username + " / " + one.password.reveal();
}

std::string find(Credentials& credentials, const std::string& url) {
  Context context;
  return shown(credentials.find(context, {.url = url}));
}

std::string find_in(const DockerConfig& config, const std::string& url) {
  return find(*docker_credentials(config), url);
}

}  // namespace

TEST_CASE("Docker's and podman's configuration is read as they read it") {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(SAMEBITS_CASES "/credentials")) {
    ++cases;
    CAPTURE(entry.path().filename().string());
    std::ifstream file(entry.path() / "case.json");
    const Json json = must(parse_json(std::string(std::istreambuf_iterator<char>(file), {}), "case.json"));
    const TempFolder folder;
    if (const Json* helper = json.find("helper"))
      write_helper(folder.path(), helper->text("name"), helper->text("output"),
                   static_cast<int>(*helper->find("status")->integer()));
    const std::string found = find_in({.text = write_json(*json.find("config")), .helper_path = folder.path()},
                                      "https://" + json.text("place"));
    CHECK(found == json.text("expect"));
    if (json.find("asked") != nullptr) CHECK(asked(folder.path()) == json.text("asked"));
  }
  CHECK(cases > 15);
}

TEST_CASE("a configuration that is no JSON is an error with its file, and a missing one is empty") {
  const TempFolder folder;
  const std::string file = folder.path() / "config.json";
  CHECK(find_in({.file = file}, "https://ghcr.io/a") == "anonymous");
  std::ofstream(file) << "{\"auths\": ";
  Context context;
  const auto found = docker_credentials({.file = file})->find(context, {.url = "https://ghcr.io/a"});
  CHECK(code_of(found) == "bad_config");
  CHECK(found.error().where.file == file);
}

TEST_CASE("a helper that is missing, hangs or talks too much is an error, never silence") {
  const TempFolder folder;
  const std::string config = R"({"credsStore": "mine"})";
  CHECK(find_in({.text = config, .helper_path = folder.path()}, "https://ghcr.io/a") == "unauthenticated");
  write_helper(folder.path(), "mine", "'; yes; '", 0);
  CHECK(find_in({.text = config, .helper_path = folder.path(), .helper_environment = {"PATH=/usr/bin:/bin"}},
                "https://ghcr.io/a") == "unauthenticated");
  std::ofstream(folder.path() / "docker-credential-mine") << "#!/bin/sh\nexec tail -f /dev/null\n";
  Context context{.deadline = Context::Clock::now() + std::chrono::milliseconds(200)};
  const auto hung =
      docker_credentials({.text = config, .helper_path = folder.path(), .helper_environment = {"PATH=/usr/bin:/bin"}})
          ->find(context, {.url = "https://ghcr.io/a"});
  CHECK(code_of(hung) == "timed_out");
  CHECK(Context::Clock::now() - *context.deadline < std::chrono::seconds(2));
  CHECK(find_in({.text = R"({"credsStore": "../../bin/sh"})", .helper_path = "/usr/bin"}, "https://ghcr.io/a") ==
        "bad_config");
}

TEST_CASE("a failing helper's words stay with it: they may hold the secret") {
  const TempFolder folder;
  write_helper(folder.path(), "mine", "hunter2-secret", 3);
  Context context;
  const auto found = docker_credentials({.text = R"({"credsStore": "mine"})",
                                         .helper_path = folder.path(),
                                         .helper_environment = {"PATH=/usr/bin:/bin"}})
                         ->find(context, {.url = "https://ghcr.io/a"});
  CHECK(code_of(found) == "unauthenticated");
  CHECK(text_of(found.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("in a list the longest target that the request lies below decides") {
  const auto list = credential_list({{.target = "https://ghcr.io", .credential = {.token = Secret("host")}},
                                     {.target = "https://ghcr.io/acme/", .credential = {.token = Secret("acme")}},
                                     {.target = "http://localhost:5000", .credential = {.token = Secret("plain")}},
                                     {.target = "docker.io", .credential = {.token = Secret("hub")}}});
  CHECK(find(*list, "https://ghcr.io/acme/api") == "token acme");
  CHECK(find(*list, "https://GHCR.io:443/acme") == "token acme");
  CHECK(find(*list, "https://ghcr.io/acmecorp/api") == "token host");
  CHECK(find(*list, "https://ghcr.io.evil.example/acme/api") == "anonymous");
  CHECK(find(*list, "http://ghcr.io/acme/api") == "anonymous");
  CHECK(find(*list, "https://ghcr.io:8443/acme/api") == "anonymous");
  CHECK(find(*list, "http://localhost:5000/app") == "token plain");
  CHECK(find(*list, "https://docker.io/library/alpine") == "token hub");
}

TEST_CASE("a chain asks in order, and an error ends it") {
  std::vector<std::unique_ptr<Credentials>> chain;
  bool fail = false;
  chain.push_back(credential_callback([&](Context&, const CredentialRequest&) -> Result<std::optional<Credential>> {
    if (fail) return Error{.code = ErrorCode::unauthenticated, .message = "no"};
    return std::optional<Credential>();
  }));
  chain.push_back(credential_list({{.target = "https://h.example", .credential = {.token = Secret("t")}}}));
  const auto credentials = credential_chain(std::move(chain));
  CHECK(find(*credentials, "https://h.example/x") == "token t");
  fail = true;
  CHECK(find(*credentials, "https://h.example/x") == "unauthenticated");
}
