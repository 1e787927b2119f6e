#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/object_id.hpp>
#include <samebits/result.hpp>

namespace samebits {

struct Context;

/// A release as its forge has it. Text fields are untrusted.
struct ForgeRelease {
  /// The forge's own number.
  std::string id;
  /// The Git tag.
  std::string tag;
  /// What the forge would tag if the tag were missing: a commit or a branch.
  std::string target = {};
  std::string title = {};
  std::string notes = {};
  bool draft = false;
  bool pre_release = false;
  std::string url = {};

  bool operator==(const ForgeRelease&) const = default;
};

/// A release to be made, of a Git tag that is there.
struct NewForgeRelease {
  std::string tag;
  CommitId commit;
  std::string title;
  std::string notes = {};
  bool pre_release = false;
  /// Whether the forge may show it as its newest.
  bool latest = true;
};

/// Port: releases of a forge. Reports facts and decides nothing.
class Releases {
 public:
  virtual ~Releases() = default;
  /// For messages; holds no secret.
  virtual std::string location() const = 0;
  /// The published release of the tag, else a draft of it that may be seen; nothing if there is neither.
  virtual Result<std::optional<ForgeRelease>> find(Context& context, std::string_view tag) = 0;
  /// What a forge says of the changes from `previous` (a tag; empty: it chooses) to `commit`; may be empty.
  virtual Result<std::string> notes(Context& context, std::string_view tag, const CommitId& commit,
                                    std::string_view previous) = 0;
  /// Errors: tag_exists if one has that tag, or had it for ever; permission_missing; outcome_unknown if the answer was
  /// lost.
  virtual Result<ForgeRelease> create(Context& context, const NewForgeRelease& release) = 0;
  /// Publishes a draft as `release` says. Errors: as `create`.
  virtual Result<ForgeRelease> publish(Context& context, std::string_view id, const NewForgeRelease& release) = 0;
};

}  // namespace samebits
