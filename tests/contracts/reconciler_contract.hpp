#pragma once

#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <samebits/reconciler.hpp>

#include "servers/argocd_double.hpp"
#include "support/must.hpp"

namespace samebits::test {

/// A reconciler that knows no application at first.
struct ReconcilerPlace {
  std::function<std::unique_ptr<Reconciler>()> open;
  /// Makes or changes an application.
  std::function<void(const ArgoApp&)> set;
  /// Makes the next refresh bring this.
  std::function<void(const ArgoApp&)> set_on_refresh;
  /// Revisions and promotion id of the last sync that was asked for, as text.
  std::function<std::string()> last_sync;
};

/// What every `Reconciler` must do.
class ReconcilerContract {
 public:
  explicit ReconcilerContract(ReconcilerPlace place) : place_(std::move(place)), reconciler_(place_.open()) {}

  void run() {
    SUBCASE("what is not there is nothing") nothing();
    SUBCASE("an application comes with its facts") facts();
    SUBCASE("a refresh brings what is new") refresh();
    SUBCASE("a watch begins with the present state, and ends when told to") watch();
    SUBCASE("a sync is asked for with its revisions and the promotion") sync();
    SUBCASE("while another operation runs a sync is a lost race") busy();
    SUBCASE("a fired token ends every call") cancelled();
  }

 private:
  static ArgoApp app() {
    return {.compared = std::string(40, 'a'),
            .images = {"ghcr.io/acme/api:main-1"},
            .operation_revision = std::string(40, 'a')};
  }

  ApplicationFacts read(Refresh refresh = Refresh::none) {
    auto found = must(reconciler_->application(context_, name_, refresh));
    REQUIRE(found);
    return *std::move(found);
  }

  void nothing() { CHECK_FALSE(must(reconciler_->application(context_, "absent", Refresh::none))); }

  void facts() {
    ArgoApp given = app();
    given.health = "Degraded";
    given.sync = "OutOfSync";
    given.automatic = false;
    given.phase = "Failed";
    given.operation_message = "no";
    given.conditions = {{"ComparisonError", "bad chart"}};
    place_.set(given);
    const ApplicationFacts facts = read();
    CHECK(facts.name == name_);
    CHECK(facts.sources.size() == 1);
    CHECK(facts.sources.front().repository == given.repository);
    CHECK(facts.compared == std::vector<std::string>{std::string(40, 'a')});
    CHECK(facts.sync == SyncStatus::out_of_sync);
    CHECK(facts.health == HealthStatus::degraded);
    CHECK_FALSE(facts.automatic);
    CHECK(facts.images == given.images);
    CHECK(facts.conditions == std::vector<ApplicationCondition>{{"ComparisonError", "bad chart"}});
    REQUIRE(facts.operation);
    CHECK(facts.operation->phase == OperationPhase::failed);
    CHECK(facts.operation->message == "no");
    CHECK(facts.operation->revisions == std::vector<std::string>{std::string(40, 'a')});
    REQUIRE(facts.reconciled);
    CHECK(*facts.reconciled > *facts.operation->finished);
  }

  void refresh() {
    place_.set(app());
    ArgoApp next = app();
    next.compared = std::string(40, 'b');
    place_.set_on_refresh(next);
    CHECK(read().compared.front() == std::string(40, 'a'));
    CHECK(read(Refresh::normal).compared.front() == std::string(40, 'b'));
  }

  void watch() {
    place_.set(app());
    int seen = 0;
    must(reconciler_->watch(context_, name_, [&](const std::optional<ApplicationFacts>& facts) {
      ++seen;
      CHECK(facts->compared.front() == std::string(40, 'a'));
      return false;
    }));
    CHECK(seen == 1);
  }

  void sync() {
    place_.set(app());
    must(reconciler_->request_sync(context_, name_,
                                   {.revisions = {std::string(40, 'b')}, .promotion_id = std::string(64, 'f')}));
    CHECK(place_.last_sync().find(std::string(40, 'b')) != std::string::npos);
    CHECK(place_.last_sync().find(std::string(64, 'f')) != std::string::npos);
  }

  void busy() {
    ArgoApp given = app();
    given.phase = "Running";
    place_.set(given);
    CHECK(code_of(reconciler_->request_sync(context_, name_, {.revisions = {std::string(40, 'b')}})) == "lost_race");
  }

  void cancelled() {
    place_.set(app());
    CancelToken token;
    token.fire();
    context_.cancel = &token;
    CHECK(code_of(reconciler_->application(context_, name_, Refresh::none)) == "cancelled");
    CHECK(code_of(reconciler_->watch(context_, name_, [](const auto&) { return true; })) == "cancelled");
    CHECK(code_of(reconciler_->request_sync(context_, name_, {})) == "cancelled");
  }

  ReconcilerPlace place_;
  std::unique_ptr<Reconciler> reconciler_;
  Context context_{.deadline = Context::Clock::now() + std::chrono::seconds(60)};
  const std::string name_ = "api-preprod";
};

}  // namespace samebits::test
