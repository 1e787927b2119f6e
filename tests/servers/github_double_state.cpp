#include <algorithm>

#include "core/text.hpp"
#include "crypto/sha256.hpp"
#include "servers/github_answer.hpp"
#include "servers/github_double.hpp"

namespace samebits::test {

namespace {

Json named(const std::string& member, Json value) {
  Json json;
  json.add(member, std::move(value));
  return json;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

void set(Json& json, const std::string& member, Json value) {
  for (auto& [name, known] : *json.object())
    if (name == member) {
      known = std::move(value);
      return;
    }
  json.add(member, std::move(value));
}

Answer validation(const std::string& field, const std::string& code, const std::string& message) {
  Json error;
  error.add("resource", "Release");
  error.add("code", code);
  error.add("field", field);
  if (!message.empty()) error.add("message", message);
  Json json;
  json.add("message", "Validation Failed");
  json.add("errors", Json::Array{std::move(error)});
  return json_answer(422, json);
}

}  // namespace

std::string GithubDouble::commit(const std::string& branch, const std::string& parent) {
  const std::lock_guard lock(mutex_);
  std::string sha = sha256_hex("commit " + std::to_string(++commits_made_) + parent).substr(0, 40);
  parents_[sha] = parent.empty() ? std::vector<std::string>() : std::vector{parent};
  branches_[branch] = sha;
  return sha;
}

std::string GithubDouble::branch(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = branches_.find(name);
  return found == branches_.end() ? "" : found->second;
}

void GithubDouble::point_tag(const std::string& name, const std::string& sha) {
  const std::lock_guard lock(mutex_);
  tags_[name] = sha;
}

void GithubDouble::remove_tag(const std::string& name) {
  const std::lock_guard lock(mutex_);
  tags_.erase(name);
}

std::string GithubDouble::peeled(const std::string& name) const {
  const auto found = tags_.find(name);
  if (found == tags_.end()) return {};
  const auto object = tag_objects_.find(found->second);
  return object == tag_objects_.end() ? found->second : *object->second.at_pointer("/object/sha")->string();
}

std::string GithubDouble::tagged(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return peeled(name);
}

std::int64_t GithubDouble::add(const Check& check) {
  const std::lock_guard lock(mutex_);
  const std::int64_t id = next_id();
  Json app;
  app.add("id", check.app);
  app.add("slug", check.slug);
  app.add("name", check.slug);
  Json json;
  json.add("id", id);
  json.add("name", check.name);
  json.add("head_sha", check.answers_sha.empty() ? check.sha : check.answers_sha);
  json.add("own_sha", check.sha);
  json.add("external_id", check.digest);
  json.add("details_url", "https://ci.example.com/" + std::to_string(id));
  json.add("status", check.status);
  json.add("conclusion", check.status == "completed" ? text_or_null(check.conclusion) : Json(nullptr));
  json.add("started_at", text_or_null(check.started));
  json.add("completed_at", check.status == "completed" ? Json("2026-03-01T10:05:00Z") : Json(nullptr));
  Json output;
  for (const char* member : {"title", "summary", "text"}) output.add(member, nullptr);
  json.add("output", std::move(output));
  json.add("check_suite", named("id", check.suite));
  json.add("app", std::move(app));
  json.add("pull_requests", Json::Array());
  checks_.push_back(std::move(json));
  return id;
}

void GithubDouble::add(const Run& run) {
  const std::lock_guard lock(mutex_);
  Json json;
  json.add("id", next_id());
  json.add("path", run.path);
  json.add("event", run.event);
  json.add("head_branch", run.branch);
  json.add("head_sha", run.sha);
  json.add("run_attempt", run.attempt);
  json.add("check_suite_id", run.suite);
  json.add("status", run.conclusion.empty() ? "in_progress" : "completed");
  json.add("conclusion", text_or_null(run.conclusion));
  json.add("repository", named("id", 1000));
  json.add("head_repository", named("id", run.fork ? 2000 : 1000));
  runs_.push_back(std::move(json));
}

void GithubDouble::add_status(const std::string& sha, const std::string& context, const std::string& state,
                              const std::string& creator, const std::string& description) {
  const std::lock_guard lock(mutex_);
  Json json;
  json.add("id", next_id());
  json.add("own_sha", sha);
  json.add("state", state);
  json.add("context", context);
  json.add("description", text_or_null(description));
  json.add("target_url", nullptr);
  json.add("creator", named("login", creator));
  json.add("created_at", "2026-03-01T10:05:00Z");
  statuses_.push_back(std::move(json));
}

void GithubDouble::add(const Pull& pull) {
  const std::lock_guard lock(mutex_);
  Json base = named("ref", pull.base);
  Json json;
  json.add("number", pull.number);
  json.add("state", pull.open ? "open" : "closed");
  json.add("merged_at", pull.merge_commit.empty() ? Json(nullptr) : Json("2026-03-01T09:00:00Z"));
  // An open one has a test merge, which is nobody's.
  json.add("merge_commit_sha", pull.merge_commit.empty() ? Json(std::string(40, 'e')) : Json(pull.merge_commit));
  json.add("head", named("sha", pull.head));
  json.add("base", std::move(base));
  json.add("user", named("login", pull.author));
  json.add("labels", Json::Array{named("name", "preview")});
  json.add("html_url", url() + "/pull/" + std::to_string(pull.number));
  pulls_[pull.number] = std::move(json);
}

void GithubDouble::review(std::int64_t pull, const std::string& reviewer, const std::string& state,
                          const std::string& sha, const std::string& association) {
  const std::lock_guard lock(mutex_);
  Json json;
  json.add("id", next_id());
  json.add("user", named("login", reviewer));
  json.add("state", state);
  json.add("commit_id", sha);
  json.add("author_association", association);
  reviews_[pull].push_back(std::move(json));
}

void GithubDouble::add_release(const std::string& tag, bool draft, const std::string& body, bool pre_release) {
  const std::lock_guard lock(mutex_);
  Json json;
  json.add("id", next_id());
  json.add("tag_name", tag);
  json.add("target_commitish", "main");
  json.add("name", tag);
  json.add("body", body);
  json.add("draft", draft);
  json.add("prerelease", pre_release);
  json.add("html_url", url() + "/releases/" + tag);
  releases_.insert(releases_.begin(), std::move(json));
}

std::vector<Json> GithubDouble::releases() const {
  const std::lock_guard lock(mutex_);
  return releases_;
}

std::vector<Json> GithubDouble::checks() const {
  const std::lock_guard lock(mutex_);
  return checks_;
}

int GithubDouble::tags() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(tags_.size());
}

std::string GithubDouble::state() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, id] : tags_) text += "tag " + name + " " + peeled(name) + "\n";
  for (const Json& release : releases_)
    text += "release " + release.text("tag_name") + " " + release.text("target_commitish") + " " +
            release.text("name") + " " + write_json(*release.find("draft")) + write_json(*release.find("prerelease")) +
            release.text("own_make_latest") + "\n" + release.text("body") + "\n";
  for (const Json& check : checks_)
    text += "check " + check.text("name") + " " + check.text("external_id") + " " + check.text("status") + "\n";
  for (const Json& status : statuses_) text += "status " + status.text("context") + " " + status.text("state") + "\n";
  return text;
}

void GithubDouble::forget_releases() {
  const std::lock_guard lock(mutex_);
  tags_.clear();
  tag_objects_.clear();
  releases_.clear();
}

void GithubDouble::drop_releases() {
  const std::lock_guard lock(mutex_);
  releases_.clear();
}

Answer GithubDouble::check_runs(const Route& route) {
  if (auto refused = refuse("checks=write")) return *refused;
  const Json& wanted = route.body;
  if (wanted.text("name").empty() && route.method == "POST") return github_error(422, "Invalid request.");
  Json* check = nullptr;
  if (route.method == "POST") {
    if (!parents_.contains(wanted.text("head_sha")))
      return github_error(422, "No commit found for SHA: " + wanted.text("head_sha"));
    (void)add(Check{.name = wanted.text("name"), .sha = wanted.text("head_sha"), .status = "queued"});
    check = &checks_.back();
  } else {
    for (Json& known : checks_)
      if (route.parts.size() == 2 && write_json(*known.find("id")) == route.parts[1]) check = &known;
    if (check == nullptr) return github_error(404, "Not Found");
    if (const std::int64_t app = *check->at_pointer("/app/id")->integer(); app != own_app)
      return github_error(403, "Invalid app_id `" + std::to_string(app) +
                                   "` - check run can only be modified by the GitHub App that created it.");
  }
  for (const char* member :
       {"external_id", "details_url", "status", "conclusion", "started_at", "completed_at", "output"})
    if (const Json* value = wanted.find(member)) set(*check, member, *value);
  return json_answer(route.method == "POST" ? 201 : 200, *check);
}

Answer GithubDouble::statuses(const Route& route) {
  if (auto refused = refuse("statuses=write")) return *refused;
  if (const std::string state = route.body.text("state");
      state != "success" && state != "failure" && state != "error" && state != "pending")
    return validation("state", "missing_field", "");
  if (route.parts.size() != 2 || !parents_.contains(route.parts[1]))
    return github_error(422, "No commit found for SHA: " + (route.parts.size() == 2 ? route.parts[1] : ""));
  const std::string description = route.body.text("description");
  if (description.size() > 140) return validation("description", "custom", "description is too long");
  add_status(route.parts[1], route.body.text("context"), route.body.text("state"), "samebits-gate[bot]", description);
  set(statuses_.back(), "target_url", text_or_null(route.body.text("target_url")));
  return json_answer(201, statuses_.back());
}

Answer GithubDouble::pulls(const Route& route) const {
  if (auto refused = refuse("pull_requests=read")) return *refused;
  if (route.parts.size() < 2) return github_error(404, "Not Found");
  const std::int64_t number = std::stoll(route.parts[1]);
  const auto found = pulls_.find(number);
  if (found == pulls_.end()) return github_error(404, "Not Found");
  if (route.parts.size() == 2) {
    Json json = found->second;
    json.add("merged", !found->second.find("merged_at")->is_null());
    return json_answer(200, json);
  }
  const auto reviews = reviews_.find(number);
  return paged(route, reviews == reviews_.end() ? std::vector<Json>() : reviews->second, "");
}

Answer GithubDouble::make_release(const Json& wanted, std::int64_t number) {
  const std::string tag = wanted.text("tag_name");
  if (tag.empty()) return validation("tag_name", "missing_field", "");
  if (burned.contains(tag)) return validation("tag_name", "custom", "tag_name was used by an immutable release");
  const bool is_taken = std::any_of(releases_.begin(), releases_.end(), [&](const Json& release) {
    return release.text("tag_name") == tag && !*release.find("draft")->boolean();
  });
  if (is_taken) return validation("tag_name", "already_exists", "");
  if (!tags_.contains(tag)) {
    const std::string target = wanted.text("target_commitish");
    const std::string sha = parents_.contains(target) ? target : branch(target.empty() ? "main" : target);
    if (sha.empty()) return validation("target_commitish", "invalid", "");
    tags_[tag] = sha;
  }
  Json* release = nullptr;
  for (Json& known : releases_)
    if (*known.find("id")->integer() == number) release = &known;
  if (release == nullptr) {
    if (number != 0) return github_error(404, "Not Found");
    add_release(tag, false);
    release = &releases_.front();
  }
  for (const char* member : {"tag_name", "target_commitish", "name", "body", "draft", "prerelease"})
    if (const Json* value = wanted.find(member)) set(*release, member, *value);
  set(*release, "own_make_latest", wanted.text("make_latest"));
  return json_answer(number == 0 ? 201 : 200, *release);
}

Answer GithubDouble::release(const Route& route) {
  const auto& parts = route.parts;
  const bool reads = route.method == "GET";
  if (auto refused = refuse(reads ? "contents=read" : "contents=write")) return *refused;
  if (!reads && parts.size() == 2 && parts[1] == "generate-notes") {
    const std::string previous = route.body.text("previous_tag_name");
    if (!previous.empty() && !tags_.contains(previous)) return github_error(404, "Not Found");
    Json json = named("name", route.body.text("tag_name"));
    json.add("body", "## What's Changed\n* all since " + (previous.empty() ? "the beginning" : previous));
    return json_answer(200, json);
  }
  if (!reads) return make_release(route.body, parts.size() == 2 ? std::stoll(parts[1]) : 0);
  if (parts.size() == 1) {
    std::vector<Json> seen;
    for (const Json& one : releases_)
      if (!*one.find("draft")->boolean() || permissions.contains("contents=write")) seen.push_back(one);
    return paged(route, seen, "");
  }
  for (const Json& one : releases_)
    if (parts.size() == 3 && parts[1] == "tags" && one.text("tag_name") == parts[2] && !*one.find("draft")->boolean())
      return json_answer(200, one);
  return github_error(404, "Not Found");
}

}  // namespace samebits::test
