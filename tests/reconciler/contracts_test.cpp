#include <fmt/format.h>

#include <samebits/bridge.hpp>
#include <samebits/client.hpp>

#include "contracts/application_json.hpp"
#include "contracts/reconciler_contract.hpp"
#include "json/json.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

/// A reconciler in memory, behind the questions that a port from outside is asked.
class MemoryReconciler {
 public:
  void set(const ArgoApp& app) { apps_[app.name] = app; }
  void set_on_refresh(const ArgoApp& app) { refreshed_ = app; }
  const std::string& last_sync() const { return last_sync_; }

  Result<PortReply> answer(const PortQuestion& question) {
    const Json asked = must(parse_json(question.json, "the question"));
    const std::string name = asked.text("name");
    CHECK(asked.text("port") == "reconciler");
    if (asked.text("op") == "request_sync") {
      if (apps_.at(name).phase == "Running")
        return Error{.code = ErrorCode::lost_race, .message = "another operation runs", .hint = "wait"};
      last_sync_ = question.json;
      return PortReply{};
    }
    if (asked.text("refresh") == "normal" && refreshed_) apps_[name] = *refreshed_;
    if (!apps_.contains(name)) return PortReply{};
    return PortReply{.json = fmt::format(R"({{"application":{}}})", write_json(application_json(apps_.at(name)))),
                     .bytes = {}};
  }

 private:
  std::map<std::string, ArgoApp> apps_;
  std::optional<ArgoApp> refreshed_;
  std::string last_sync_;
};

void run_on(ArgoDouble& twin) {
  Network network;
  ReconcilerContract(
      {.open = [&] { return must(open_argocd(twin.url(), network)); },
       .set = [&](const ArgoApp& app) { twin.set(app); },
       .set_on_refresh = [&](const ArgoApp& app) { twin.on_refresh = [app](ArgoApp& now) { now = app; }; },
       .last_sync = [&] { return twin.last_sync(); }})
      .run();
}

std::unique_ptr<Reconciler> from_outside(PortCall call) {
  ClientOptions options;
  must(set_port(options, "reconciler", std::move(call)));
  return options.ports.reconciler("https://argocd.example.com");
}

}  // namespace

TEST_CASE("the adapter of Argo CD keeps the contract of a reconciler") {
  ArgoDouble twin;
  run_on(twin);
}

TEST_CASE("with plain lines of JSON it keeps it too") {
  ArgoDouble twin;
  twin.plain_stream = true;
  run_on(twin);
}

TEST_CASE("a port from outside keeps the contract of a reconciler") {
  MemoryReconciler memory;
  const PortCall call = [&](Context& context, const PortQuestion& question) -> Result<PortReply> {
    if (auto good = context.check(); !good) return good.error();
    return memory.answer(question);
  };
  ReconcilerContract({.open = [&] { return from_outside(call); },
                      .set = [&](const ArgoApp& app) { memory.set(app); },
                      .set_on_refresh = [&](const ArgoApp& app) { memory.set_on_refresh(app); },
                      .last_sync = [&] { return memory.last_sync(); }})
      .run();
}

TEST_CASE("a port from outside that answers wrongly is a bad answer") {
  Context context;
  for (const std::string answer :
       {R"({"application": {}})", R"({"application": {"name": "other", "sync": "Synced", "health": "Healthy"}})",
        R"({"application": {"name": "api", "sync": "synced", "health": "Healthy"}})",
        R"({"application": {"name": "api", "sync": "Synced", "health": "Healthy", "reconciledAt": "now"}})", "[]"}) {
    CAPTURE(answer);
    const auto reconciler = from_outside([&](Context&, const PortQuestion&) { return PortReply{.json = answer}; });
    CHECK(code_of(reconciler->application(context, "api", Refresh::none)) == "bad_answer");
  }
}
