#include "output.hpp"

namespace samebits::cli {

void add_promote(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("promote", "promote the snapshot of a commit into an environment");
  auto request = std::make_shared<PromoteRequest>();
  command->add_option("environment", request->environment, "environment or lockstep group, such as preprod")
      ->required();
  command->add_option("--sha", request->sha, "full commit id")->required();
  command->add_flag("--adopt", request->adopt, "also over a value that is no tag of the track");
  command->add_flag("--wait", request->wait, "then wait until the reconciler runs it (see samebits wait)");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      request->services = session.services();
      return act_or_plan(session, *request, &Promoter::promote);
    };
  });
}

}  // namespace samebits::cli
