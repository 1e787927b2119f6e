#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

std::string to_text(const Status& status) {
  std::string out = cli::to_text(status.environments);
  for (const UnfinishedRelease& release : status.unfinished)
    out += fmt::format("unfinished: {} {} lacks {}; samebits release {} completes it\n", release.service,
                       release.version, fmt::join(release.missing, ", "), release.version);
  for (const std::string& line : status.drift) out += "drift: " + line + "\n";
  return out;
}

}  // namespace

void add_status(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("status", "what every environment runs");
  auto request = std::make_shared<StatusRequest>();
  command->add_flag("--exit-code", request->exit_code, "exit with 10 on drift or unfinished releases");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto status = client->promoter().status(*request);
      if (!status) return fail(session, status.error());
      std::cout << (session.json() ? to_json(*status) + "\n" : to_text(*status));
      return static_cast<int>(outcome_of(*status, *request));
    };
  });
}

}  // namespace samebits::cli
