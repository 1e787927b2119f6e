#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision.hpp"
#include "core/gates.hpp"
#include "support/must.hpp"

namespace samebits::test {

/// Commits are named by one character: '1' to '9' are main in this order, 'a' to 'd' stand on other lines, 'e' and 'f'
/// are in no repository.
inline CommitId commit(char name) { return commit_id(std::string(40, name)); }
inline Digest digest(char name) { return must(Digest::parse("sha256:" + std::string(64, name))); }
inline BlobId blob(std::string_view text) { return must(BlobId::parse(text)); }
inline std::string snapshot(char name) { return "main-" + std::string(40, name); }

/// What is true, as facts built by hand. `decide` gives `plan` what it asks for, and only that: what nothing was said
/// about is absent. The image of a snapshot or pull request has the digest of its commit's name.
class PlanWorld {
 public:
  explicit PlanWorld(std::string_view yaml = {});

  Pipeline pipeline;
  /// What is true.
  Facts truth;
  /// What was asked for by the last `decide`.
  Facts facts;
  int rounds = 0;

  Target target(std::string_view environment, std::string_view service = "api") const {
    return {.environment = std::string(environment), .service = std::string(service)};
  }
  /// The values file as a person wrote it, its `image.tag` being `tag`; nothing recorded.
  PlanWorld& has(std::string_view environment, std::string_view tag, std::string_view service = "api");
  /// Values and record of a promotion on top of the record that is there.
  PlanWorld& runs(std::string_view environment, std::string_view tag, char bits, std::string_view operation = "promote",
                  std::string_view service = "api");
  PlanWorld& image(std::string_view tag, char bits, std::string_view service = "api");
  PlanWorld& no_image(std::string_view tag);
  /// The Git tag of a release of `service`.
  PlanWorld& git_tag(std::string_view name, char at, char bits, std::string_view service = "api");
  PlanWorld& evidence(char about, EvidenceItem item);
  /// Both default gates pass for the commit.
  PlanWorld& passes(char about);

  /// Facts, round by round, until there is a decision.
  Result<Decision> decide(const Intent& intent);
  /// `decide` in one word: the refusal's code, or the actions of the targets.
  std::string outcome(const Intent& intent);
  /// Puts the answer of one need into `facts`.
  void answer(const Need& need);

 private:
  Known<Ancestry> ancestry(std::string_view left, std::string_view right) const;
  int records_ = 0;
};

std::string actions(const Decision& decision);

/// Gives it another record, with something edited.
void change(StoredRecord& stored, const std::function<void(Record&)>& edit);

Intent promote(char at, std::string_view environment = "preprod");
Intent release(std::string_view version, char at = 0);
Intent rollback(std::string_view target, std::string_view to);
Intent preview_up(std::uint64_t number, char at);
Intent preview_down(std::uint64_t number);
Intent gate_post(std::string_view gate, char about);
Intent adopting(Intent intent);

EvidenceItem evidence_item(std::string_view gate, std::string_view conclusion, char bits = 0,
                           std::string_view environment = "preprod");

}  // namespace samebits::test
