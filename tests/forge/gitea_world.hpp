#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include <samebits/client.hpp>
#include <samebits/init.hpp>

#include "json/json.hpp"
#include "registry/manifest.hpp"
#include "servers/gitea_server.hpp"
#include "servers/registry_double.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

/// One server for all tests; each has repositories of its own.
inline const GiteaServer& server() {
  static const TempFolder folder;
  static const GiteaServer gitea(folder.path() / "gitea");
  return gitea;
}

inline std::string new_name() {
  static int made = 0;
  return "demo-" + std::to_string(++made);
}

/// Asks until it is so, since the server does some things after its answer.
inline void await(const std::function<bool()>& is_so) {
  for (int asked = 0; asked < 2000; ++asked)
    if (is_so()) return;
  FAIL("the server does not come to it");
}

/// A repository at the server, and a clone to push from.
class GiteaRepository {
 public:
  GiteaRepository()
      : name_(new_name()),
        url_(server().make_repository(name_)),
        work_(GitRepository::with_work_tree(folder_.path() / "work")),
        network_({.credentials = {{.target = server().url(), .credential = {.token = Secret(server().token())}}}}) {}

  CommitId commit(const std::string& branch, const std::optional<CommitId>& parent) {
    work_.write("file.txt", std::to_string(++commits_));
    work_.git("add --all");
    const std::string tree = work_.git("write-tree");
    const std::string made = work_.git("commit-tree -m 'Change " + std::to_string(commits_) + "' " + tree +
                                       (parent ? " -p " + parent->str() : ""));
    const std::string at = url_.substr(url_.find("//") + 2);
    work_.git("push --quiet --force 'http://bot:" + server().token() + "@" + at + "' " + made + ":refs/heads/" +
              branch);
    // The server takes note of a push a moment later.
    await([this] { return !*api(http::Method::get, "").find("empty")->boolean(); });
    return commit_id(made);
  }
  /// For the commits from here on.
  void write(const std::string& file, const std::string& text) { work_.write(file, text); }
  /// Makes somebody who may write, and gives their name.
  std::string collaborator() const {
    const std::string name = "writer-" + name_;
    const auto made =
        server().api(http::Method::post, "/admin/users",
                     R"({"username": ")" + name + R"(", "email": ")" + name +
                         R"(@example.com", "password": "secret-enough-1", "must_change_password": false})");
    CAPTURE(made.body);
    REQUIRE(made.ok());
    api(http::Method::put, "/collaborators/" + name, R"({"permission": "write"})");
    return name;
  }
  ForgePorts open() { return must(open_forge(location(), network_)); }
  SourceLocation location() const { return {.url = url_, .forge = "gitea"}; }
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }
  Json api(http::Method method, const std::string& target, const std::string& body = "") const {
    const auto answer = server().api(method, "/repos/bot/" + name_ + target, body);
    CAPTURE(answer.body);
    REQUIRE(answer.ok());
    return answer.body.empty() ? Json() : must(parse_json(answer.body, "the answer"));
  }
  std::int64_t pull(const std::string& branch) const {
    return *api(http::Method::post, "/pulls", R"({"title": "Change", "base": "main", "head": ")" + branch + "\"}")
                .find("number")
                ->integer();
  }

 private:
  TempFolder folder_;
  std::string name_;
  std::string url_;
  GitRepository work_;
  Network network_;
  int commits_ = 0;
};

/// A service with its source at Gitea; images in a registry double.
class GiteaWorld {
 public:
  /// `origin` empty: the server's own; else what stands before it.
  explicit GiteaWorld(const std::string& origin = "")
      : origin_(origin.empty() ? server().url() : origin), url_(origin_ + "/bot/" + source.name()) {
    first = source.commit("main", {}).str();
    second = source.commit("main", commit_id(first)).str();
    for (const std::string& commit : {first, second})
      digests[commit] = twin.put(std::string(oci_index_type), sample_index(commit), "main-" + commit);
    const auto work = GitRepository::with_work_tree(folder_.path() / "gitops");
    must(init_folder(work.location(), {.service = "service-demo", .image = twin.repository(), .source = url_}));
    work.write("samebits.yaml",
               "apiVersion: samebits/v1\nservices:\n  service-demo: {image: \"" + twin.repository() +
                   "\", source: {url: \"" + url_ +
                   "\", branch: main, forge: gitea}}\n"
                   "gates:\n  preprod-tests: {status: ci/preprod, creator: bot, environment: preprod}\n"
                   "  ran-in-preprod: {deployed-in: preprod}\n"
                   "  by-check: {check: X, app: github-actions, workflow: cd.yml}\n"
                   "release: {gates: [preprod-tests, ran-in-preprod]}\n");
    work.commit_all("Begin");
    work.git("clone --quiet --bare . '" + gitops().string() + "'");
  }

  std::filesystem::path gitops() const { return folder_.path() / "gitops.git"; }
  Client client() const {
    return Client(
        {.gitops = gitops().string(),
         .promoter = {.author = must(Person::parse("Ada <ada@example.com>"))},
         .network = {.credentials = {{.target = origin_, .credential = {.token = Secret(server().token())}}}}});
  }

  GiteaRepository source;
  RegistryDouble twin;
  std::string first;
  std::string second;
  std::map<std::string, std::string> digests;

 private:
  std::string origin_;
  std::string url_;
  TempFolder folder_;
};

}  // namespace samebits::test
