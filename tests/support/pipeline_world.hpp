#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/samebits.hpp>

#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

/// A whole pipeline of real parts in one folder: `source.git` with a first commit on main, `images/SERVICE` (image
/// layouts) and `gitops.git` with what `samebits init` writes. Several services share the source.
class PipelineWorld {
 public:
  struct Options {
    std::vector<std::string> services = {"api"};
    /// More lines of samebits.yaml.
    std::string more = {};
  };
  PipelineWorld() : PipelineWorld(Options{}) {}
  explicit PipelineWorld(const Options& options);
  /// The same bytes in a folder of their own.
  PipelineWorld(const PipelineWorld& other);
  PipelineWorld& operator=(const PipelineWorld&) = delete;

  std::filesystem::path root() const { return folder_.path(); }
  const GitRepository& source() const noexcept { return source_; }
  const GitRepository& gitops() const noexcept { return gitops_; }
  std::filesystem::path layout(std::string_view service = "api") const { return root() / "images" / service; }

  /// A commit on main after the last one, not yet built.
  CommitId merge();
  /// A commit on main with an image of each service.
  CommitId merge_and_build();
  /// A commit on a branch of its own, above main or above `parent`.
  CommitId push_branch(std::string_view branch, const std::optional<CommitId>& parent = {});
  Digest build(std::string_view tag, std::string_view content, std::string_view service = "api");
  static std::string snapshot(const CommitId& commit) { return "main-" + commit.str(); }

  ClientOptions options() const;
  /// A new client, as another process would have.
  Client client() const { return Client(options()); }
  /// Its tip.
  CommitId tip() const;
  std::string file(std::string_view path) const { return gitops_.git("show main:" + std::string(path)); }
  /// Commits to the GitOps repository as a person would.
  CommitId write_by_hand(std::string_view path, std::optional<std::string> bytes);
  /// What `values/ENVIRONMENT/SERVICE.yaml` has as its tag.
  std::string tag_in(std::string_view environment, std::string_view service = "api") const;

  /// A commit that ran in preprod with its gate passed: all that a release needs.
  CommitId make_releasable();
  /// Posts the gate of a release for what preprod runs.
  void pass_gate(const CommitId& commit, std::string_view service = "api");

  /// References of both repositories and the bytes of every file of the layouts: equal where nothing was written.
  std::string fingerprint() const;
  /// What each GitOps commit changed and says, the tags, the evidence and the images, without times and what rests on
  /// them: equal where two runs came to the same.
  std::string outcome() const;
  /// Both repositories by `git fsck --strict`; empty where they are healthy.
  std::string fsck() const { return gitops_.fsck() + source_.fsck(); }

 private:
  TempFolder folder_{memory_folder()};
  std::vector<std::string> services_;
  GitRepository source_;
  GitRepository gitops_;
  int commits_ = 0;
};

/// `result` is that refusal or error, and nothing was written by it.
#define CHECK_REFUSED(world, expression, wanted)          \
  do {                                                    \
    const std::string before_ = (world).fingerprint();    \
    const auto refused_ = (expression);                   \
    CHECK(samebits::test::code_of(refused_) == (wanted)); \
    CHECK((world).fingerprint() == before_);              \
  } while (false)

}  // namespace samebits::test
