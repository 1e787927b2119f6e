#pragma once

#include <memory>
#include <string>
#include <utility>

#include <samebits/adapters.hpp>
#include <samebits/client.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// A repository that is at a server by its address.
class RemoteGitOps final : public GitOps {
 public:
  RemoteGitOps(const std::string& folder, std::string location)
      : inner_(open_local_gitops(folder, "main")), location_(std::move(location)) {}
  std::string location() const override { return location_; }
  std::string branch() const override { return inner_->branch(); }
  Result<std::optional<CommitId>> tip(Context& context) override { return inner_->tip(context); }
  Result<std::optional<RepoFile>> read(Context& context, const CommitId& commit, const RepoPath& path) override {
    return inner_->read(context, commit, path);
  }
  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& id) override {
    return inner_->read_blob(context, id);
  }
  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& commit, const RepoPath& path) override {
    return inner_->list(context, commit, path);
  }
  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& commit) override {
    return inner_->commit_facts(context, commit);
  }
  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    return inner_->commit(context, commit);
  }

 private:
  std::unique_ptr<GitOps> inner_;
  std::string location_;
};

/// Commits a file to the branch main of a repository on disk.
inline void add_file(const std::string& repository, const std::string& file, const std::string& text) {
  Context context;
  const auto gitops = open_local_gitops(repository, "main");
  const auto tip = *must(gitops->tip(context));
  must(gitops->commit(context, {.expected_tip = tip,
                                .changes = {{.path = path(file), .bytes = text}},
                                .message = "Own",
                                .author = must(Person::parse("Ada <ada@example.com>")),
                                .time = {}}));
}

}  // namespace samebits::test
