#include "output.hpp"

namespace samebits::cli {

void add_check(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("check", "find what is wrong with the pipeline before it matters");
  auto request = std::make_shared<CheckRequest>();
  command->add_flag("--all", request->all, "also read the registry and the sources");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto report = client->promoter().check(*request);
      if (!report) return fail(session, report.error());
      if (session.json()) {
        std::cout << to_json(*report) << '\n';
      } else {
        for (const Error& finding : report->findings) std::cout << finding << '\n';
        if (report->findings.empty() && !session.quiet()) std::cout << "check: no findings\n";
      }
      return static_cast<int>(outcome_of(*report));
    };
  });
}

}  // namespace samebits::cli
