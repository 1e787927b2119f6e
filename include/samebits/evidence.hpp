#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/digest.hpp>
#include <samebits/error.hpp>
#include <samebits/object_id.hpp>

namespace samebits {

/// What a statement is. Names of one kind say nothing of the other kinds.
enum class EvidenceKind { record, check, status };

/// The run of a forge's own workflow that a check belongs to, in its newest attempt.
struct EvidenceRun {
  /// Path of the file in the repository.
  std::string workflow;
  /// `push`, `pull_request`, ...
  std::string event = {};
  std::string branch = {};
  std::optional<CommitId> commit = {};
  /// False where the code came from a fork.
  bool own_repository = false;
  std::int64_t attempt = 1;
  /// Empty while it runs.
  std::string conclusion = {};

  bool operator==(const EvidenceRun&) const = default;
};

/// One statement about a commit: what a gate is judged by. Text fields are untrusted.
struct EvidenceItem {
  /// Stable and unique within its source.
  std::string id;
  /// The gate (ledger) or the check (forge) that it is for.
  std::string gate;
  /// `success`, `failure`, `cancelled`, ... as its producer said it.
  std::string conclusion;
  std::optional<Digest> digest = {};
  /// Where the judged image ran.
  std::string environment = {};
  std::string producer = {};
  /// True where the producer's identity was proven.
  bool verified = false;
  std::string url = {};
  std::string summary = {};
  std::optional<Time> time = {};
  EvidenceKind kind = EvidenceKind::record;
  /// False for a check that still runs: `conclusion` is its state then.
  bool completed = true;
  /// Who made it, as the forge proves it: of a check the app's name and number, of a status the account's name.
  std::string app = {};
  std::string app_id = {};
  /// The commit that the forge says it is about.
  std::optional<CommitId> commit = {};
  /// True where a workflow of the forge itself may have made it: whoever may write may also make such workflows.
  bool by_workflow = false;
  /// Checks of one group that began together are parallel jobs.
  std::string group = {};
  std::string started = {};
  std::optional<EvidenceRun> run = {};

  bool operator==(const EvidenceItem&) const = default;
};

/// What a source of evidence can tell.
struct EvidenceCapabilities {
  /// Evidence is the forge's; otherwise it is that of a ledger, under the names of gates.
  bool forge = false;
  bool checks = false;
  bool statuses = false;

  bool operator==(const EvidenceCapabilities&) const = default;
};

/// What was found for one commit, oldest first, and what could not be read.
struct EvidenceList {
  std::vector<EvidenceItem> items;
  /// For people: lines that were ignored and why.
  std::vector<std::string> ignored = {};
  EvidenceCapabilities can = {};
  /// The protected branch, where a run names one to compare it with.
  std::string branch = {};
  /// Why the runs of workflows are not known: of no concern to a gate that pins none.
  std::optional<Error> without_runs = {};
};

/// Evidence to be recorded.
struct NewEvidence {
  std::string gate;
  std::string conclusion;
  std::optional<Digest> digest = {};
  std::string environment = {};
  std::string producer = {};
  std::string url = {};
  std::string summary = {};
  Time time = {};
  EvidenceKind kind = EvidenceKind::record;
  /// Whose evidence the gate takes at a forge, as `is_by()` reads it; empty: anybody's. What another producer said does
  /// not stand for it.
  std::string app = {};
};

/// True where `producer`, the name or the number of an app or the name of an account, is who made it. Digits are a
/// number, and never a name that somebody chose to look like it.
bool is_by(const EvidenceItem& item, std::string_view producer) noexcept;

/// Port: gate evidence of the commits of one service. Reports facts and decides nothing.
class Evidence {
 public:
  virtual ~Evidence() = default;
  virtual std::string location() const = 0;
  virtual Result<EvidenceList> list(Context& context, const CommitId& commit) = 0;
  /// At least what is of one of `kinds`.
  virtual Result<EvidenceList> list_of(Context& context, const CommitId& commit, std::span<const EvidenceKind> kinds) {
    (void)kinds;
    return list(context, commit);
  }
  /// Records it; where the newest record of that gate, digest and producer says the same already, gives that one.
  /// Errors: lost_race, branch_checked_out, permission_missing, outcome_unknown.
  virtual Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) = 0;
  /// True where these credentials may post evidence of `kind`, false where that cannot be known; nothing is posted.
  /// Errors: permission_missing where they may not.
  virtual Result<bool> may_post(Context& context, const CommitId& commit, EvidenceKind kind) {
    (void)context, (void)commit, (void)kind;
    return false;
  }
};

}  // namespace samebits
