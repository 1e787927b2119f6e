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
  auto exit_code = std::make_shared<bool>(false);
  command->add_flag("--exit-code", *exit_code, "exit with 10 on drift or unfinished releases");
  command->callback([&session, &run, exit_code] {
    run = [&session, exit_code] {
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto status = client->promoter().status();
      if (!status) return fail(session, status.error());
      std::cout << (session.json() ? to_json(*status) + "\n" : to_text(*status));
      return *exit_code && !(status->drift.empty() && status->unfinished.empty()) ? 10 : 0;
    };
  });
}

}  // namespace samebits::cli
