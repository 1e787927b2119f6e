// A release on a real Gitea that is killed.
#include "forge/gitea_world.hpp"
#include "servers/relay_server.hpp"
#include "support/killed_at.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A world whose release can be begun anew.
class Rounds {
 public:
  Rounds() : world_(relay.server().origin()) {
    must(world_.client()->promote({.environment = "preprod", .sha = world_.second}));
    must(world_.client()->gate_post({.gate = "preprod-tests", .sha = world_.second, .conclusion = "success"}));
    copy(world_.gitops(), start_);
  }

  void begin() {
    copy(start_, world_.gitops());
    for (const char* left : {"/releases/tags/v1.0.0", "/tags/v1.0.0"}) {
      const auto gone = server().api(http::Method::del, "/repos/bot/" + world_.source.name() + left);
      REQUIRE((gone.status == 204 || gone.status == 404));
    }
    world_.twin.remove_tag("v1.0.0");
  }

  Result<Receipt> release() const { return world_.client()->release({.version = "1.0.0"}); }

  /// What the forge, the registry and the GitOps repository have, without times and numbers.
  std::string state() const {
    std::string text = "image " + world_.twin.tag("v1.0.0") + "\n";
    const Json tags = world_.source.api(http::Method::get, "/tags");
    for (const Json& tag : *tags.array())
      text += "tag " + tag.text("name") + " " + *tag.at_pointer("/commit/sha")->string() + "\n";
    const Json releases = world_.source.api(http::Method::get, "/releases");
    for (const Json& made : *releases.array())
      text += "release " + made.text("tag_name") + " " + made.text("target_commitish") +
              write_json(*made.find("draft")) + "\n" + made.text("body") + "\n";
    const Json statuses = world_.source.api(http::Method::get, "/statuses/" + world_.second);
    for (const Json& status : *statuses.array())
      text += "status " + status.text("context") + " " + status.text("status") + "\n";
    const auto gitops = GitRepository::existing(world_.gitops());
    return text + gitops.git("show main:values/prod/service-demo.yaml") + gitops.git("rev-list --count main");
  }

  RelayServer relay{server().url()};

 private:
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  GiteaWorld world_;
  TempFolder folder_;
  std::filesystem::path start_ = folder_.path() / "start.git";
};

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a release that is killed at any request to Gitea is completed by running it again") {
  Rounds rounds;
  rounds.relay.server().forget();
  must(rounds.release());
  // What the README says: nothing came before that notes could begin at.
  CHECK(rounds.relay.server().lines().size() == 9);
  const std::string state = rounds.state();
  CHECK(count(state, "tag v1.0.0 ") == 1);
  CHECK(count(state, "release v1.0.0 ") == 1);
  CHECK(count(state, "status ci/preprod success") == 1);
  for (const bool before : {true, false})
    for (int request = 1;; ++request) {
      CAPTURE(request);
      CAPTURE(before);
      rounds.begin();
      const std::string outcome = killed_at(rounds.relay, request, before, [&] { return code_of(rounds.release()); });
      if (outcome != "killed") {
        CHECK(outcome == "none");
        CHECK(request > 8);
        break;
      }
      must(rounds.release());
      CHECK(rounds.state() == state);
    }
}
