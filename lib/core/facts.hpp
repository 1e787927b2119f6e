#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <samebits/changes.hpp>
#include <samebits/evidence.hpp>
#include <samebits/known.hpp>
#include <samebits/record.hpp>
#include <samebits/releases.hpp>
#include <samebits/source.hpp>

#include "core/target.hpp"

namespace samebits {

/// The values file of a target as it is at the tip.
struct ValuesFacts {
  BlobId blob;
  /// Why nothing can be read from it, where that is so.
  std::optional<Error> broken = {};
  /// The text at the path of every write; nothing where the key is missing.
  std::map<std::string, std::optional<std::string>> texts = {};

  /// Null where the key is missing.
  const std::string* text_at(const std::string& path) const;
};

/// A record and the blob that holds it.
struct StoredRecord {
  BlobId blob;
  /// Never null; shared, since facts are handed on.
  std::shared_ptr<const Record> record;
};

/// What a forge says of the merge that made a commit.
struct ApprovalFacts {
  /// False where the source has no forge: then nothing else is said.
  bool has_forge = false;
  /// The protected branch.
  std::string branch = {};
  /// The pull request whose merge is the commit.
  std::optional<PullRequest> change = {};
  /// Oldest first.
  std::vector<Review> reviews = {};
};

/// What a forge says of one version's release.
struct ReleaseFacts {
  /// False where the source has no forge, or one without releases.
  bool has_releases = false;
  std::optional<ForgeRelease> release = {};
};

/// Something that `plan` must know before it can decide.
struct Need {
  enum class Kind {
    values,
    record,
    chain,
    template_file,
    main_tip,
    ancestry,
    git_tag,
    image,
    evidence,
    approval,
    forge_release
  };
  Kind kind;
  /// `values`, `record`, `chain`, `template_file`: the target. Others: its service alone.
  Target target;
  /// The tag, the tag's name, or a commit.
  std::string subject = {};
  /// `ancestry`: the commit on the right.
  std::string other = {};

  auto operator<=>(const Need&) const = default;
};
using Needs = std::set<Need>;

/// What the ports observed. An entry that is not there was not fetched.
struct Facts {
  std::optional<CommitId> tip = {};
  std::optional<BlobId> policy = {};
  std::map<Target, Known<ValuesFacts>> values = {};
  std::map<Target, Known<StoredRecord>> records = {};
  /// Newest first, the record at the tip included.
  std::map<Target, std::vector<StoredRecord>> chains = {};
  std::map<Target, Known<BlobId>> templates = {};
  std::map<std::string, Known<CommitId>> main_tips = {};
  /// (service, left, right) to how left stands to right; absent: one of them is not in the source.
  std::map<std::tuple<std::string, std::string, std::string>, Known<Ancestry>> ancestries = {};
  std::map<std::pair<std::string, std::string>, Known<GitTag>> git_tags = {};
  std::map<std::pair<std::string, std::string>, Known<Digest>> images = {};
  /// A source that could not be read is a verdict of its gates, not the end of the operation.
  std::map<std::pair<std::string, std::string>, Result<EvidenceList>> evidence = {};
  std::map<std::pair<std::string, std::string>, Result<ApprovalFacts>> approvals = {};
  std::map<std::pair<std::string, std::string>, ReleaseFacts> forge_releases = {};
};

/// Reads facts for a rule and notes what is missing. A rule asks for all that it can name, then stops while
/// `incomplete()`; after that every fact it asked for is there.
class FactReader {
 public:
  explicit FactReader(const Facts& facts) : facts_(facts) {}

  void want(const Need& need);
  bool incomplete() const noexcept { return !needs_.empty(); }
  const Needs& needs() const noexcept { return needs_; }

  const Known<ValuesFacts>& values(const Target& target) const { return facts_.values.at(target); }
  const Known<StoredRecord>& record(const Target& target) const { return facts_.records.at(target); }
  const std::vector<StoredRecord>& chain(const Target& target) const { return facts_.chains.at(target); }
  const Known<BlobId>& template_file(const Target& target) const { return facts_.templates.at(target); }
  const Known<CommitId>& main_tip(const std::string& service) const { return facts_.main_tips.at(service); }
  const Known<Ancestry>& ancestry(const std::string& service, const CommitId& left, const CommitId& right) const {
    return facts_.ancestries.at({service, left.str(), right.str()});
  }
  const Known<GitTag>& git_tag(const std::string& service, const std::string& name) const {
    return facts_.git_tags.at({service, name});
  }
  const Known<Digest>& image(const std::string& service, const std::string& tag) const {
    return facts_.images.at({service, tag});
  }
  const Result<EvidenceList>& evidence(const std::string& service, const CommitId& commit) const {
    return facts_.evidence.at({service, commit.str()});
  }
  const Result<ApprovalFacts>& approval(const std::string& service, const CommitId& commit) const {
    return facts_.approvals.at({service, commit.str()});
  }
  const ReleaseFacts& forge_release(const std::string& service, const std::string& tag) const {
    return facts_.forge_releases.at({service, tag});
  }

 private:
  bool has(const Need& need) const;
  const Facts& facts_;
  Needs needs_;
};

/// Shorthands for the needs of one service or target.
Need need_image(const Service& service, std::string_view tag);
Need need_main_tip(const Service& service);
Need need_ancestry(const Service& service, const CommitId& left, const CommitId& right);
Need need_git_tag(const Service& service, std::string_view name);
Need need_evidence(const Service& service, const CommitId& commit);
Need need_approval(const Service& service, const CommitId& commit);
Need need_forge_release(const Service& service, std::string_view tag);

}  // namespace samebits
