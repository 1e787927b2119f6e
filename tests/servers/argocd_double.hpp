#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "servers/loopback_server.hpp"

namespace samebits::test {

/// One application as Argo CD would show it. Times are seconds after an epoch of the controller's own.
struct ArgoApp {
  std::string name = "api-preprod";
  std::string project = "default";
  std::string repository = "https://git.example.com/acme/gitops.git";
  std::string values_file = "values/preprod/api.yaml";
  /// Chart and values are two sources of it, the second of them the GitOps repository.
  bool two_sources = false;
  bool automatic = true;
  /// What it was compared with; empty: nothing yet.
  std::string compared = {};
  std::string sync = "Synced";
  std::string health = "Healthy";
  int health_since = 10;
  int reconciled = 100;
  std::vector<std::string> images = {};
  /// Of the last operation; empty: there was none.
  std::string phase = "Succeeded";
  std::string operation_revision = {};
  std::string operation_message = {};
  int finished = 10;
  int retries = 0;
  /// Asked for and not begun.
  bool requested = false;
  bool refreshing = false;
  bool deleting = false;
  /// Type and message.
  std::vector<std::pair<std::string, std::string>> conditions = {};
  /// Further members of `operationState.syncResult` and `status`, each with a comma before it.
  std::string more_result = {};
  std::string more_status = {};

  std::string json() const;
};

/// Argo CD's API in memory, with a state that tests move and faults that real ones do not show on demand.
class ArgoDouble {
 public:
  explicit ArgoDouble(const ServerTls* tls = nullptr);
  ~ArgoDouble();

  /// Makes or changes an application: streams are told.
  void set(const ArgoApp& app);
  void remove(const std::string& name);
  ArgoApp app(const std::string& name) const;
  /// Sends a state on the streams that are open, without that being the state.
  void tell(const ArgoApp& app);

  /// Called on each refresh and each sync, with the state, before it is answered.
  std::function<void(ArgoApp&)> on_refresh;
  std::function<void(ArgoApp&)> on_sync;
  /// Called first; an answer of its own goes out instead.
  std::function<std::optional<Answer>(const Asked&)> before;
  /// What must be sent; empty: nobody asks.
  std::string token = {};
  /// Streams end after so many events; -1: never.
  int events_per_stream = -1;
  /// Plain JSON lines even where server-sent events are asked for.
  bool plain_stream = false;
  /// Sent on the next stream after its first event: late ones.
  std::vector<ArgoApp> late_events = {};
  /// A sync window keeps everything from being applied.
  bool window = false;

  LoopbackServer& server() { return server_; }
  std::string url() const { return server_.origin(); }
  /// Requests whose `METHOD target` begins so.
  int count(const std::string& beginning) const;
  /// The body of the last sync.
  std::string last_sync() const;

 private:
  Answer answer(const Asked& asked);
  Answer serve(const Asked& asked);
  Answer read(const Asked& asked, const std::string& name);
  Answer sync(const Asked& asked, const std::string& name);
  Answer watch(const Asked& asked);
  void publish(const std::string& type, const ArgoApp& app);
  bool next_event(std::size_t& at, int& sent, const std::string& name, bool plain, std::string& chunk);

  mutable std::recursive_mutex mutex_;
  std::condition_variable_any changed_;
  bool stopping_ = false;
  std::map<std::string, ArgoApp> apps_;
  /// Name and event.
  std::vector<std::pair<std::string, std::string>> events_;
  std::string last_sync_;
  // Last: it begins to answer when it is made.
  LoopbackServer server_;
};

/// `{"error": ..., "code": ..., "message": ...}`, as grpc-gateway spells it.
Answer argo_error(int status, int code, const std::string& message);

}  // namespace samebits::test
