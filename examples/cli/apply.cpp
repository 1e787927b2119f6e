#include "output.hpp"

namespace samebits::cli {

void add_apply(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("apply", "carry out a plan, if the world still gives the same one");
  auto file = std::make_shared<std::string>();
  command->add_option("plan", *file, "file made by --dry-run --output json; - is standard input")->required();
  command->footer("Example:\n  samebits release 1.4.0 --dry-run --output json > plan.json\n  samebits apply plan.json");
  command->callback([&session, &run, file] {
    run = [&session, file] {
      const auto plan = read_input(*file);
      if (!plan) return fail(session, plan.error());
      return act_or_plan(session, ApplyRequest{.plan = *plan}, &Promoter::apply);
    };
  });
}

}  // namespace samebits::cli
