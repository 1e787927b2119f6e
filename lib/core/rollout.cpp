#include "core/rollout.hpp"

#include <algorithm>
#include <array>

#include "core/shortened.hpp"
#include "core/text.hpp"

namespace samebits {
namespace {

constexpr std::array<std::string_view, 17> state_names = {
    "missing",         "deleting",       "error",    "not_observed", "comparing",     "superseded",
    "other_operation", "retrying_older", "syncing",  "blocked",      "awaiting_sync", "failed",
    "settling",        "progressing",    "degraded", "suspended",    "healthy"};

std::string short_revision(const std::string& revision) { return printable(revision.substr(0, 12)); }

std::string said(std::string_view what, std::string_view text) {
  return text.empty() ? std::string(what) : fmt::format("{}: {}", what, printable_ends(text, 300));
}

std::string with_resource(std::string text, const ApplicationFacts& application) {
  if (application.failing.empty()) return text;
  const ResourceFact& first = application.failing.front();
  return said(fmt::format("{} ({} {} {})", text, printable(first.kind), printable(first.name), printable(first.status)),
              first.message);
}

const ApplicationCondition* find_error(const ApplicationFacts& application) {
  const auto is_error = [](const ApplicationCondition& condition) {
    return condition.type == "ComparisonError" || condition.type == "InvalidSpecError" ||
           condition.type == "UnknownError";
  };
  const auto found = std::find_if(application.conditions.begin(), application.conditions.end(), is_error);
  return found == application.conditions.end() ? nullptr : &*found;
}

bool is_running(const ApplicationFacts& application) {
  return application.requested ||
         (application.operation && (application.operation->phase == OperationPhase::running ||
                                    application.operation->phase == OperationPhase::terminating));
}

const std::vector<std::string>& running_revisions(const ApplicationFacts& application) {
  const bool only_asked = application.requested || !application.operation;
  return only_asked ? application.requested_revisions : application.operation->revisions;
}

/// Judges an application of which one source is the GitOps repository.
class Judge {
 public:
  Judge(const ApplicationFacts& application, std::size_t source, const RolloutWant& want, const Standings& standings)
      : application_(application), source_(source), want_(want), standings_(standings) {}

  RolloutVerdict verdict() const {
    const std::string compared = revision_at(application_.compared, source_);
    switch (standing(compared)) {
      case Standing::superseded:
        return {RolloutState::superseded,
                fmt::format("{} at {} is no longer what the values say", want_.tag, short_revision(compared))};
      case Standing::wanted:
        break;
      default:
        return not_seen(compared);
    }
    if (is_running(application_)) return running();
    if (application_.sync != SyncStatus::synced) return out_of_sync(compared);
    return applied();
  }

 private:
  Standing standing(const std::string& revision) const {
    const auto found = standings_.find(revision);
    return found == standings_.end() ? Standing::unknown : found->second;
  }

  RolloutVerdict not_seen(const std::string& compared) const {
    if (application_.refreshing) return {RolloutState::comparing, "the reconciler reads the repository"};
    if (compared.empty()) return {RolloutState::not_observed, "the reconciler has not compared anything yet"};
    if (standing(compared) == Standing::unknown)
      return {
          RolloutState::not_observed,
          fmt::format("it is compared with {}, which is no commit of the GitOps repository", short_revision(compared))};
    return {RolloutState::not_observed, fmt::format("it is still compared with {}", short_revision(compared))};
  }

  RolloutVerdict running() const {
    const std::string revision = revision_at(running_revisions(application_), source_);
    const Standing of = revision.empty() ? Standing::wanted : standing(revision);
    const int retries = application_.operation && !application_.requested ? application_.operation->retries : 0;
    if (of == Standing::wanted) return {RolloutState::syncing, syncing_text(retries)};
    if (application_.operation && of == Standing::before && retries > 0)
      return {RolloutState::retrying_older,
              said(fmt::format("a sync of {} is tried again and again ({} retries) and has to end first",
                               short_revision(revision), retries),
                   application_.operation->message)};
    return {RolloutState::other_operation, fmt::format("another operation runs, on {}", short_revision(revision))};
  }

  std::string syncing_text(int retries) const {
    if (application_.requested || !application_.operation) return "a sync was asked for";
    std::string text = "syncing";
    if (!application_.operation->step.empty()) text += ", " + printable(application_.operation->step);
    if (retries > 0) text += fmt::format(", retry {}", retries);
    return said(text, application_.operation->message);
  }

  RolloutVerdict out_of_sync(const std::string& compared) const {
    if (application_.sync == SyncStatus::unknown) return {RolloutState::comparing, "the live state is being compared"};
    const auto& operation = application_.operation;
    const bool has_failed =
        operation && (operation->phase == OperationPhase::failed || operation->phase == OperationPhase::error);
    if (has_failed && revision_at(operation->revisions, source_) == compared)
      return {RolloutState::failed, with_resource(said("the sync failed", operation->message), application_)};
    const bool is_applied = operation && operation->phase == OperationPhase::succeeded &&
                            revision_at(operation->revisions, source_) == compared;
    if (is_applied && !is_looked_at()) return not_looked_at();
    if (application_.blocked && application_.automatic)
      return {RolloutState::blocked, "a sync window keeps it from being applied now"};
    if (application_.automatic) return {RolloutState::syncing, "out of sync; it will be applied"};
    return {RolloutState::awaiting_sync, "out of sync, and the sync is manual: a person must ask for it"};
  }

  /// Since the last operation.
  bool is_looked_at() const {
    const auto& operation = application_.operation;
    if (!operation || !operation->finished) return true;
    return application_.reconciled && *application_.reconciled >= *operation->finished;
  }

  static RolloutVerdict not_looked_at() {
    return {RolloutState::settling, "applied; the live state was not looked at since"};
  }

  RolloutVerdict applied() const {
    if (!is_looked_at()) return not_looked_at();
    switch (application_.health) {
      case HealthStatus::healthy:
        return live();
      case HealthStatus::degraded:
        return {RolloutState::degraded, with_resource("the workloads are degraded", application_)};
      case HealthStatus::suspended:
        return {RolloutState::suspended, with_resource("the rollout is suspended", application_)};
      case HealthStatus::missing:
        return {RolloutState::progressing, with_resource("workloads are missing", application_)};
      case HealthStatus::unknown:
        return {RolloutState::progressing, with_resource("the health is not known", application_)};
      case HealthStatus::progressing:
        break;
    }
    return {RolloutState::progressing, with_resource("the workloads are being replaced", application_)};
  }

  RolloutVerdict live() const {
    const LiveImages images = live_images(application_, want_);
    if (images.wanted.empty())
      return {RolloutState::settling, images.others.empty() ? fmt::format("no live workload has an image {}", want_.tag)
                                                            : fmt::format("the live workloads have {}, not {}",
                                                                          printable(images.others.front()), want_.tag)};
    if (!images.others.empty())
      return {RolloutState::settling, fmt::format("old workloads with {} still run", printable(images.others.front()))};
    return {RolloutState::healthy, fmt::format("{} is live and healthy", want_.tag)};
  }

  const ApplicationFacts& application_;
  std::size_t source_;
  const RolloutWant& want_;
  const Standings& standings_;
};

/// Whether a live image is the wanted one, once its repository is.
bool is_wanted(const ImageRef& image, const RolloutWant& want) {
  const std::optional<Digest>& digest = image.digest();
  if (digest && want.digest && *digest != *want.digest) return false;
  if (image.tag().empty()) return digest && want.digest;
  return image.tag() == want.tag;
}

}  // namespace

std::string_view to_string(RolloutState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }

std::optional<RolloutState> rollout_state_from(std::string_view text) noexcept {
  const auto found = std::find(state_names.begin(), state_names.end(), text);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<RolloutState>(found - state_names.begin());
}

std::vector<std::string> revisions_to_know(const ApplicationFacts& application, std::size_t source) {
  std::vector<std::string> revisions;
  const auto add = [&](const std::vector<std::string>& list) {
    std::string revision = revision_at(list, source);
    if (!revision.empty() && std::find(revisions.begin(), revisions.end(), revision) == revisions.end())
      revisions.push_back(std::move(revision));
  };
  add(application.compared);
  if (is_running(application)) add(running_revisions(application));
  return revisions;
}

LiveImages live_images(const ApplicationFacts& application, const RolloutWant& want) {
  LiveImages images;
  const bool is_layout = want.image.is_layout();
  for (const std::string& text : application.images) {
    const auto image = ImageRef::parse(text);
    // An image layout is where tests keep images: a cluster names the same image otherwise.
    if (!image || (!is_layout && image->repo() != want.image)) continue;
    (is_wanted(*image, want) ? images.wanted : images.others).push_back(text);
  }
  if (is_layout && !images.wanted.empty()) images.others.clear();
  return images;
}

RolloutVerdict judge_rollout(const ApplicationFacts& application, std::optional<std::size_t> source,
                             const RolloutWant& want, const Standings& standings) {
  if (application.deleting) return {RolloutState::deleting, "the application is being deleted"};
  if (const ApplicationCondition* error = find_error(application))
    return {RolloutState::error, said(printable(error->type), error->message)};
  if (!source) return {RolloutState::not_observed, "no source of the application is the GitOps repository"};
  return Judge(application, *source, want, standings).verdict();
}

bool has_held(const ApplicationFacts& application, std::chrono::seconds hold) {
  const auto& operation = application.operation;
  std::optional<Time> since = application.health_since;
  if (operation && operation->finished && (!since || *since < *operation->finished)) since = operation->finished;
  return since && application.reconciled && *application.reconciled - *since >= hold;
}

}  // namespace samebits
