#include "servers/argocd_double.hpp"

#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <samebits/clock.hpp>

#include "json/json.hpp"

namespace samebits::test {
namespace {

std::string time_text(int seconds) {
  return format_time(Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::seconds(seconds));
}

std::string quoted(const std::string& text) { return write_json(Json(text)); }

std::string sources(const ArgoApp& app) {
  if (!app.two_sources)
    return fmt::format(
        R"("source":{{"repoURL":{},"path":"chart","targetRevision":"main","helm":{{"valueFiles":["../{}"]}}}})",
        quoted(app.repository), app.values_file);
  return fmt::format(R"("sources":[{{"repoURL":"https://git.example.com/acme/charts","path":"chart",)"
                     R"("targetRevision":"v1","helm":{{"valueFiles":["$values/{}"]}}}},)"
                     R"({{"repoURL":{},"targetRevision":"main","ref":"values"}}])",
                     app.values_file, quoted(app.repository));
}

std::string revision(const ArgoApp& app, const std::string& own) {
  if (!app.two_sources) return fmt::format(R"("revision":"{}")", own);
  return fmt::format(R"("revisions":["{}","{}"])", std::string(40, '1'), own);
}

std::string condition_list(const ArgoApp& app) {
  std::vector<std::string> texts;
  for (const auto& [type, message] : app.conditions)
    texts.push_back(fmt::format(R"({{"type":{},"message":{}}})", quoted(type), quoted(message)));
  return fmt::format("[{}]", fmt::join(texts, ","));
}

std::string image_list(const ArgoApp& app) {
  std::vector<std::string> texts;
  for (const std::string& image : app.images) texts.push_back(quoted(image));
  return fmt::format("[{}]", fmt::join(texts, ","));
}

std::string operation_state(const ArgoApp& app) {
  if (app.phase.empty()) return "";
  const bool ended = app.phase != "Running" && app.phase != "Terminating";
  // As the real one: what a running operation synced is not said yet.
  const std::string result = ended ? fmt::format(R"(,"finishedAt":"{}","syncResult":{{{}{}}})", time_text(app.finished),
                                                 revision(app, app.operation_revision), app.more_result)
                             : app.more_result.empty()
                                 ? ""
                                 : fmt::format(R"(,"syncResult":{{{}}})", app.more_result.substr(1));
  return fmt::format(R"(,"operationState":{{"phase":"{}","message":{},"startedAt":"{}","retryCount":{},)"
                     R"("operation":{{"sync":{{{}}}}}{}}})",
                     app.phase, quoted(app.operation_message), time_text(app.finished - 1), app.retries,
                     revision(app, app.operation_revision), result);
}

std::string part_after(const std::string& text, const std::string& prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : "";
}

std::string parameter(const Asked& asked, const std::string& name) {
  const auto query = asked.target.find('?');
  if (query == std::string::npos) return "";
  std::string rest = "&" + asked.target.substr(query + 1);
  const auto at = rest.find("&" + name + "=");
  if (at == std::string::npos) return "";
  rest = rest.substr(at + name.size() + 2);
  return rest.substr(0, rest.find('&'));
}

}  // namespace

std::string ArgoApp::json() const {
  const std::string compared_part =
      compared.empty() ? "" : fmt::format(R"("sync":{{"status":"{}",{}}},)", sync, revision(*this, compared));
  return fmt::format(R"({{"metadata":{{"name":"{}","namespace":"argocd","resourceVersion":"1"{}{}}},)"
                     R"("spec":{{"project":"{}",{},"syncPolicy":{{{}}}}}{},)"
                     R"("status":{{{}"health":{{"status":"{}","lastTransitionTime":"{}"}},"reconciledAt":"{}",)"
                     R"("summary":{{"images":{}}},"conditions":{}{}{}}}}})",
                     name, refreshing ? R"(,"annotations":{"argocd.argoproj.io/refresh":"normal"})" : "",
                     deleting ? R"(,"deletionTimestamp":"2026-11-24T09:00:00Z")" : "", project, sources(*this),
                     automatic ? R"("automated":{"prune":true})" : "",
                     requested ? fmt::format(R"(,"operation":{{"sync":{{{}}}}})", revision(*this, compared)) : "",
                     compared_part, health, time_text(health_since), time_text(reconciled), image_list(*this),
                     condition_list(*this), operation_state(*this), more_status);
}

Answer argo_error(int status, int code, const std::string& message) {
  return {.status = status,
          .fields = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"error":{},"code":{},"message":{}}})", quoted(message), code, quoted(message))};
}

ArgoDouble::ArgoDouble(const ServerTls* tls) : server_([this](const Asked& asked) { return answer(asked); }, tls) {}

ArgoDouble::~ArgoDouble() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void ArgoDouble::set(const ArgoApp& app) {
  const std::lock_guard lock(mutex_);
  const bool is_new = apps_.insert_or_assign(app.name, app).second;
  publish(is_new ? "ADDED" : "MODIFIED", app);
}

void ArgoDouble::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const ArgoApp gone = apps_.at(name);
  apps_.erase(name);
  publish("DELETED", gone);
}

ArgoApp ArgoDouble::app(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return apps_.at(name);
}

void ArgoDouble::tell(const ArgoApp& app) {
  const std::lock_guard lock(mutex_);
  publish("MODIFIED", app);
}

void ArgoDouble::publish(const std::string& type, const ArgoApp& app) {
  events_.emplace_back(app.name, fmt::format(R"({{"result":{{"type":"{}","application":{}}}}})", type, app.json()));
  changed_.notify_all();
}

int ArgoDouble::count(const std::string& beginning) const {
  int found = 0;
  for (const std::string& line : server_.lines()) found += line.starts_with(beginning) ? 1 : 0;
  return found;
}

std::string ArgoDouble::last_sync() const {
  const std::lock_guard lock(mutex_);
  return last_sync_;
}

Answer ArgoDouble::answer(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  if (before)
    if (auto own = before(asked)) return *std::move(own);
  if (!token.empty() && asked.field("Authorization") != "Bearer " + token)
    return argo_error(401, 16, "no session information");
  if (asked.method != "GET" && asked.field("Content-Type") != "application/json")
    return {.status = 415, .body = "Invalid content type\n"};
  return serve(asked);
}

Answer ArgoDouble::serve(const Asked& asked) {
  if (asked.path() == "/api/v1/stream/applications") return watch(asked);
  std::string name = part_after(asked.path(), "/api/v1/applications/");
  if (name.empty()) return argo_error(404, 5, "Not Found");
  std::string below;
  if (const auto slash = name.find('/'); slash != std::string::npos) {
    below = name.substr(slash);
    name.resize(slash);
  }
  if (!apps_.contains(name) || apps_.at(name).project == "forbidden") {
    // The real one tells a missing application from a forbidden one only where a project is named.
    if (parameter(asked, "project").empty() || apps_.contains(name)) return argo_error(403, 7, "permission denied");
    return argo_error(404, 5, fmt::format("applications.argoproj.io \"{}\" not found", name));
  }
  if (below == "/syncwindows")
    return {.body = fmt::format(R"({{"assignedWindows":[{}],"canSync":{}}})",
                                window ? R"({"kind":"deny","schedule":"* * * * *","duration":"1h"})" : "", !window)};
  if (asked.method == "POST" && below == "/sync") return sync(asked, name);
  return read(asked, name);
}

Answer ArgoDouble::read(const Asked& asked, const std::string& name) {
  ArgoApp& app = apps_.at(name);
  if (!parameter(asked, "refresh").empty() && on_refresh) {
    on_refresh(app);
    publish("MODIFIED", app);
  }
  return {.fields = {{"Content-Type", "application/json"}}, .body = app.json()};
}

Answer ArgoDouble::sync(const Asked& asked, const std::string& name) {
  ArgoApp& app = apps_.at(name);
  if (window) return argo_error(403, 7, "cannot sync: blocked by sync window");
  if (app.phase == "Running") return argo_error(400, 9, "another operation is already in progress");
  if (asked.body.find("\"sourcePositions\":[\"") != std::string::npos)
    return argo_error(400, 3, "json: cannot unmarshal string into Go struct field of type int64");
  last_sync_ = asked.body;
  if (on_sync) on_sync(app);
  publish("MODIFIED", app);
  return {.fields = {{"Content-Type", "application/json"}}, .body = app.json()};
}

Answer ArgoDouble::watch(const Asked& asked) {
  const std::string name = parameter(asked, "name");
  const bool plain = plain_stream || asked.field("Accept") != "text/event-stream";
  // The present state comes first.
  if (apps_.contains(name)) publish("ADDED", apps_.at(name));
  auto at = std::make_shared<std::size_t>(events_.empty() ? 0 : events_.size() - 1);
  auto sent = std::make_shared<int>(0);
  for (const ArgoApp& late : std::exchange(late_events, {})) publish("MODIFIED", late);
  return {.fields = {{"Content-Type", plain ? "application/json" : "text/event-stream"}},
          .stream = [this, name, plain, at, sent](std::string& chunk) {
            return next_event(*at, *sent, name, plain, chunk);
          }};
}

bool ArgoDouble::next_event(std::size_t& at, int& sent, const std::string& name, bool plain, std::string& chunk) {
  std::unique_lock lock(mutex_);
  if (events_per_stream >= 0 && sent >= events_per_stream) return false;
  if (at >= events_.size()) changed_.wait_for(lock, std::chrono::milliseconds(50));
  if (stopping_) return false;
  if (at >= events_.size()) {
    // So that a client that has gone is noticed.
    chunk = plain ? "\n" : ":\n";
    return true;
  }
  const auto& [of, event] = events_[at++];
  if (of != name) return true;
  ++sent;
  chunk = plain ? event + "\n" : "data: " + event + "\n\n";
  return true;
}

}  // namespace samebits::test
