#include <algorithm>

#include "bridge/bridge.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

Result<CommitFacts> read_facts(const Answer& answer, const Json& part) {
  SB_TRY(auto id, part_value<CommitId>(answer, part, "id"));
  SB_TRY(auto author, part_value<Person>(answer, part, "author"));
  SB_TRY(const auto time, part_time(answer, part, "time"));
  SB_TRY(auto message, part_text(answer, part, "message"));
  CommitFacts facts{.id = std::move(id), .parents = {}, .author = std::move(author), .time = time, .message = message};
  const Json* parents = part.find("parents");
  if (parents == nullptr || parents->array() == nullptr) return answer.bad("'parents' is no list");
  for (const Json& item : *parents->array()) {
    auto parent = CommitId::parse(item.string() != nullptr ? *item.string() : "");
    if (!parent) return answer.bad(parent.error().message);
    facts.parents.push_back(*std::move(parent));
  }
  return facts;
}

class BridgedGitOps final : public GitOps {
 public:
  BridgedGitOps(Questions questions, std::string location, std::string branch)
      : questions_(std::move(questions)), location_(std::move(location)), branch_(std::move(branch)) {}

  std::string location() const override { return location_; }
  std::string branch() const override { return branch_; }

  Result<std::optional<CommitId>> tip(Context& context) override {
    SB_TRY(const auto answer, ask(context, "tip", {}));
    return answer.value<CommitId>("commit");
  }

  Result<std::optional<RepoFile>> read(Context& context, const CommitId& at, const RepoPath& path) override {
    SB_TRY(auto answer, ask(context, "read", {{"at", at.str()}, {"path", path.str()}}));
    if (!answer.bytes()) return std::optional<RepoFile>();
    SB_TRY(auto blob, answer.value<BlobId>("blob"));
    if (!blob) return answer.bad("there are bytes and no 'blob'");
    return std::optional(RepoFile{.blob = *std::move(blob), .bytes = answer.take_bytes()});
  }

  Result<std::optional<std::string>> read_blob(Context& context, const BlobId& blob) override {
    SB_TRY(auto answer, ask(context, "read_blob", {{"blob", blob.str()}}));
    return answer.bytes();
  }

  Result<std::vector<RepoEntry>> list(Context& context, const CommitId& at, const RepoPath& folder) override {
    SB_TRY(const auto answer, ask(context, "list", {{"at", at.str()}, {"folder", folder.str()}}));
    SB_TRY(const auto items, answer.list("entries"));
    std::vector<RepoEntry> entries;
    for (const Json& item : items) {
      SB_TRY(auto path, part_value<RepoPath>(answer, item, "path"));
      SB_TRY(auto blob, part_value<BlobId>(answer, item, "blob"));
      entries.push_back({.path = std::move(path), .blob = std::move(blob)});
    }
    std::sort(entries.begin(), entries.end(),
              [](const RepoEntry& left, const RepoEntry& right) { return left.path < right.path; });
    return entries;
  }

  Result<std::optional<CommitFacts>> commit_facts(Context& context, const CommitId& id) override {
    SB_TRY(const auto answer, ask(context, "commit_facts", {{"commit", id.str()}}));
    const Json* part = answer.find("facts");
    if (part == nullptr) return std::optional<CommitFacts>();
    SB_TRY(auto facts, read_facts(answer, *part));
    return std::optional(std::move(facts));
  }

  Result<CommitId> commit(Context& context, const NewCommit& commit) override {
    Json::Array changes;
    std::vector<std::string_view> inputs;
    for (const FileChange& change : commit.changes) {
      Json part;
      part.add("path", change.path.str());
      if (change.bytes) {
        part.add("input", static_cast<std::int64_t>(inputs.size()));
        inputs.emplace_back(*change.bytes);
      }
      changes.push_back(std::move(part));
    }
    SB_TRY(const auto answer, ask(context, "commit",
                                  {{"expectedTip", commit.expected_tip ? Json(commit.expected_tip->str()) : Json()},
                                   {"changes", std::move(changes)},
                                   {"message", commit.message},
                                   {"author", commit.author.str()},
                                   {"time", format_time(commit.time)}},
                                  std::move(inputs)));
    SB_TRY(auto made, answer.value<CommitId>("commit"));
    if (!made) return answer.bad("'commit' is missing");
    return *std::move(made);
  }

 private:
  Result<Answer> ask(Context& context, std::string_view operation, Json::Object members,
                     std::vector<std::string_view> inputs = {}) {
    return questions_.ask(context, operation, Json(std::move(members)), std::move(inputs));
  }

  Questions questions_;
  std::string location_;
  std::string branch_;
};

}  // namespace

std::unique_ptr<GitOps> make_gitops(PortCall call, std::string location, std::string branch) {
  return std::make_unique<BridgedGitOps>(Questions("gitops", "", std::move(call)), std::move(location),
                                         std::move(branch));
}

}  // namespace samebits::bridge
