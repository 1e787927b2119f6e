#pragma once

#include <span>
#include <vector>

#include <samebits/reports.hpp>
#include <samebits/requests.hpp>

#include "promotion/session.hpp"

namespace samebits {

// What is read and never written. Errors: of the ports, and for names that the pipeline does not have.
Result<GateReport> show_gates(Session& session, const GateShowRequest& request);
Result<Environments> list_previews(Session& session, const PreviewListRequest& request);
Result<Status> read_status(Session& session, const StatusRequest& request);
Result<History> read_history(Session& session, const HistoryRequest& request);
Result<Trace> trace_reference(Session& session, const TraceRequest& request);
Result<Report> examine_pipeline(Session& session, const DoctorRequest& request);
Result<Report> check_pipeline(Session& session, const CheckRequest& request);

/// Says at once that the states of these will be read.
Result<void> prefetch_states(Session& session, std::span<const TargetRule> rules);
/// What one target runs, from its values and its record. Errors: of the ports, and with a place for broken files.
Result<EnvironmentState> read_state(Session& session, const TargetRule& rule);
/// The states of some targets, in their order.
struct States {
  std::vector<EnvironmentState> environments = {};
  /// For people: those whose files cannot be read, and why. Of their states only the place is known.
  std::vector<std::string> broken = {};
};

/// Whether it is a file of the repository that is wrong: others can be read all the same.
bool is_of_a_file(const Error& error);
/// The same of many, whose files are asked for at once. Where they are more than a few, `gitops` is told of those alone
/// that the newest commits promoted.
Result<States> read_states(Session& session, std::span<const TargetRule> rules);
/// The previews that exist at the tip, by the files in the folder of their pattern: those of one service, or of all
/// where `service` is empty. Errors: bad_request for an unknown service.
Result<std::vector<TargetRule>> find_previews(Session& session, const std::string& service = {});
/// Every target that exists, of one service or of all: lasting environments, then previews. Errors: as `find_previews`.
Result<std::vector<TargetRule>> all_targets(Session& session, const std::string& service = {});

}  // namespace samebits
