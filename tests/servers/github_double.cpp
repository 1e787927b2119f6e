#include "servers/github_double.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "crypto/sha256.hpp"
#include "servers/github_answer.hpp"

namespace samebits::test {
namespace {

const std::string root = "/api/v3";
const std::string home = "/repos/acme/service-demo";
const std::string old_home = "/repos/acme/old-name";
const std::string by_number = "/repositories/1000";

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    if (text[at] == '%' && at + 2 < text.size() &&
        std::from_chars(text.data() + at + 1, text.data() + at + 3, value, 16).ec == std::errc()) {
      plain += static_cast<char>(value);
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

/// Without what is kept for the double's own sake.
Json shown(const Json& kept) {
  if (kept.array() != nullptr) {
    Json::Array items;
    for (const Json& item : *kept.array()) items.push_back(shown(item));
    return items;
  }
  if (kept.object() == nullptr) return kept;
  Json::Object members;
  for (const auto& [name, value] : *kept.object())
    if (!name.starts_with("own_")) members.emplace_back(name, shown(value));
  return members;
}

std::string query_value(const std::string& query, const std::string& name) {
  for (const std::string_view pair : split(query, '&'))
    if (pair.starts_with(name + "=")) return decoded(pair.substr(name.size() + 1));
  return {};
}

std::string joined(const std::vector<std::string>& parts, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < parts.size(); ++i) text += (i == first ? "" : "/") + parts[i];
  return text;
}

}  // namespace

Answer json_answer(int status, const Json& json) {
  return {.status = status,
          .fields = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = write_json(shown(json))};
}

Answer github_error(int status, const std::string& message) {
  Json json;
  json.add("message", message);
  json.add("documentation_url", "https://docs.github.com/rest");
  // Of what it does not take the description says no such member.
  if (status != 422) json.add("status", std::to_string(status));
  return json_answer(status, json);
}

GithubDouble::GithubDouble() : server_([this](const Asked& asked) { return answer(asked); }) {}

void GithubDouble::answer_first(std::function<std::optional<Answer>(const Asked&)> function) {
  const std::lock_guard lock(mutex_);
  before = std::move(function);
}

std::string GithubDouble::url(bool old_name) const {
  return server_.origin() + (old_name ? "/acme/old-name" : "/acme/service-demo");
}

std::vector<std::string> GithubDouble::log() const {
  std::vector<std::string> lines;
  for (const Asked& asked : server_.asked()) {
    const std::string path = asked.path();
    const auto at = path.find(home);
    lines.push_back(asked.method + " " + (at == std::string::npos ? path : path.substr(at + home.size())));
  }
  return lines;
}

Answer GithubDouble::answer(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  if (before)
    if (auto own = before(asked)) return *own;
  Answer given = serve(asked);
  given.fields.emplace("X-RateLimit-Limit", "5000");
  given.fields.emplace("X-RateLimit-Remaining", "4999");
  given.fields.emplace("X-GitHub-Request-Id", "F00D:CAFE");
  if (asked.method == "GET" && given.status == 200) {
    const std::string etag = "W/\"" + sha256_hex(given.body) + "\"";
    given.fields.emplace("ETag", etag);
    if (asked.field("if-none-match") == etag) given = {.status = 304, .fields = {{"ETag", etag}}};
  }
  if (after) after(asked, given);
  return given;
}

std::optional<Answer> GithubDouble::redirect(const Asked& asked, const std::string& path) const {
  if (!path.starts_with(old_home)) return std::nullopt;
  const int status = asked.method == "GET" ? 301 : 307;
  Answer moved_answer = github_error(status, "Moved Permanently");
  moved_answer.fields.emplace("Location",
                              server_.origin() + root + by_number + asked.target.substr(root.size() + old_home.size()));
  return moved_answer;
}

Answer GithubDouble::serve(const Asked& asked) {
  if (!asked.path().starts_with(root)) return {.status = 404, .body = "<html>Not Found</html>"};
  std::string path = asked.path().substr(root.size());
  if (asked.field("user-agent").empty()) return {.status = 403, .body = "Request forbidden by administrative rules."};
  if (auto refused = authenticate(asked, path)) return *refused;
  if (moved)
    if (auto elsewhere = redirect(asked, path)) return *elsewhere;
  std::string rest;
  if (path.starts_with(by_number)) {
    rest = path.substr(by_number.size());
  } else if (path.starts_with(home)) {
    rest = path.substr(home.size());
  } else {
    return github_error(404, "Not Found");
  }
  if (!permissions.contains("metadata=read")) return github_error(404, "Not Found");
  Route wanted{.method = asked.method, .parts = {}, .query = {}, .body = {}};
  for (const std::string_view part : split(rest, '/'))
    if (!part.empty()) wanted.parts.push_back(decoded(part));
  const auto question = asked.target.find('?');
  if (question != std::string::npos) wanted.query = asked.target.substr(question + 1);
  if (!asked.body.empty()) {
    auto body = parse_json(asked.body, "the body");
    if (!body) return github_error(400, "Problems parsing JSON");
    wanted.body = *std::move(body);
  }
  return route(wanted);
}

Answer GithubDouble::route(const Route& route) {
  const auto& parts = route.parts;
  if (parts.empty()) return json_answer(200, repository_json());
  const std::string& first = parts[0];
  if (first == "git") return git(route);
  if (first == "compare" && parts.size() == 2) {
    if (auto refused = refuse("contents=read")) return *refused;
    const auto dots = parts[1].find("...");
    return compare(parts[1].substr(0, dots), dots == std::string::npos ? "" : parts[1].substr(dots + 3));
  }
  if (first == "commits" && parts.size() >= 3) return commits(route);
  if (first == "check-runs") return check_runs(route);
  if (first == "statuses") return statuses(route);
  if (first == "actions" && parts.size() == 2 && parts[1] == "runs") {
    if (auto refused = refuse("actions=read")) return *refused;
    std::vector<Json> found;
    const std::string sha = query_value(route.query, "head_sha");
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
      if (sha.empty() || run->text("head_sha") == sha) found.push_back(*run);
    return paged(route, found, "workflow_runs");
  }
  if (first == "pulls") return pulls(route);
  if (first == "releases") return release(route);
  if (first == "rulesets") return rulesets(route);
  if (first == "rules" && parts.size() == 3) return rules(route);
  if (first == "branches" || first == "codeowners") return protection(route);
  return github_error(404, "Not Found");
}

Json GithubDouble::repository_json() const {
  Json json;
  json.add("id", 1000);
  json.add("full_name", "acme/service-demo");
  json.add("default_branch", "main");
  Json rights;
  rights.add("admin", permissions.contains("administration=read"));
  rights.add("push", permissions.contains("contents=write"));
  rights.add("pull", true);
  json.add("permissions", std::move(rights));
  return json;
}

std::optional<Answer> GithubDouble::refuse(const std::string& permission) const {
  const std::string written =
      permission.ends_with("=read") ? permission.substr(0, permission.size() - 4) + "write" : "";
  if (allowed_.contains(permission) || (!written.empty() && allowed_.contains(written))) return std::nullopt;
  Answer refused = github_error(403, "Resource not accessible by integration");
  refused.fields.emplace("X-Accepted-GitHub-Permissions", permission);
  return refused;
}

Answer GithubDouble::paged(const Route& route, const std::vector<Json>& items, const std::string& member) const {
  std::size_t size = 30;
  std::size_t number = 1;
  const std::string wanted = query_value(route.query, "per_page");
  if (!wanted.empty()) size = std::min<std::size_t>(std::stoul(wanted), 100);
  size = std::min(size, page);
  if (const std::string text = query_value(route.query, "page"); !text.empty()) number = std::stoul(text);
  Json::Array page_items;
  for (std::size_t i = (number - 1) * size; i < std::min(items.size(), number * size); ++i)
    page_items.push_back(items[i]);
  Json body;
  if (member.empty()) {
    body = Json(std::move(page_items));
  } else {
    body.add("total_count", static_cast<std::int64_t>(items.size()));
    body.add(member, std::move(page_items));
  }
  Answer answer = json_answer(200, body);
  if (number * size < items.size()) {
    std::string query;
    for (const std::string_view pair : split(route.query, '&'))
      if (!pair.starts_with("page=") && !pair.empty()) query += std::string(pair) + "&";
    answer.fields.emplace("Link", "<" + server_.origin() + root + by_number + "/" + joined(route.parts, 0) + "?" +
                                      query + "page=" + std::to_string(number + 1) + ">; rel=\"next\"");
  }
  return answer;
}

Answer GithubDouble::git(const Route& route) {
  const auto& parts = route.parts;
  const bool writes = route.method == "POST";
  if (auto refused = refuse(writes ? "contents=write" : "contents=read")) return *refused;
  const auto ref_json = [&](const std::string& ref, const std::string& sha) {
    Json object;
    object.add("sha", sha);
    object.add("type", tag_objects_.contains(sha) ? "tag" : "commit");
    Json json;
    json.add("ref", ref);
    json.add("object", std::move(object));
    return json;
  };
  if (parts.size() < 2) return github_error(404, "Not Found");
  if (!writes && parts[1] == "ref" && parts.size() > 3) {
    if (parents_.empty()) return github_error(409, "Git Repository is empty.");
    const auto& refs = parts[2] == "heads" ? branches_ : tags_;
    const auto found = refs.find(joined(parts, 3));
    if (found == refs.end()) return github_error(404, "Not Found");
    return json_answer(200, ref_json("refs/" + joined(parts, 2), found->second));
  }
  if (!writes && parts[1] == "matching-refs") {
    std::vector<Json> found;
    for (const auto& [name, sha] : tags_) found.push_back(ref_json("refs/tags/" + name, sha));
    return paged(route, found, "");
  }
  if (!writes && parts[1] == "commits" && parts.size() == 3) {
    if (!parents_.contains(parts[2])) return github_error(404, "Not Found");
    Json json;
    json.add("sha", parts[2]);
    return json_answer(200, json);
  }
  if (!writes && parts[1] == "tags" && parts.size() == 3) {
    const auto found = tag_objects_.find(parts[2]);
    return found == tag_objects_.end() ? github_error(404, "Not Found") : json_answer(200, found->second);
  }
  if (writes && parts[1] == "tags") {
    const std::string target = route.body.text("object");
    if (!parents_.contains(target)) return github_error(422, "Could not verify object");
    Json object;
    object.add("sha", target);
    object.add("type", route.body.text("type"));
    Json json;
    const std::string id = sha256_hex(write_json(route.body)).substr(0, 40);
    json.add("sha", id);
    json.add("tag", route.body.text("tag"));
    json.add("message", route.body.text("message"));
    json.add("object", std::move(object));
    tag_objects_[id] = json;
    return json_answer(201, json);
  }
  if (writes && parts[1] == "refs") {
    const std::string ref = route.body.text("ref");
    const std::string sha = route.body.text("sha");
    if (!ref.starts_with("refs/tags/")) return github_error(422, "Reference name must start with 'refs/'");
    const std::string name = ref.substr(10);
    if (tags_are_protected)
      return github_error(422,
                          "Repository rule violations found\n\nCannot create ref due to creations being restricted.");
    if (tags_.contains(name)) return github_error(422, "Reference already exists");
    if (!parents_.contains(sha) && !tag_objects_.contains(sha)) return github_error(422, "Object does not exist");
    tags_[name] = sha;
    return json_answer(201, ref_json(ref, sha));
  }
  return github_error(404, "Not Found");
}

bool GithubDouble::is_ancestor(const std::string& left, const std::string& right) const {
  if (left == right) return true;
  const auto found = parents_.find(right);
  return found != parents_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                [&](const auto& parent) { return is_ancestor(left, parent); });
}

bool GithubDouble::share_history(const std::string& left, const std::string& right) const {
  return std::any_of(parents_.begin(), parents_.end(), [&](const auto& commit) {
    return is_ancestor(commit.first, left) && is_ancestor(commit.first, right);
  });
}

Answer GithubDouble::compare(const std::string& base, const std::string& head) const {
  if (!parents_.contains(base) || !parents_.contains(head)) return github_error(404, "Not Found");
  if (!share_history(base, head)) return github_error(404, "No common ancestor between " + base + " and " + head + ".");
  const bool below = is_ancestor(base, head);
  const bool above = is_ancestor(head, base);
  Json json;
  json.add("status", below && above ? "identical" : below ? "ahead" : above ? "behind" : "diverged");
  json.add("commits", Json::Array());
  return json_answer(200, json);
}

std::vector<Json> GithubDouble::checks_of(const Route& route, const std::string& sha) const {
  const std::string name = query_value(route.query, "check_name");
  std::vector<Json> found;
  for (const Json& check : checks_)
    if (check.text("own_sha") == sha && (name.empty() || check.text("name") == name)) found.push_back(check);
  // The forge's default: the newest of each name in each suite.
  if (query_value(route.query, "filter") != "all") {
    std::map<std::string, Json> latest;
    for (const Json& check : found)
      latest[check.text("name") + write_json(*check.at_pointer("/check_suite/id"))] = check;
    found.clear();
    for (const auto& [key, check] : latest) found.push_back(check);
  }
  if (newest_first) std::reverse(found.begin(), found.end());
  return found;
}

Answer GithubDouble::commits(const Route& route) {
  // A commit is found by the name of a branch too.
  const std::string named = branch(route.parts[1]);
  const std::string& sha = named.empty() ? route.parts[1] : named;
  const std::string& what = route.parts[2];
  if (what == "check-runs") {
    if (auto refused = refuse("checks=read")) return *refused;
    return paged(route, checks_of(route, sha), "check_runs");
  }
  if (what == "statuses") {
    if (auto refused = refuse("statuses=read")) return *refused;
    std::vector<Json> found;
    for (auto status = statuses_.rbegin(); status != statuses_.rend(); ++status)
      if (status->text("own_sha") == sha) found.push_back(*status);
    return paged(route, found, "");
  }
  if (what == "pulls") {
    if (auto refused = refuse("pull_requests=read")) return *refused;
    std::vector<Json> found;
    for (const auto& [number, pull] : pulls_)
      if (pull.text("merge_commit_sha") == sha || *pull.at_pointer("/head/sha")->string() == sha) found.push_back(pull);
    return paged(route, found, "");
  }
  return github_error(404, "Not Found");
}

}  // namespace samebits::test
