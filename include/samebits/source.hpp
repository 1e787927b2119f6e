#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/object_id.hpp>
#include <samebits/person.hpp>

namespace samebits {

/// How one commit stands to another.
enum class Ancestry { same, ancestor, descendant, diverged };

/// A Git tag, peeled to its commit.
struct GitTag {
  std::string name;
  CommitId commit;
  /// Empty where the tag is not annotated.
  std::string message = {};

  bool operator==(const GitTag&) const = default;
};

/// An annotated Git tag to be made.
struct NewGitTag {
  std::string name;
  CommitId commit;
  std::string message;
  Person tagger;
  Time time;
};

/// Port: the source repository of a service. Reports facts and decides nothing.
class Source {
 public:
  virtual ~Source() = default;
  /// For messages; holds no secret.
  virtual std::string location() const = 0;
  /// The commit that `branch` points to; `branch` empty: the HEAD branch. Nothing if there is none.
  /// Errors: repository_missing, unreachable, unsupported.
  virtual Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) = 0;
  /// How `left` stands to `right`: `ancestor` means that `left` is an ancestor of `right`.
  /// Nothing if one of the two is no commit of this repository.
  virtual Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) = 0;
  virtual Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) = 0;
  /// Annotated and plain tags, in no order.
  virtual Result<std::vector<GitTag>> list_tags(Context& context) = 0;
  /// The names of all tags, in no order: for who looks closer at few of them.
  virtual Result<std::vector<std::string>> tag_names(Context& context) {
    auto tags = list_tags(context);
    if (!tags) return std::move(tags).error();
    std::vector<std::string> names;
    for (GitTag& tag : *tags) names.push_back(std::move(tag.name));
    return names;
  }
  /// Makes the tag, only if no tag has that name.
  /// Errors: tag_exists if one has; commit_missing; outcome_unknown if the answer was lost.
  virtual Result<void> create_tag(Context& context, const NewGitTag& tag) = 0;
};

}  // namespace samebits
