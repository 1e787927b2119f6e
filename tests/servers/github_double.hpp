#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/json.hpp"
#include "servers/loopback_server.hpp"

namespace samebits::test {

/// One repository at GitHub, in memory: the part of the REST API that promotions need, with its limits, its redirects,
/// its permissions and its habits. It answers below `/api/v3` like GitHub Enterprise. Thread: safe.
class GithubDouble {
 public:
  static constexpr const char* token = "ghs_double0123456789";
  static constexpr int own_app = 424242;
  static constexpr int workflows_app = 15368;

  GithubDouble();

  /// `http://127.0.0.1:PORT/acme/service-demo`, or under the name that the repository had before.
  std::string url(bool old_name = false) const;
  std::string server_origin() const { return server_.origin(); }
  LoopbackServer& server() { return server_; }

  // What is there, made by hand. Ids grow in the order of the calls.
  /// A commit that differs from every other one, on top of `parent` (empty: none), and the branch's new tip.
  std::string commit(const std::string& branch, const std::string& parent = "");
  std::string branch(const std::string& name) const;
  void point_tag(const std::string& name, const std::string& sha);
  void remove_tag(const std::string& name);
  /// The commit of a tag, peeled; empty where it is not there.
  std::string tagged(const std::string& name) const;

  struct Check {
    std::string name;
    std::string sha;
    std::string conclusion = "success";
    std::string digest = {};
    int app = own_app;
    std::string slug = "samebits-gate";
    std::int64_t suite = 5001;
    std::string started = "2026-03-01T10:00:00Z";
    std::string status = "completed";
    /// What the answer says it is about, where that differs.
    std::string answers_sha = {};
  };
  std::int64_t add(const Check& check);

  struct Run {
    std::string sha;
    std::int64_t suite = 6001;
    std::string path = ".github/workflows/cd.yml";
    std::string event = "push";
    std::string branch = "main";
    std::string conclusion = "success";
    bool fork = false;
    int attempt = 1;
  };
  void add(const Run& run);
  void add_status(const std::string& sha, const std::string& context, const std::string& state,
                  const std::string& creator, const std::string& description = "");

  struct Pull {
    std::int64_t number;
    std::string head;
    /// Empty: not merged.
    std::string merge_commit = {};
    bool open = false;
    std::string author = "grace";
    std::string base = "main";
  };
  void add(const Pull& pull);
  void review(std::int64_t pull, const std::string& reviewer, const std::string& state, const std::string& sha,
              const std::string& association = "MEMBER");
  void add_release(const std::string& tag, bool draft, const std::string& body = "", bool pre_release = false);

  std::vector<Json> releases() const;
  std::vector<Json> checks() const;
  int tags() const;
  /// Releases, tags, checks and statuses, without times and numbers: equal where two runs came to the same.
  std::string state() const;
  /// Back to no tag, no release.
  void forget_releases();
  void drop_releases();
  /// `METHOD path` below the repository, in order.
  std::vector<std::string> log() const;

  /// Called first; an answer of its own goes out instead, and nothing is done.
  std::function<std::optional<Answer>(const Asked&)> before;
  /// Sets `before` while requests may come; returns when none is answered by the one that was there.
  void answer_first(std::function<std::optional<Answer>(const Asked&)> function);
  /// Called when it is done; may change the answer.
  std::function<void(const Asked&, Answer&)> after;

  /// What the token may: `contents=write`, `checks=write`, ... Without `metadata=read` the repository cannot be seen.
  std::set<std::string> permissions = {"metadata=read",      "contents=read",      "contents=write", "checks=read",
                                       "checks=write",       "statuses=read",      "statuses=write", "actions=read",
                                       "pull_requests=read", "administration=read"};
  /// Claims of the app's tokens that were exchanged, and what was asked for.
  std::vector<Json> exchanged;
  /// Seconds that an installation's token lives.
  int token_life = 3600;
  /// Tags whose names an immutable release had.
  std::set<std::string> burned;
  /// A ruleset that lets nobody make tags.
  bool tags_are_protected = false;
  bool branch_is_protected = true;
  bool has_tag_rules = true;
  std::vector<std::string> tag_rules = {"deletion", "update"};
  /// Patterns of that ruleset for tags.
  std::vector<std::string> tags_included = {"refs/tags/v*"};
  std::vector<std::string> tags_excluded;
  /// Rules of a ruleset that holds for every branch.
  std::vector<std::string> branch_rules = {"deletion", "non_fast_forward", "pull_request"};
  bool wants_code_owners = true;
  /// Who may pass it by, as JSON; empty: the token may not see them.
  std::string bypass_actors = R"([{"actor_id": 424242, "actor_type": "Integration", "bypass_mode": "always"}])";
  /// The protection of every branch that is older than rulesets, as JSON; empty: it has none.
  std::string branch_protection;
  /// What is wrong with the file of code owners, as JSON.
  std::string owner_errors = "[]";
  /// The forge lists checks as it likes: mostly the newest first.
  bool newest_first = true;
  /// Most items that a page has, whatever is asked for.
  std::size_t page = 100;
  bool moved = false;
  bool needs_token = true;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> parts;
    std::string query;
    Json body;
  };

  Answer answer(const Asked& asked);
  Answer serve(const Asked& asked);
  std::optional<Answer> authenticate(const Asked& asked, const std::string& path);
  Answer give_token(const Asked& asked, const std::string& path);
  std::optional<Answer> redirect(const Asked& asked, const std::string& path) const;
  Answer route(const Route& route);
  Answer git(const Route& route);
  Answer commits(const Route& route);
  Answer check_runs(const Route& route);
  Answer statuses(const Route& route);
  Answer pulls(const Route& route) const;
  Answer release(const Route& route);
  Answer protection(const Route& route) const;
  Answer rules(const Route& route) const;
  Answer rulesets(const Route& route) const;
  Answer make_release(const Json& wanted, std::int64_t number);
  Answer compare(const std::string& base, const std::string& head) const;
  Answer paged(const Route& route, const std::vector<Json>& items, const std::string& member) const;
  std::optional<Answer> refuse(const std::string& permission) const;
  bool is_ancestor(const std::string& left, const std::string& right) const;
  bool share_history(const std::string& left, const std::string& right) const;
  std::string peeled(const std::string& name) const;
  std::int64_t next_id() { return ++last_id_; }
  Json repository_json() const;
  std::vector<Json> checks_of(const Route& route, const std::string& sha) const;

  mutable std::recursive_mutex mutex_;
  std::int64_t last_id_ = 1000;
  /// What each installation's token may.
  std::map<std::string, std::set<std::string>> tokens_;
  /// Of the request that is answered.
  std::set<std::string> allowed_;
  int commits_made_ = 0;
  std::map<std::string, std::vector<std::string>> parents_;
  std::map<std::string, std::string> branches_;
  /// Name to the id of a commit or of a tag's object.
  std::map<std::string, std::string> tags_;
  std::map<std::string, Json> tag_objects_;
  std::vector<Json> checks_;
  std::vector<Json> runs_;
  std::vector<Json> statuses_;
  std::map<std::int64_t, Json> pulls_;
  std::map<std::int64_t, std::vector<Json>> reviews_;
  std::vector<Json> releases_;
  // Last: it begins to answer when it is made.
  LoopbackServer server_;
};

}  // namespace samebits::test
