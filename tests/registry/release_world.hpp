#pragma once

#include <filesystem>
#include <string>

#include <samebits/client.hpp>
#include <samebits/init.hpp>

#include "registry/manifest.hpp"
#include "servers/registry_double.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

/// A source with two commits, their images in a registry double, and a GitOps repository that nothing was released in.
class ReleaseWorld {
 public:
  ReleaseWorld() {
    const auto source = GitRepository::with_work_tree(folder_.path() / "work");
    for (std::string* commit : {&first, &second}) {
      source.write("app.txt", commit == &first ? "one" : "two");
      *commit = source.commit_all("Say it");
      digest_of_[*commit == first ? 0 : 1] =
          twin.put(std::string(oci_index_type), sample_index(*commit), "main-" + *commit);
    }
    source.git("clone --quiet --bare . '" + (folder_.path() / "source.git").string() + "'");
    const auto gitops = GitRepository::with_work_tree(folder_.path() / "gitops");
    must(init_folder(gitops.location(), {.service = "service-demo",
                                         .image = twin.repository(),
                                         .source = (folder_.path() / "round/source.git").string()}));
    gitops.write("samebits.yaml", "apiVersion: samebits/v1\nservices:\n  service-demo: {image: \"" + twin.repository() +
                                      "\", source: \"" + (folder_.path() / "round/source.git").string() +
                                      "\"}\nrelease: {gates: []}\n");
    gitops.commit_all("Begin");
    gitops.git("clone --quiet --bare . '" + (folder_.path() / "gitops.git").string() + "'");
    begin();
  }

  /// Back to the beginning: no release, no tag.
  void begin() {
    const auto round = folder_.path() / "round";
    std::filesystem::remove_all(round);
    std::filesystem::create_directories(round);
    for (const char* name : {"source.git", "gitops.git"})
      std::filesystem::copy(folder_.path() / name, round / name, std::filesystem::copy_options::recursive);
    twin.remove_tag("v1.0.0");
    twin.server().forget();
  }

  Result<Receipt> release(const std::string& commit) {
    Client client({.gitops = (folder_.path() / "round/gitops.git").string(), .promoter = {.author = author()}});
    return client->release({.version = "1.0.0", .sha = commit});
  }

  const std::string& digest_of(const std::string& commit) const { return digest_of_[commit == first ? 0 : 1]; }
  std::string git_tag() const { return in("source.git", "rev-parse --quiet --verify 'v1.0.0^{commit}' || true"); }
  std::string values() const { return in("gitops.git", "show main:values/prod/service-demo.yaml"); }
  std::string commits() const { return in("gitops.git", "rev-list --count main"); }

  RegistryDouble twin;
  std::string first;
  std::string second;

 private:
  static Person author() { return must(Person::parse("Ada <ada@example.com>")); }
  std::string in(const std::string& repository, const std::string& arguments) const {
    return GitRepository::existing(folder_.path() / "round" / repository).git(arguments);
  }

  TempFolder folder_;
  std::string digest_of_[2];
};

}  // namespace samebits::test
