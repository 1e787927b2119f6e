#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/image_ref.hpp>
#include <samebits/repo_path.hpp>
#include <samebits/rollout.hpp>

namespace samebits {

/// How a revision of the GitOps repository stands to what is wanted of an environment.
enum class Standing {
  /// The repository has no such commit.
  unknown,
  /// Older: it has not what is wanted yet.
  before,
  /// It has it: the commit that made it so, or a later one that left it alone.
  wanted,
  /// Later, and it has something else.
  superseded,
};

/// By revision.
using Standings = std::map<std::string, Standing>;

/// The image that an environment is to run.
struct RolloutWant {
  ImageRepo image;
  std::string tag;
  std::optional<Digest> digest = {};
};

struct RolloutVerdict {
  RolloutState state = RolloutState::not_observed;
  std::string message = {};
};

/// A repository's address such that its usual spellings are equal: scheme, user, `.git` and the host's case do not
/// count.
std::string normal_repository(std::string_view address);

/// The source of the application that `values_file` of `repository` is read from; nothing where none is.
std::optional<std::size_t> find_gitops_source(const ApplicationFacts& application, std::string_view repository,
                                              const RepoPath& values_file);
/// That source's revision in a list that is in the order of the sources; empty where it is not there.
std::string revision_at(const std::vector<std::string>& revisions, std::size_t source);
/// The revisions of that source that the verdict rests on, each once.
std::vector<std::string> revisions_to_know(const ApplicationFacts& application, std::size_t source);

/// The live images of the service's repository: those that are as wanted, and others.
struct LiveImages {
  std::vector<std::string> wanted = {};
  std::vector<std::string> others = {};
};
LiveImages live_images(const ApplicationFacts& application, const RolloutWant& want);

/// How far the application is. Pure; times are compared with the reconciler's own alone.
/// ```
/// deleting > error > not_observed, comparing, superseded > syncing, other_operation, retrying_older
///          > (out of sync) failed, syncing, blocked, awaiting_sync > settling > progressing, degraded, suspended
///          > settling (images) > healthy
/// ```
RolloutVerdict judge_rollout(const ApplicationFacts& application, std::optional<std::size_t> source,
                             const RolloutWant& want, const Standings& standings);

/// Whether the application's own times show that it has been healthy for `hold` already.
bool has_held(const ApplicationFacts& application, std::chrono::seconds hold);

}  // namespace samebits
