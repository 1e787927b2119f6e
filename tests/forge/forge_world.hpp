#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <samebits/client.hpp>
#include <samebits/init.hpp>

#include "registry/manifest.hpp"
#include "servers/github_double.hpp"
#include "servers/registry_double.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

inline NetworkOptions network_with(const std::string& url, const std::string& token) {
  return {.credentials = {{.target = url, .credential = {.token = Secret(token)}}}};
}

/// The ports of the double, as another process would have them.
class OpenGithub {
 public:
  explicit OpenGithub(const GithubDouble& forge, bool old_name = false, const std::string& branch = "main")
      : network_(network_with(forge.server_origin(), GithubDouble::token)),
        ports(must(open_forge({.url = forge.url(old_name), .branch = branch, .forge = "github"}, network_))) {}

 private:
  Network network_;

 public:
  ForgePorts ports;
};

/// A service whose source is at the GitHub double, its images in a registry double, and a GitOps repository on disk.
/// `second` ran in preprod; whether its gate passed is what a test says.
class ForgeWorld {
 public:
  static constexpr const char* check_name = "CD / Preprod Tests";
  static constexpr const char* gate_by_app =
      "gates:\n  preprod-tests: {check: \"CD / Preprod Tests\", app: samebits-gate, environment: preprod}\n"
      "  ran-in-preprod: {deployed-in: preprod}\n";
  static constexpr const char* gate_by_workflow =
      "gates:\n  preprod-tests: {check: \"CD / Preprod Tests\", app: github-actions, "
      "workflow: .github/workflows/cd.yml, environment: preprod}\n  ran-in-preprod: {deployed-in: preprod}\n";

  /// What stands before the forge, given the forge's origin; its own origin.
  using Front = std::function<std::string(const std::string&)>;

  explicit ForgeWorld(const std::string& more = gate_by_app, bool old_name = false, const Front& front = {})
      : origin_(front ? front(forge.server_origin()) : forge.server_origin()) {
    const std::string source = origin_ + forge.url(old_name).substr(forge.server_origin().size());
    first = forge.commit("main");
    second = forge.commit("main", first);
    for (const std::string& commit : {first, second})
      digest_of[commit == second] = twin.put(std::string(oci_index_type), sample_index(commit), "main-" + commit);
    const auto gitops = GitRepository::with_work_tree(folder_.path() / "gitops");
    must(init_folder(gitops.location(), {.service = "service-demo", .image = twin.repository(), .source = source}));
    gitops.write("samebits.yaml", "apiVersion: samebits/v1\nservices:\n  service-demo: {image: \"" + twin.repository() +
                                      "\", source: {url: \"" + source + "\", branch: main, forge: github}}\n" + more);
    gitops.commit_all("Begin");
    gitops.git("clone --quiet --bare . '" + (folder_.path() / "start.git").string() + "'");
    begin();
  }

  /// Back to the beginning: nothing promoted, no release.
  void begin() {
    restore_gitops();
    forge.forget_releases();
    twin.remove_tag("v1.0.0");
    forge.server().forget();
    twin.server().forget();
  }

  void restore_gitops() const {
    const auto round = folder_.path() / "round.git";
    std::filesystem::remove_all(round);
    std::filesystem::copy(folder_.path() / "start.git", round, std::filesystem::copy_options::recursive);
  }

  /// `second` runs in preprod and its gate passed: from here a release goes through.
  void make_releasable() {
    must(client().promoter().promote({.environment = "preprod", .sha = second}));
    must(pass_gate());
    forge.server().forget();
  }
  Result<Receipt> pass_gate(const std::string& conclusion = "success") {
    return client().promoter().gate_post({.gate = "preprod-tests", .sha = second, .conclusion = conclusion});
  }
  /// Keeps what is there now as the beginning.
  void keep() {
    std::filesystem::remove_all(folder_.path() / "start.git");
    std::filesystem::copy(folder_.path() / "round.git", folder_.path() / "start.git",
                          std::filesystem::copy_options::recursive);
  }

  ClientOptions options() const {
    return {.gitops = (folder_.path() / "round.git").string(),
            .promoter = {.author = must(Person::parse("Ada <ada@example.com>"))},
            .network = network_with(origin_, GithubDouble::token)};
  }
  Client client() const { return Client(options()); }
  Result<Receipt> release(const std::string& version = "1.0.0") const {
    return client().promoter().release({.version = version});
  }
  Verdict gate() const { return gate_verdict().verdict; }
  GateVerdict gate_verdict() const {
    return must(client().promoter().gate_show({.sha = second, .gate = "preprod-tests"})).gates.front();
  }
  std::string values() const { return git("show main:values/prod/service-demo.yaml"); }
  std::string commits() const { return git("rev-list --count main"); }
  const std::string& digest() const { return digest_of[1]; }

  GithubDouble forge;
  RegistryDouble twin;
  std::string first;
  std::string second;
  std::string digest_of[2];

 private:
  std::string git(const std::string& arguments) const {
    return GitRepository::existing(folder_.path() / "round.git").git(arguments);
  }

  std::string origin_;
  TempFolder folder_;
};

}  // namespace samebits::test
