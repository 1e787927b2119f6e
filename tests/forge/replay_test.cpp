// Exchanges with a forge as it words them, one file a case: what is called, each request that is made of it, the answer
// that comes, and what the call gives. `$`, `<` and `#` are read; `>` and `=` are what must come of it.
// ```
// $ branch-tip main
// > GET /api/v3/repos/acme/demo/git/ref/heads/main     target, and the body in the next line
// < 301 [cut]                                          status; cut: the connection ends inside of the body
// < Location: <server>/api/v3/repositories/1000/git/ref/heads/main
// <
// < {"message": "Moved Permanently"}
// = unreachable: what is wrong | what to do
// ```
// With SAMEBITS_UPDATE_GOLDEN=1 the files are rewritten.
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "core/text.hpp"
#include "forge/gitea.hpp"
#include "forge/github.hpp"
#include "http/client.hpp"
#include "servers/loopback_server.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// One moment, and no waiting.
class StandingClock final : public Clock {
 public:
  Time now() override { return must(parse_time("2026-03-01T10:00:00Z")); }
  Result<void> pause(Context& context, std::chrono::milliseconds) override { return context.check(); }
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string shown(const Error& error) {
  std::string text = std::string(to_string(error.code)) + ": " + error.message + " | " + error.hint;
  if (error.retry_after) text += fmt::format(" | wait {} s", error.retry_after->count());
  return text + (error.outcome_unknown ? " | nobody knows whether it was done" : "");
}

std::string shown(const CommitId& commit) { return commit.str(); }
std::string shown(Ancestry ancestry) {
  constexpr const char* words[] = {"same", "ancestor", "descendant", "diverged"};
  return words[static_cast<int>(ancestry)];
}
std::string shown(const GitTag& tag) {
  return tag.name + " at " + tag.commit.str() + (tag.message.empty() ? "" : ", annotated");
}
std::string shown(const EvidenceItem& item) {
  return fmt::format("{} '{}' {} by {} about {}", item.id, item.gate, item.conclusion, item.app,
                     item.digest ? item.digest->str() : "nothing");
}
std::string shown(const EvidenceList& list) {
  std::string text;
  for (const EvidenceItem& item : list.items) text += (text.empty() ? "" : "; ") + shown(item);
  return text;
}
std::string shown(const ForgeRelease& release) {
  return fmt::format("{} {} at {} {}", release.id, release.tag, release.target, release.draft ? "draft" : "published");
}
std::string shown(const PullRequest& pull) {
  return fmt::format("#{} {} {} into {}", pull.number, pull.open ? "open" : "closed", pull.head, pull.base);
}
template <class T>
std::string shown(const std::vector<T>& items) {
  std::string text;
  for (const T& item : items) text += (text.empty() ? "" : "; ") + shown(item);
  return text;
}
template <class T>
std::string shown(const std::optional<T>& value) {
  return value ? shown(*value) : "nothing";
}
template <class T>
std::string shown(const Result<T>& result) {
  return result ? shown(*result) : shown(result.error());
}
std::string shown(const Result<void>& result) { return result ? "done" : shown(result.error()); }

/// A repository at a server that gives the answers of a file, in their order.
class Replay {
 public:
  explicit Replay(const std::string& forge)
      : server_([this](const Asked& asked) { return next(asked); }),
        http_(http::open_http({}, clock_)),
        credentials_(credential_list({{.target = server_.origin(), .credential = {.token = Secret("t0ken-0123")}}})),
        api_(std::make_shared<forge::Api>(
            must(forge::address_of({.url = server_.origin() + "/acme/demo", .branch = "main", .forge = forge})), *http_,
            *credentials_)),
        source_(forge == "gitea" ? gitea::open_source(api_) : github::open_source(api_)),
        evidence_(forge == "gitea" ? gitea::open_evidence(api_) : github::open_evidence(api_)),
        changes_(forge == "gitea" ? gitea::open_changes(api_) : github::open_changes(api_)),
        releases_(forge == "gitea" ? gitea::open_releases(api_) : github::open_releases(api_)) {}

  /// What is said in one call; `answers` are the blocks of lines that begin with '<'.
  std::string call(const std::string& line, std::deque<std::string> answers) {
    answers_ = std::move(answers);
    said_.clear();
    const std::string result = made(line);
    const std::string said = replaced(said_ + "= " + result + "\n", server_.origin(), "<server>");
    return replaced(said, server_.authority(), "<host>");
  }

 private:
  Answer next(const Asked& asked) {
    said_ += "> " + asked.method + " " + asked.target + "\n";
    if (!asked.body.empty()) said_ += "> " + asked.body + "\n";
    CHECK(asked.field("authorization").ends_with(" t0ken-0123"));
    if (answers_.empty()) return {.status = 599, .body = "no answer is left"};
    const std::string block = std::move(answers_.front());
    answers_.pop_front();
    said_ += block;
    return answer_of(replaced(block, "<server>", server_.origin()));
  }

  static Answer answer_of(const std::string& block) {
    Answer answer{.status = 0};
    bool in_body = false;
    for (const std::string_view line : split(block, '\n')) {
      if (line.empty()) continue;
      const std::string text(line.substr(std::min<std::size_t>(line.size(), 2)));
      const auto colon = text.find(": ");
      if (answer.status == 0) {
        answer.status = std::stoi(text);
        if (text.ends_with(" cut")) answer.cut_after = 10;
      } else if (in_body) {
        answer.body += text + "\n";
      } else if (text.empty()) {
        in_body = true;
      } else if (colon != std::string::npos) {
        answer.fields.emplace(text.substr(0, colon), text.substr(colon + 2));
      }
    }
    return answer;
  }

  std::string made(const std::string& line) {
    std::vector<std::string> words;
    for (const std::string_view word : split(line, ' ')) words.emplace_back(word);
    words.resize(4);
    const auto commit = [&](std::size_t at) { return commit_id(words[at]); };
    const std::string& verb = words[0];
    if (verb == "branch-tip") return shown(source_->branch_tip(context_, words[1]));
    if (verb == "ancestry") return shown(source_->ancestry(context_, commit(1), commit(2)));
    if (verb == "find-tag") return shown(source_->find_tag(context_, words[1]));
    if (verb == "list-tags") return shown(source_->list_tags(context_));
    if (verb == "create-tag")
      return shown(source_->create_tag(context_, {.name = words[1],
                                                  .commit = commit(2),
                                                  .message = "ours",
                                                  .tagger = must(Person::parse("Ada <ada@example.com>")),
                                                  .time = clock_.now()}));
    if (verb == "evidence") return shown(evidence_->list(context_, commit(1)));
    if (verb == "post")
      return shown(evidence_->post(
          context_, commit(2),
          {.gate = words[1], .conclusion = words[3], .time = clock_.now(), .kind = EvidenceKind::check}));
    if (verb == "find-release") return shown(releases_->find(context_, words[1]));
    if (verb == "create-release")
      return shown(releases_->create(context_, {.tag = words[1], .commit = commit(2), .title = words[1]}));
    if (verb == "pull") return shown(changes_->find(context_, std::stoull(words[1])));
    return "no such call";
  }

  StandingClock clock_;
  std::deque<std::string> answers_;
  std::string said_;
  Context context_;
  LoopbackServer server_;
  std::unique_ptr<http::Http> http_;
  std::unique_ptr<Credentials> credentials_;
  std::shared_ptr<forge::Api> api_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Evidence> evidence_;
  std::unique_ptr<Changes> changes_;
  std::unique_ptr<Releases> releases_;
};

/// A call of a file, with the answers that come.
struct Call {
  std::string line;
  std::deque<std::string> answers = {};
};

struct Case {
  std::string comment;
  std::vector<Call> calls;
};

Case case_of(const std::string& text) {
  Case read;
  bool in_answer = false;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("# ")) read.comment += std::string(line) + "\n";
    if (line.starts_with("$ ")) read.calls.push_back({.line = std::string(line.substr(2))});
    const bool answers = line.starts_with('<') && !read.calls.empty();
    const bool begins = answers && line.size() >= 5 && line.substr(2, 3).find_first_not_of("0123456789") == line.npos;
    if (answers && (!in_answer || begins)) read.calls.back().answers.emplace_back();
    if (answers) read.calls.back().answers.back() += std::string(line) + "\n";
    in_answer = answers;
  }
  return read;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("an exchange that a forge has is understood as it is written") {
  int cases = 0;
  for (const auto& folder : std::filesystem::directory_iterator(SAMEBITS_CASES "/forge")) {
    CAPTURE(folder.path().string());
    const auto file = folder.path() / "exchange.txt";
    const std::string text = bytes_of(file);
    const Case read = case_of(text);
    REQUIRE(!read.calls.empty());
    Replay replay(folder.path().filename().string().starts_with("gitea-") ? "gitea" : "github");
    std::string said = read.comment;
    for (const Call& call : read.calls) said += "$ " + call.line + "\n" + replay.call(call.line, call.answers);
    if (std::getenv("SAMEBITS_UPDATE_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << said;
    CHECK(said == text);
    ++cases;
  }
  CHECK(cases >= 15);
}
