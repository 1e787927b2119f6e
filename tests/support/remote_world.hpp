#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <samebits/adapters.hpp>

#include "servers/git_http_server.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

/// A repository with one commit, behind a server.
struct RemoteWorld {
  TempFolder folder;
  GitRepository repository = GitRepository::bare(folder.path() / "gitops.git");
  GitHttpServer server{folder.path()};
  Context context;

  RemoteWorld() {
    const GitRepository work = GitRepository::with_work_tree(folder.path() / "work");
    work.write("samebits.yaml", "apiVersion: samebits/v1\n");
    for (const char* environment : {"prod", "dev", "preprod"})
      for (int service = 0; service < 40; ++service) {
        const std::string name = std::to_string(service);
        work.write(std::string("values/") + environment + "/s" + name + ".yaml", "tag: v1\nname: " + name + "\n");
        work.write(std::string(".samebits/") + environment + "/s" + name + ".json",
                   "{\"tag\": \"v1\", \"of\": " + name + "}\n");
        work.write("apps/s" + name + "/envs/" + environment + "/values.yaml", "tag: v1\nof: " + name + "\n");
      }
    work.commit_all("First");
    work.git("push --quiet " + repository.location() + " main");
  }

  NewCommit change(const CommitId& tip, std::string_view file, std::string bytes) const {
    return {.expected_tip = tip,
            .changes = {{.path = path(file), .bytes = std::move(bytes)}},
            .message = "Change",
            .author = {},
            .time = system_clock().now()};
  }
  void hook(const std::string& name, const std::string& text) const {
    repository.write("hooks/" + name, "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(repository.folder() / "hooks" / name, std::filesystem::perms::all);
  }
};

}  // namespace samebits::test
