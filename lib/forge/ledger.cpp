#include <algorithm>
#include <random>

#include <fmt/format.h>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/ledger_line.hpp"

namespace samebits::ledger {
namespace {

/// One file of the ledger at one commit.
struct LedgerFile {
  std::optional<CommitId> tip;
  std::string bytes;
};

/// True where `record` says what `posted` would say.
bool says_the_same(const EvidenceItem& record, const EvidenceItem& posted) {
  return record.conclusion == posted.conclusion && record.environment == posted.environment &&
         record.producer == posted.producer && record.url == posted.url && record.summary == posted.summary;
}

class Ledger final : public Evidence {
 public:
  Ledger(GitOps& gitops, Clock& clock, std::string_view service, Person author)
      : gitops_(gitops), clock_(clock), service_(service), author_(std::move(author)) {}

  std::string location() const override { return gitops_.location() + "#" + gitops_.branch(); }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    SB_TRY(const RepoPath path, path_of(commit));
    SB_TRY(const LedgerFile file, read(context, path));
    return parse_lines(file.bytes, path, {.service = service_, .commit = commit.str()});
  }

  /// Where the answer to a write was lost, the next attempt finds its own line and gives that one.
  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    SB_CHECK(require_postable(evidence));
    SB_TRY(const RepoPath path, path_of(commit));
    constexpr int most_attempts = 32;
    for (int attempt = 1;; ++attempt) {
      auto posted = post_once(context, commit, path, evidence);
      if (posted || attempt == most_attempts) return posted;
      if (posted.error().code != ErrorCode::lost_race && !posted.error().outcome_unknown) return posted;
      SB_CHECK(clock_.pause(context, jitter(attempt)));
    }
  }

 private:
  static Result<void> require_postable(const NewEvidence& evidence) {
    if (evidence.gate.empty() || evidence.conclusion.empty())
      return Error{
          .code = ErrorCode::bad_request, .message = "evidence needs a gate and a conclusion", .hint = "name both"};
    for (const std::string* text :
         {&evidence.gate, &evidence.conclusion, &evidence.environment, &evidence.url, &evidence.summary})
      if (!is_valid_utf8(*text))
        return Error{.code = ErrorCode::bad_request,
                     .message = fmt::format("'{}' is not valid UTF-8", printable(*text)),
                     .hint = "evidence is recorded as UTF-8 text"};
    return {};
  }

  static std::chrono::milliseconds jitter(int attempt) {
    std::random_device source;
    return std::chrono::milliseconds(std::uniform_int_distribution(1, std::min(4 * attempt, 60))(source));
  }

  Result<RepoPath> path_of(const CommitId& commit) const {
    return RepoPath::parse(fmt::format("gates/{}/{}/{}.jsonl", service_, commit.str().substr(0, 2), commit));
  }

  Result<LedgerFile> read(Context& context, const RepoPath& path) {
    SB_TRY(auto tip, gitops_.tip(context));
    if (!tip) return LedgerFile{};
    SB_TRY(auto file, gitops_.read(context, *tip, path));
    return LedgerFile{.tip = std::move(tip), .bytes = file ? std::move(file->bytes) : std::string()};
  }

  Result<EvidenceItem> post_once(Context& context, const CommitId& commit, const RepoPath& path,
                                 const NewEvidence& evidence) {
    SB_TRY(LedgerFile file, read(context, path));
    const LineOwner owner{.service = service_, .commit = commit.str()};
    EvidenceItem posted{.id = {},
                        .gate = evidence.gate,
                        .conclusion = evidence.conclusion,
                        .digest = evidence.digest,
                        .environment = evidence.environment,
                        .producer = author_.str(),
                        .url = evidence.url,
                        .summary = evidence.summary,
                        .time = evidence.time};
    const EvidenceList known = parse_lines(file.bytes, path, owner);
    const auto newest = std::find_if(known.items.rbegin(), known.items.rend(), [&](const EvidenceItem& item) {
      return item.gate == posted.gate && item.digest == posted.digest;
    });
    if (newest != known.items.rend() && says_the_same(*newest, posted)) return *newest;
    const std::string line = line_of(posted, owner);
    if (!file.bytes.empty() && !file.bytes.ends_with('\n')) file.bytes += '\n';
    posted.id = line_id(static_cast<std::size_t>(std::count(file.bytes.begin(), file.bytes.end(), '\n')) + 1, line);
    SB_TRY(const CommitId made, gitops_.commit(context, commit_of(std::move(file), path, line, commit, evidence)));
    context.note(LogLevel::debug, fmt::format("the ledger's commit is {}", made));
    return posted;
  }

  NewCommit commit_of(LedgerFile file, const RepoPath& path, const std::string& line, const CommitId& commit,
                      const NewEvidence& evidence) const {
    return NewCommit{.expected_tip = std::move(file.tip),
                     .changes = {{.path = path, .bytes = std::move(file.bytes) + line + "\n"}},
                     .message = fmt::format("Record gate {} {} for {}\n", printable(evidence.gate),
                                            printable(evidence.conclusion), commit),
                     .author = author_,
                     .time = evidence.time};
  }

  GitOps& gitops_;
  Clock& clock_;
  std::string service_;
  Person author_;
};

}  // namespace
}  // namespace samebits::ledger

namespace samebits {

std::unique_ptr<Evidence> open_ledger(GitOps& gitops, Clock& clock, std::string_view service, Person author) {
  return std::make_unique<ledger::Ledger>(gitops, clock, service, std::move(author));
}

}  // namespace samebits
