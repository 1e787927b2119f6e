#include <algorithm>
#include <array>
#include <map>

#include "core/text.hpp"
#include "core/try.hpp"
#include "forge/branch.hpp"
#include "forge/github.hpp"
#include "forge/status_text.hpp"

namespace samebits::github {
namespace {

using forge::Api;
using forge::commit_of;
using forge::number_of;
using forge::status_of;
using forge::text_of;
using http::Method;

/// The app that all workflows of all repositories share: that a check is by it does not say which workflow made it.
constexpr std::string_view workflows_app = "github-actions";
/// Longest summary of a check. Source: GitHub's REST API, "Create a check run".
constexpr std::size_t max_summary = 65535;
constexpr std::string_view environment_line = "Environment: ";
constexpr std::array<std::string_view, 3> open_states = {"queued", "in_progress", "pending"};

using Runs = std::map<std::int64_t, EvidenceRun>;

EvidenceItem check_of(const Json& json) {
  const std::string status = text_of(json, "/status");
  EvidenceItem item{.id = fmt::format("check:{}", number_of(json, "/id")),
                    .gate = text_of(json, "/name"),
                    .conclusion = status == "completed" ? text_of(json, "/conclusion") : status,
                    .producer = text_of(json, "/app/slug"),
                    .verified = true,
                    .url = text_of(json, "/details_url"),
                    .summary = text_of(json, "/output/summary"),
                    .time = forge::time_of(json, status == "completed" ? "/completed_at" : "/started_at"),
                    .kind = EvidenceKind::check,
                    .completed = status == "completed",
                    .app = text_of(json, "/app/slug"),
                    .app_id = std::to_string(number_of(json, "/app/id")),
                    .commit = commit_of(json, "/head_sha"),
                    .by_workflow = text_of(json, "/app/slug") == workflows_app,
                    .group = std::to_string(number_of(json, "/check_suite/id")),
                    .started = text_of(json, "/started_at")};
  if (auto digest = Digest::parse(text_of(json, "/external_id"))) item.digest = *std::move(digest);
  const std::string text = text_of(json, "/output/text");
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with(environment_line)) item.environment = line.substr(environment_line.size());
  // The API takes no output without a summary.
  if (item.summary == text_of(json, "/output/title")) item.summary.clear();
  return item;
}

EvidenceRun run_of(const Json& json) {
  const bool completed = text_of(json, "/status") == "completed";
  const std::int64_t home = number_of(json, "/repository/id");
  return {.workflow = text_of(json, "/path"),
          .event = text_of(json, "/event"),
          .branch = text_of(json, "/head_branch"),
          .commit = commit_of(json, "/head_sha"),
          .own_repository = home != 0 && home == number_of(json, "/head_repository/id"),
          .attempt = number_of(json, "/run_attempt"),
          .conclusion = completed ? text_of(json, "/conclusion") : std::string()};
}

/// Numbers grow with time; times have a resolution of a second and may be missing.
void sort_by_number(std::vector<Json>& items) {
  std::stable_sort(items.begin(), items.end(), [](const Json& left, const Json& right) {
    return number_of(left, "/id") < number_of(right, "/id");
  });
}

std::string summary_of(const NewEvidence& evidence, const std::string& title) {
  if (evidence.summary.empty()) return title;
  return valid_utf8(evidence.summary.substr(0, max_summary));
}

/// True where `known` says what `evidence` would.
bool says_the_same(const EvidenceItem& known, const NewEvidence& evidence) {
  // Without a URL of ours the forge shows the app's.
  return known.conclusion == evidence.conclusion && (evidence.url.empty() || known.url == evidence.url) &&
         (evidence.environment.empty() || known.environment == evidence.environment);
}

Json check_body(const CommitId& commit, const NewEvidence& evidence) {
  const bool open = std::find(open_states.begin(), open_states.end(), evidence.conclusion) != open_states.end();
  Json body;
  body.add("name", evidence.gate);
  body.add("head_sha", commit.str());
  if (evidence.digest) body.add("external_id", evidence.digest->str());
  if (!evidence.url.empty()) body.add("details_url", evidence.url);
  body.add("status", open ? (evidence.conclusion == "pending" ? "queued" : evidence.conclusion) : "completed");
  body.add("started_at", format_time(evidence.time));
  if (!open) {
    body.add("conclusion", evidence.conclusion);
    body.add("completed_at", format_time(evidence.time));
  }
  const std::string title = evidence.environment.empty()
                                ? evidence.conclusion
                                : fmt::format("{} in {}", evidence.conclusion, evidence.environment);
  Json output;
  output.add("title", title);
  output.add("summary", summary_of(evidence, title));
  std::string text;
  if (!evidence.environment.empty()) text += fmt::format("{}{}\n", environment_line, evidence.environment);
  if (evidence.digest) text += fmt::format("Image-Digest: {}\n", *evidence.digest);
  if (!evidence.producer.empty()) text += fmt::format("Reported-By: {}\n", evidence.producer);
  if (!text.empty()) output.add("text", text);
  body.add("output", std::move(output));
  return body;
}

class GithubEvidence final : public Evidence {
 public:
  explicit GithubEvidence(std::shared_ptr<Api> api) : api_(std::move(api)) {}

  std::string location() const override { return api_->address().location(); }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    return list_of(context, commit, std::array{EvidenceKind::check, EvidenceKind::status});
  }

  Result<EvidenceList> list_of(Context& context, const CommitId& commit, std::span<const EvidenceKind> kinds) override {
    const auto wants = [&](EvidenceKind kind) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
    EvidenceList list{.items = {}, .can = {.forge = true, .checks = true, .statuses = true}};
    if (wants(EvidenceKind::check)) SB_CHECK(add_checks(context, commit, list));
    if (wants(EvidenceKind::status)) SB_CHECK(add_statuses(context, commit, list));
    return list;
  }

  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    if (evidence.gate.empty() || evidence.conclusion.empty())
      return Error{
          .code = ErrorCode::bad_request, .message = "evidence needs a gate and a conclusion", .hint = "name both"};
    const EvidenceKind kind = evidence.kind == EvidenceKind::status ? EvidenceKind::status : EvidenceKind::check;
    SB_TRY(const auto before, list_of(context, commit, std::array{kind}));
    const EvidenceItem* newest = newest_of(before, kind, evidence);
    if (newest != nullptr && says_the_same(*newest, evidence)) return *newest;
    const std::string last = newest != nullptr ? newest->id : "";
    auto posted = kind == EvidenceKind::status ? post_status(context, commit, evidence)
                                               : post_check(context, commit, evidence, newest);
    if (posted || !posted.error().outcome_unknown) return posted;
    // The answer was lost: what is there now and was not before is ours.
    auto after = list_of(context, commit, std::array{kind});
    if (!after) return posted;
    newest = newest_of(*after, kind, evidence);
    if (newest != nullptr && says_the_same(*newest, evidence)) return *newest;
    return posted;
  }

  Result<bool> may_post(Context& context, const CommitId& commit, EvidenceKind kind) override {
    SB_CHECK(
        api_->may_write(context, kind == EvidenceKind::status ? fmt::format("/statuses/{}", commit) : "/check-runs"));
    return true;
  }

 private:
  static const EvidenceItem* newest_of(const EvidenceList& list, EvidenceKind kind, const NewEvidence& evidence) {
    const EvidenceItem* newest = nullptr;
    for (const EvidenceItem& item : list.items)
      if (item.kind == kind && item.gate == evidence.gate && item.digest == evidence.digest &&
          (evidence.app.empty() || is_by(item, evidence.app)))
        newest = &item;
    return newest;
  }

  Result<void> add_checks(Context& context, const CommitId& commit, EvidenceList& list) {
    SB_TRY(auto checks,
           api_->list(context, fmt::format("/commits/{}/check-runs?filter=all&per_page=100", commit), "check_runs",
                      {.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::commit_missing}));
    sort_by_number(checks);
    Runs runs;
    const bool by_workflow = std::any_of(
        checks.begin(), checks.end(), [](const Json& check) { return text_of(check, "/app/slug") == workflows_app; });
    if (by_workflow) {
      SB_TRY(list.branch, forge::protected_branch(context, *api_));
      auto found = workflow_runs(context, commit);
      // Most commits have such checks, and most gates do not rest on them.
      if (found)
        runs = *std::move(found);
      else
        list.without_runs = std::move(found).error();
    }
    for (const Json& check : checks) {
      EvidenceItem item = check_of(check);
      const auto run = item.by_workflow ? runs.find(number_of(check, "/check_suite/id")) : runs.end();
      if (run != runs.end()) {
        item.run = run->second;
        item.producer = fmt::format("{} {}@{}", item.app, run->second.workflow, run->second.branch);
      }
      list.items.push_back(std::move(item));
    }
    return {};
  }

  /// By the number of the suite that each run's checks are in.
  Result<Runs> workflow_runs(Context& context, const CommitId& commit) {
    SB_TRY(const auto found,
           api_->list(context, fmt::format("/actions/runs?head_sha={}&per_page=100", commit), "workflow_runs"));
    Runs runs;
    for (const Json& json : found) {
      EvidenceRun run = run_of(json);
      const auto [known, is_new] = runs.emplace(number_of(json, "/check_suite_id"), run);
      if (!is_new && known->second.attempt < run.attempt) known->second = std::move(run);
    }
    return runs;
  }

  Result<void> add_statuses(Context& context, const CommitId& commit, EvidenceList& list) {
    SB_TRY(auto statuses, api_->list(context, fmt::format("/commits/{}/statuses?per_page=100", commit), "",
                                     {.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::commit_missing}));
    sort_by_number(statuses);
    for (const Json& status : statuses) list.items.push_back(status_of(status, commit));
    return {};
  }

  /// Completes the one that is still open, else makes a new one: what is over is not rewritten.
  Result<EvidenceItem> post_check(Context& context, const CommitId& commit, const NewEvidence& evidence,
                                  const EvidenceItem* newest) {
    const http::StatusMeaning meaning{.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::commit_missing};
    if (newest != nullptr && !newest->completed) {
      Json change = check_body(commit, evidence);
      std::erase_if(*change.object(), [](const auto& member) { return member.first == "head_sha"; });
      SB_TRY(const auto changed, api_->send(context, {.method = Method::patch,
                                                      .target = "/check-runs/" + newest->id.substr(6),
                                                      .body = std::move(change),
                                                      .retry = http::RetryClass::guarded}));
      if (changed.ok()) return parsed(changed, [](const Json& json) { return check_of(json); });
      // Another app's is not ours to complete.
      if (changed.status() != 403 && changed.status() != 404) return api_->error_of(changed, meaning);
    }
    SB_TRY(
        const auto made,
        api_->send(context, {.method = Method::post, .target = "/check-runs", .body = check_body(commit, evidence)}));
    if (!made.ok()) return api_->error_of(made, meaning);
    return parsed(made, [](const Json& json) { return check_of(json); });
  }

  Result<EvidenceItem> post_status(Context& context, const CommitId& commit, const NewEvidence& evidence) {
    SB_TRY(const auto made, api_->send(context, {.method = Method::post,
                                                 .target = fmt::format("/statuses/{}", commit),
                                                 .body = forge::status_body(evidence)}));
    if (!made.ok())
      return api_->error_of(made, {.not_found = ErrorCode::commit_missing, .conflict = ErrorCode::commit_missing});
    return parsed(made, [&](const Json& json) { return status_of(json, commit); });
  }

  template <class Parse>
  Result<EvidenceItem> parsed(const forge::Exchange& exchange, Parse parse) const {
    SB_TRY(const Json json, api_->json(exchange));
    return parse(json);
  }

  std::shared_ptr<Api> api_;
};

}  // namespace

std::unique_ptr<Evidence> open_evidence(std::shared_ptr<forge::Api> api) {
  return std::make_unique<GithubEvidence>(std::move(api));
}

}  // namespace samebits::github
