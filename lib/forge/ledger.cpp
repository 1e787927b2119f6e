#include <algorithm>
#include <random>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

constexpr int max_attempts = 100;

struct ReadLedger {
  std::optional<CommitId> tip;
  std::string bytes;
  EvidenceList evidence;
};

std::string evidence_line(const CommitId& commit, std::string_view service, const NewEvidence& evidence) {
  Json line;
  line.add("gate", evidence.gate);
  line.add("service", service);
  line.add("commit", commit.str());
  line.add("digest", evidence.digest ? Json(evidence.digest->str()) : Json());
  line.add("conclusion", evidence.conclusion);
  if (!evidence.environment.empty()) line.add("environment", evidence.environment);
  line.add("producer", evidence.producer);
  if (!evidence.url.empty()) line.add("url", evidence.url);
  if (!evidence.summary.empty()) line.add("summary", evidence.summary);
  line.add("time", format_time(evidence.time));
  return write_json(line);
}

/// Why a line does not count; empty if it does.
std::string reason_to_ignore(const Json& line, std::string_view service, const CommitId& commit) {
  if (line.text("service") != service) return "it is about another service";
  if (line.text("commit") != commit.str()) return "it is about another commit";
  if (line.text("gate").empty()) return "it names no gate";
  if (line.text("conclusion").empty()) return "it has no conclusion";
  const Json* digest = line.find("digest");
  if (digest != nullptr && !digest->is_null() && !Digest::parse(line.text("digest"))) return "its digest is none";
  return {};
}

EvidenceItem to_item(const Json& line, std::string id) {
  EvidenceItem item{.id = std::move(id),
                    .gate = line.text("gate"),
                    .conclusion = line.text("conclusion"),
                    .environment = line.text("environment"),
                    .producer = printable(line.text("producer")),
                    .url = printable(line.text("url"), 2000),
                    .summary = printable(line.text("summary"), 2000)};
  if (auto digest = Digest::parse(line.text("digest"))) item.digest = *std::move(digest);
  if (auto time = parse_time(line.text("time"))) item.time = *time;
  return item;
}

bool says_the_same(const EvidenceItem& item, const NewEvidence& evidence) {
  return item.conclusion == evidence.conclusion && item.environment == evidence.environment &&
         item.url == evidence.url && item.summary == evidence.summary;
}

/// A branch of a Git repository with one file of JSON lines a commit; line order is the order.
class Ledger final : public Evidence {
 public:
  Ledger(GitOps& gitops, Clock& clock, std::string_view service, Person author)
      : gitops_(gitops), clock_(clock), service_(service), author_(std::move(author)) {}

  std::string location() const override { return gitops_.location() + " (branch " + gitops_.branch() + ")"; }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    SB_TRY(auto read, read_ledger(context, commit));
    return std::move(read.evidence);
  }

  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    for (int attempt = 0;; ++attempt) {
      SB_TRY(const auto read, read_ledger(context, commit));
      if (const EvidenceItem* newest = newest_of(read.evidence, evidence); newest != nullptr && says_the_same(*newest, evidence))
        return *newest;
      auto appended = append(context, commit, evidence, read);
      if (appended || appended.error().code != ErrorCode::lost_race || attempt == max_attempts) return appended;
      const int ceiling = 1 << std::min(attempt + 1, 7);
      SB_CHECK(clock_.pause(context, std::chrono::milliseconds(std::uniform_int_distribution(0, ceiling)(random_))));
    }
  }

 private:
  Result<RepoPath> path_of(const CommitId& commit) const {
    return RepoPath::parse(fmt::format("gates/{}/{}/{}.jsonl", service_, commit.str().substr(0, 2), commit));
  }

  Result<ReadLedger> read_ledger(Context& context, const CommitId& commit) {
    ReadLedger read;
    SB_TRY(read.tip, gitops_.tip(context));
    if (!read.tip) return read;
    SB_TRY(const auto path, path_of(commit));
    SB_TRY(const auto file, gitops_.read(context, *read.tip, path));
    if (!file) return read;
    read.bytes = file->bytes;
    parse_lines(path, commit, read);
    return read;
  }

  void parse_lines(const RepoPath& path, const CommitId& commit, ReadLedger& read) const {
    std::size_t number = 0;
    for (const std::string_view text : split(read.bytes, '\n')) {
      ++number;
      if (text.empty()) continue;
      const auto line = parse_json(text, "the line");
      std::string reason = line ? reason_to_ignore(*line, service_, commit) : line.error().message;
      if (reason.empty()) {
        read.evidence.items.push_back(to_item(*line, sha256_hex(fmt::format("{}:{}", number, text))));
      } else {
        read.evidence.ignored.push_back(fmt::format("{}:{}: ignored, since {}", path, number, reason));
      }
    }
  }

  static const EvidenceItem* newest_of(const EvidenceList& list, const NewEvidence& evidence) {
    const auto found = std::find_if(list.items.rbegin(), list.items.rend(), [&](const EvidenceItem& item) {
      return item.gate == evidence.gate && item.digest == evidence.digest;
    });
    return found == list.items.rend() ? nullptr : &*found;
  }

  Result<EvidenceItem> append(Context& context, const CommitId& commit, const NewEvidence& evidence,
                              const ReadLedger& read) {
    NewEvidence signed_evidence = evidence;
    signed_evidence.producer = author_.str();
    const std::string line = evidence_line(commit, service_, signed_evidence);
    std::string bytes = read.bytes;
    if (!bytes.empty() && bytes.back() != '\n') bytes += '\n';
    const auto number = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
    bytes += line + "\n";
    SB_TRY(const auto path, path_of(commit));
    SB_TRY(const auto made, gitops_.commit(context, {.expected_tip = read.tip,
                                                     .changes = {{.path = path, .bytes = bytes}},
                                                     .message = fmt::format("Record {} of gate {} for {} {}",
                                                                            evidence.conclusion, evidence.gate, service_,
                                                                            commit.brief()),
                                                     .author = author_,
                                                     .time = evidence.time}));
    context.note(LogLevel::debug, fmt::format("the ledger is at {}", made));
    SB_TRY(const Json parsed, parse_json(line, "the line"));
    return to_item(parsed, sha256_hex(fmt::format("{}:{}", number, line)));
  }

  GitOps& gitops_;
  Clock& clock_;
  std::string service_;
  Person author_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

std::unique_ptr<Evidence> open_ledger(GitOps& gitops, Clock& clock, std::string_view service, Person author) {
  return std::make_unique<Ledger>(gitops, clock, service, std::move(author));
}

}  // namespace samebits
