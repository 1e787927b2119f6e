#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/digest.hpp>
#include <samebits/object_id.hpp>

namespace samebits {

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

  bool operator==(const EvidenceItem&) const = default;
};

/// What was found for one commit, oldest first, and what could not be read.
struct EvidenceList {
  std::vector<EvidenceItem> items;
  /// For people: lines that were ignored and why.
  std::vector<std::string> ignored = {};
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
};

/// Port: gate evidence of the commits of one service. Reports facts and decides nothing.
class Evidence {
 public:
  virtual ~Evidence() = default;
  virtual std::string location() const = 0;
  virtual Result<EvidenceList> list(Context& context, const CommitId& commit) = 0;
  /// Records it; where the newest record of that gate and digest says the same already, gives that one.
  /// Errors: lost_race, branch_checked_out, permission_missing, outcome_unknown.
  virtual Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) = 0;
};

}  // namespace samebits
