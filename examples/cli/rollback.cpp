#include "output.hpp"

namespace samebits::cli {

void add_rollback(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("rollback", "take a group or environment back to a tag that it ran");
  auto request = std::make_shared<RollbackRequest>();
  command->add_option("target", request->target, "lockstep group, or an environment in no group")->required();
  command->add_option("--to", request->to, "the tag to go to")->type_name("TAG")->required();
  command->callback([&session, &run, request] {
    run = [&session, request] {
      request->services = session.services();
      return act_or_plan(session, *request, &Promoter::rollback);
    };
  });
}

}  // namespace samebits::cli
